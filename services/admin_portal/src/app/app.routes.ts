import type { Routes } from '@angular/router';
import { signedIn } from './core/session';
import { guardUnsaved } from './ui/unsaved';

export const routes: Routes = [
  { path: 'login', title: 'Sign in', loadComponent: () => import('./pages/login/login-page').then((m) => m.LoginPage) },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'today' },
      { path: 'daily-schedules', title: 'Daily schedules', loadComponent: () => import('./pages/daily-schedules/daily-schedule-list').then((m) => m.DailyScheduleList) },
      { path: 'daily-schedules/new', title: 'New daily schedule', canDeactivate: [guardUnsaved], loadComponent: () => import('./pages/daily-schedules/daily-schedule-page').then((m) => m.DailySchedulePage) },
      { path: 'daily-schedules/:id', title: 'Daily schedule', canDeactivate: [guardUnsaved], loadComponent: () => import('./pages/daily-schedules/daily-schedule-page').then((m) => m.DailySchedulePage) },
    ],
  },
];
