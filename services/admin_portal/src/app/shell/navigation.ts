import {
  mdiAccountGroupOutline,
  mdiAccountRemoveOutline,
  mdiBullhornOutline,
  mdiCalendarClockOutline,
  mdiCalendarTodayOutline,
  mdiCalendarWeekOutline,
  mdiChartBoxOutline,
  mdiClipboardTextClockOutline,
  mdiCogOutline,
  mdiHeadset,
  mdiKeyOutline,
  mdiPhoneCancelOutline,
  mdiPhoneReturnOutline,
  mdiProgressClock,
  mdiServerNetworkOutline,
  mdiViewDashboardOutline,
} from '@mdi/js';
import type { Role } from '../core/roles';

export interface Destination {
  readonly path: string;
  readonly label: string;
  readonly icon: string;
  readonly needs?: Role;
}

export const NAVIGATION: readonly { readonly group: string; readonly links: readonly Destination[] }[] = [
  {
    group: 'Operate',
    links: [
      { path: '/today', label: 'Today', icon: mdiViewDashboardOutline },
      { path: '/callbacks', label: 'Callbacks', icon: mdiPhoneReturnOutline },
      { path: '/reports', label: 'Reports', icon: mdiChartBoxOutline },
      { path: '/jobs', label: 'Jobs', icon: mdiProgressClock, needs: 'operator' },
    ],
  },
  {
    group: 'Plan',
    links: [
      { path: '/daily-schedules', label: 'Daily schedules', icon: mdiCalendarTodayOutline },
      { path: '/weekly-schedules', label: 'Weekly schedules', icon: mdiCalendarWeekOutline },
      { path: '/skill-schedules', label: 'Skill schedules', icon: mdiCalendarClockOutline },
      { path: '/skills', label: 'Skills', icon: mdiHeadset },
      { path: '/campaigns', label: 'Campaigns', icon: mdiBullhornOutline },
      { path: '/do-not-call', label: 'Do not call', icon: mdiPhoneCancelOutline },
    ],
  },
  {
    group: 'Administer',
    links: [
      { path: '/users', label: 'Users', icon: mdiAccountGroupOutline, needs: 'administrator' },
      { path: '/api-clients', label: 'API clients', icon: mdiKeyOutline, needs: 'administrator' },
      { path: '/erasures', label: 'Erasures', icon: mdiAccountRemoveOutline, needs: 'administrator' },
      { path: '/settings', label: 'Settings', icon: mdiCogOutline },
      { path: '/audit-log', label: 'Audit log', icon: mdiClipboardTextClockOutline, needs: 'supervisor' },
      { path: '/system', label: 'System', icon: mdiServerNetworkOutline },
    ],
  },
];
