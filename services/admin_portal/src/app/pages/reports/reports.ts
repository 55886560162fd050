import type { paths } from '../../core/schema';

type Path = Extract<keyof paths, `/admin/api/v1/reports/${string}`>;

export interface Column {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'number' | 'instant' | 'status' | 'callback' | 'code';
}

export interface Report {
  readonly name: string;
  readonly path: Path;
  readonly heading: string;
  readonly lead: string;
  readonly columns: readonly Column[];
}

const SKILL: Column = { name: 'skill', label: 'Skill' };
const CAMPAIGN: Column = { name: 'campaign', label: 'Campaign' };
const INTERVAL: Column = { name: 'intervalStart', label: 'Half hour', kind: 'instant' };
const ZONE: Column = { name: 'timeZone', label: 'Zone' };
const numbers = (...pairs: readonly (readonly [string, string])[]): Column[] =>
  pairs.map(([name, label]) => ({ name, label, kind: 'number' }));

export const REPORTS: readonly Report[] = [
  {
    name: 'requests',
    path: '/admin/api/v1/reports/requests',
    heading: 'Requests',
    lead: 'What callers asked for, and how it ended: offered, refused and why, scheduled.',
    columns: [
      INTERVAL,
      ZONE,
      SKILL,
      CAMPAIGN,
      { name: 'source', label: 'Source' },
      { name: 'category', label: 'Category', kind: 'code' },
      { name: 'outcome', label: 'Outcome', kind: 'code' },
      ...numbers(['requests', 'Requests'], ['offered', 'Slots offered']),
    ],
  },
  {
    name: 'scheduled',
    path: '/admin/api/v1/reports/scheduled',
    heading: 'Scheduled',
    lead: 'The slots with their places, what is booked, and what became of it.',
    columns: [
      INTERVAL,
      ZONE,
      SKILL,
      CAMPAIGN,
      ...numbers(
        ['capacity', 'Places'],
        ['booked', 'Booked'],
        ['scheduled', 'Scheduled'],
        ['inProgress', 'At UCCE'],
        ['completed', 'Completed'],
        ['failed', 'Failed'],
        ['expired', 'Expired'],
        ['cancelled', 'Cancelled'],
      ),
    ],
  },
  {
    name: 'made',
    path: '/admin/api/v1/reports/made',
    heading: 'Made',
    lead: 'Every call that was dialled, first ones and retries, and how long after its own time.',
    columns: [
      { name: 'dueAt', label: 'Due', kind: 'instant' },
      ZONE,
      { name: 'accountNumber', label: 'Callback', kind: 'callback' },
      ...numbers(['attempt', 'Attempt']),
      SKILL,
      CAMPAIGN,
      { name: 'phone', label: 'Phone' },
      { name: 'dialedAt', label: 'Dialled', kind: 'instant' },
      ...numbers(['secondsToDial', 'Seconds late']),
      { name: 'outcome', label: 'Result', kind: 'code' },
      ...numbers(['callsMade', 'Calls']),
    ],
  },
  {
    name: 'results',
    path: '/admin/api/v1/reports/results',
    heading: 'Results',
    lead: 'How callbacks ended, counted by result.',
    columns: [
      INTERVAL,
      ZONE,
      SKILL,
      CAMPAIGN,
      { name: 'status', label: 'State', kind: 'status' },
      { name: 'outcome', label: 'Result', kind: 'code' },
      { name: 'agentOutcome', label: 'Personal', kind: 'code' },
      ...numbers(['callbacks', 'Callbacks'], ['attempts', 'Attempts']),
    ],
  },
  {
    name: 'realtime',
    path: '/admin/api/v1/reports/realtime',
    heading: 'Open now',
    lead: 'Every callback that is waiting or at UCCE.',
    columns: [
      { name: 'startAt', label: 'Start', kind: 'instant' },
      ZONE,
      { name: 'accountNumber', label: 'Callback', kind: 'callback' },
      { name: 'status', label: 'State', kind: 'status' },
      SKILL,
      CAMPAIGN,
      { name: 'phone', label: 'Phone' },
      ...numbers(['attempts', 'Attempts']),
      { name: 'source', label: 'Source' },
    ],
  },
];
