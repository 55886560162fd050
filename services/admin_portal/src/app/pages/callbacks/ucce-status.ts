import type { Schemas } from '../../core/api';
import { wallMoment } from '../../core/date-time';

type CallbackAtUcce = Pick<Schemas['CallbackDetail'], 'status'> & {
  readonly attemptList: readonly Pick<Schemas['Attempt'], 'callStatus' | 'finishedAt' | 'importedAt'>[];
};

/** Since when UCCE has a callback, and the status of its contact in UCCE's spelling; empty when UCCE does not have it. */
export function ucceStatus({ status, attemptList }: CallbackAtUcce): string {
  const open = attemptList.find(({ finishedAt }) => !finishedAt);
  if (status !== 'imported' || !open?.importedAt) return '';
  return `since ${wallMoment(open.importedAt)}, ${open.callStatus ? `status ${open.callStatus}` : 'not listed yet'}`;
}
