import type { Schemas } from '../../core/api';

/** A number of callbacks on the page Today, and the list behind it. */
export interface Tile {
  readonly label: string;
  readonly value: number;
  readonly note: string;
  readonly query: Readonly<Record<string, string>>;
  readonly tone: '' | 'good' | 'bad';
}

export function tiles({
  at,
  open,
  today,
  overdue,
  withoutResult,
}: Pick<Schemas['Live'], 'at' | 'open' | 'today' | 'overdue' | 'withoutResult'>): readonly Tile[] {
  return [
    {
      label: 'Waiting',
      value: open.scheduled,
      note: `${today.scheduled} of them for today`,
      query: { status: 'scheduled', sort: 'start' },
      tone: '',
    },
    {
      label: 'Overdue',
      value: overdue,
      note: overdue ? 'should be at UCCE already' : 'nothing is late',
      query: { status: 'scheduled', to: at, sort: 'start' },
      tone: overdue ? 'bad' : '',
    },
    {
      label: 'At UCCE',
      value: open.importing + open.imported,
      note: open.importing ? `${open.importing} on their way` : 'waiting for results',
      query: { status: 'importing,imported' },
      tone: '',
    },
    {
      label: 'No result',
      value: withoutResult,
      note: withoutResult ? 'long at UCCE: are they dialled?' : 'none is long at UCCE',
      query: { noResult: 'yes', sort: 'start' },
      tone: withoutResult ? 'bad' : '',
    },
    {
      label: 'Completed today',
      value: today.completed,
      note: 'talked to the customer',
      query: { status: 'completed', from: 'today', to: 'today' },
      tone: 'good',
    },
    {
      label: 'Failed today',
      value: today.failed + today.expired,
      note: today.expired ? `${today.expired} of them expired` : 'refused or not reached',
      query: { status: 'failed,expired', from: 'today', to: 'today' },
      tone: today.failed + today.expired ? 'bad' : '',
    },
  ];
}
