import type { Schemas } from './api';

export type Job = Schemas['Job'];
export type JobDetail = Schemas['JobDetail'];

const KINDS: Record<string, string | undefined> = {
  do_not_call_import: 'Import of do-not-call numbers',
  bulk_cancel: 'Cancelling callbacks',
  bulk_restore: 'Restoring callbacks',
};

const COUNTS: Record<string, string | undefined> = {
  added: 'added',
  updated: 'with another note',
  unchanged: 'known already',
  failed: 'lines that are no number',
  callbacksCancelled: 'waiting callbacks cancelled',
  cancelled: 'cancelled',
  notCancelled: 'not cancelled',
  restored: 'restored',
  notRestored: 'not restored',
};

/** The kind of a job in the words of people; one that this version does not know stays as it is. */
export function jobLabel({ kind, dryRun }: Pick<Job, 'kind' | 'dryRun'>): string {
  return `${KINDS[kind] ?? kind}${dryRun ? ' (check only)' : ''}`;
}

/** `3 added, 1 with another note`; what is zero is left out. */
export function countsLabel(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([name, count]) => `${count} ${COUNTS[name] ?? name}`).join(', ') || 'nothing yet';
}

/** Whether a job goes on no more by itself. */
export function hasEnded({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

/** How much of a job is done, in per cent. */
export function percentDone({ done, total }: Pick<Job, 'done' | 'total'>): number {
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}
