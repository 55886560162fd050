import type { Routes } from '@angular/router';
import { authGuard } from './core/session';
import { unsavedChangesGuard } from './ui/unsaved-changes';

const canDeactivate = [unsavedChangesGuard];

export const routes: Routes = [
  { path: 'login', title: 'Sign in', loadComponent: () => import('./pages/login/login-page').then((m) => m.LoginPage) },
  {
    path: '',
    canActivate: [authGuard],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'today' },
      {
        path: 'today',
        title: 'Today',
        loadComponent: () => import('./pages/today/today-page').then((m) => m.TodayPage),
      },
      {
        path: 'callbacks',
        children: [
          {
            path: '',
            title: 'Callbacks',
            loadComponent: () => import('./pages/callbacks/callback-list').then((m) => m.CallbackList),
          },
          {
            path: ':accountNumber',
            title: 'Callback',
            loadComponent: () => import('./pages/callbacks/callback-page').then((m) => m.CallbackPage),
          },
        ],
      },
      {
        path: 'daily-schedules',
        children: [
          {
            path: '',
            title: 'Daily schedules',
            loadComponent: () => import('./pages/daily-schedules/daily-schedule-list').then((m) => m.DailyScheduleList),
          },
          {
            path: 'new',
            title: 'New daily schedule',
            canDeactivate,
            loadComponent: () => import('./pages/daily-schedules/daily-schedule-page').then((m) => m.DailySchedulePage),
          },
          {
            path: ':id',
            title: 'Daily schedule',
            canDeactivate,
            loadComponent: () => import('./pages/daily-schedules/daily-schedule-page').then((m) => m.DailySchedulePage),
          },
        ],
      },
      {
        path: 'weekly-schedules',
        children: [
          {
            path: '',
            title: 'Weekly schedules',
            loadComponent: () =>
              import('./pages/weekly-schedules/weekly-schedule-list').then((m) => m.WeeklyScheduleList),
          },
          {
            path: 'new',
            title: 'New weekly schedule',
            canDeactivate,
            loadComponent: () =>
              import('./pages/weekly-schedules/weekly-schedule-page').then((m) => m.WeeklySchedulePage),
          },
          {
            path: ':id',
            title: 'Weekly schedule',
            canDeactivate,
            loadComponent: () =>
              import('./pages/weekly-schedules/weekly-schedule-page').then((m) => m.WeeklySchedulePage),
          },
        ],
      },
      {
        path: 'skill-schedules',
        children: [
          {
            path: '',
            title: 'Skill schedules',
            loadComponent: () => import('./pages/skill-schedules/skill-schedule-list').then((m) => m.SkillScheduleList),
          },
          {
            path: 'new',
            title: 'New skill schedule',
            canDeactivate,
            loadComponent: () => import('./pages/skill-schedules/skill-schedule-page').then((m) => m.SkillSchedulePage),
          },
          {
            path: ':id',
            title: 'Skill schedule',
            canDeactivate,
            loadComponent: () => import('./pages/skill-schedules/skill-schedule-page').then((m) => m.SkillSchedulePage),
          },
        ],
      },
      {
        path: 'skills',
        children: [
          {
            path: '',
            title: 'Skills',
            loadComponent: () => import('./pages/skills/skill-list').then((m) => m.SkillList),
          },
          {
            path: 'new',
            title: 'New skill',
            canDeactivate,
            loadComponent: () => import('./pages/skills/skill-page').then((m) => m.SkillPage),
          },
          {
            path: ':id',
            title: 'Skill',
            canDeactivate,
            loadComponent: () => import('./pages/skills/skill-page').then((m) => m.SkillPage),
          },
        ],
      },
      {
        path: 'campaigns',
        children: [
          {
            path: '',
            title: 'Campaigns',
            loadComponent: () => import('./pages/campaigns/campaign-list').then((m) => m.CampaignList),
          },
          {
            path: 'new',
            title: 'New campaign',
            canDeactivate,
            loadComponent: () => import('./pages/campaigns/campaign-page').then((m) => m.CampaignPage),
          },
          {
            path: ':id',
            title: 'Campaign',
            canDeactivate,
            loadComponent: () => import('./pages/campaigns/campaign-page').then((m) => m.CampaignPage),
          },
        ],
      },
      {
        path: 'users',
        children: [
          { path: '', title: 'Users', loadComponent: () => import('./pages/users/user-list').then((m) => m.UserList) },
          {
            path: 'new',
            title: 'New user',
            canDeactivate,
            loadComponent: () => import('./pages/users/user-page').then((m) => m.UserPage),
          },
          {
            path: ':id',
            title: 'User',
            canDeactivate,
            loadComponent: () => import('./pages/users/user-page').then((m) => m.UserPage),
          },
        ],
      },
      {
        path: 'api-clients',
        children: [
          {
            path: '',
            title: 'API clients',
            loadComponent: () => import('./pages/api-clients/api-client-list').then((m) => m.ApiClientList),
          },
          {
            path: 'new',
            title: 'New API client',
            canDeactivate,
            loadComponent: () => import('./pages/api-clients/api-client-page').then((m) => m.ApiClientPage),
          },
          {
            path: ':id',
            title: 'API client',
            canDeactivate,
            loadComponent: () => import('./pages/api-clients/api-client-page').then((m) => m.ApiClientPage),
          },
        ],
      },
      {
        path: 'password',
        title: 'Change password',
        loadComponent: () => import('./pages/login/password-page').then((m) => m.PasswordPage),
      },
      {
        path: 'second-factor',
        title: 'Second factor',
        loadComponent: () => import('./pages/login/mfa-page').then((m) => m.MfaPage),
      },
      {
        path: 'sessions',
        title: 'Where you are signed in',
        loadComponent: () => import('./pages/login/sessions-page').then((m) => m.SessionsPage),
      },
      {
        path: 'do-not-call',
        title: 'Do not call',
        loadComponent: () => import('./pages/do-not-call/do-not-call-page').then((m) => m.DoNotCallPage),
      },
      {
        path: 'erasures',
        title: 'Erasures',
        loadComponent: () => import('./pages/erasures/erasures-page').then((m) => m.ErasuresPage),
      },
      {
        path: 'jobs',
        children: [
          { path: '', title: 'Jobs', loadComponent: () => import('./pages/jobs/job-list').then((m) => m.JobList) },
          { path: ':id', title: 'Job', loadComponent: () => import('./pages/jobs/job-page').then((m) => m.JobPage) },
        ],
      },
      {
        path: 'settings',
        title: 'Settings',
        canDeactivate,
        loadComponent: () => import('./pages/settings/settings-page').then((m) => m.SettingsPage),
      },
      {
        path: 'audit-log',
        title: 'Audit log',
        loadComponent: () => import('./pages/audit-log/audit-log-page').then((m) => m.AuditLogPage),
      },
      {
        path: 'system',
        title: 'System',
        loadComponent: () => import('./pages/system/system-page').then((m) => m.SystemPage),
      },
      { path: 'reports', pathMatch: 'full', redirectTo: 'reports/requests' },
      {
        path: 'reports/:name',
        title: 'Reports',
        loadComponent: () => import('./pages/reports/report-page').then((m) => m.ReportPage),
      },
      {
        path: '**',
        title: 'Not found',
        loadComponent: () => import('./pages/not-found/not-found-page').then((m) => m.NotFoundPage),
      },
    ],
  },
];
