import type { Schemas } from '../../core/api';
import { wallMoment } from '../../core/zone';

type Held = Pick<Schemas['CallbackDetail'], 'status'> & {
  readonly attemptList: readonly Pick<Schemas['Attempt'], 'callStatus' | 'finishedAt' | 'importedAt'>[];
};

/** Since when UCCE has a callback, and the status of its contact as UCCE spells it; empty when UCCE has it not. */
export function heldBy({ status, attemptList }: Held): string {
  const open = attemptList.find(({ finishedAt }) => !finishedAt);
  if (status !== 'imported' || !open?.importedAt) return '';
  return `since ${wallMoment(open.importedAt)}, ${open.callStatus ? `status ${open.callStatus}` : 'not listed yet'}`;
}
