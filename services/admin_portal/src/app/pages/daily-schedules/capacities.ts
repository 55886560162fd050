// The capacities of a day's 48 half hours, and the edits of the grid as pure functions.

export const HALF_HOURS = 48;
export const MAX_CAPACITY = 9999;

export type Capacities = readonly number[];

/** A range of half hours: both ends are included, in either order; `focus` is the end that the keys move. */
export interface Selection {
  readonly anchor: number;
  readonly focus: number;
}

export const CLOSED_DAY: Capacities = new Array<number>(HALF_HOURS).fill(0);

/** 19 → `09:30`; 48 → `24:00`. */
export function clock(halfHour: number): string {
  return `${String(halfHour >> 1).padStart(2, '0')}:${halfHour % 2 ? '30' : '00'}`;
}

export function range({ anchor, focus }: Selection): { first: number; last: number } {
  return { first: Math.min(anchor, focus), last: Math.max(anchor, focus) };
}

export function total(capacities: Capacities): number {
  return capacities.reduce((sum, capacity) => sum + capacity, 0);
}

export function fill(capacities: Capacities, selection: Selection, value: number): Capacities {
  const { first, last } = range(selection);
  return capacities.map((capacity, at) => (at >= first && at <= last ? clamp(value) : capacity));
}

export function add(capacities: Capacities, selection: Selection, difference: number): Capacities {
  const { first, last } = range(selection);
  return capacities.map((capacity, at) => (at >= first && at <= last ? clamp(capacity + difference) : capacity));
}

/** The selection as a column of a spreadsheet: one number per line. */
export function copy(capacities: Capacities, selection: Selection): string {
  const { first, last } = range(selection);
  return capacities.slice(first, last + 1).join('\n');
}

/** Writes the numbers of the clipboard from the start of the selection; one number fills the whole selection. */
export function paste(capacities: Capacities, selection: Selection, text: string): Capacities {
  const parts = text.trim().split(/[\s,;]+/);
  if (!parts.every((part) => /^\d+$/.test(part))) return capacities;
  const values = parts.map((part) => clamp(Number(part)));
  if (values.length === 1) return fill(capacities, selection, values[0] ?? 0);
  const { first } = range(selection);
  return capacities.map((capacity, at) => values[at - first] ?? capacity);
}

/** The half hour that a key moves to; the grid has columns of `rows` cells, read downwards. Undefined: not such a key. */
export function moveFocus(from: number, key: string, rows: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    ArrowRight: rows,
    ArrowLeft: -rows,
    Home: -from,
    End: HALF_HOURS - 1 - from,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const to = from + step;
  return to < 0 || to >= HALF_HOURS ? from : to;
}

/** The number after one more typed digit; when it would be too large, the digit starts a new number. */
export function appendDigit(typed: string, digit: string): string {
  const next = `${typed}${digit}`.replace(/^0+(?=\d)/, '');
  return Number(next) > MAX_CAPACITY ? digit : next;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(MAX_CAPACITY, Math.round(value)));
}

/** The times with capacity: `09:00–12:00, 13:00–17:00`. */
export function openTimes(capacities: Capacities): string {
  const parts: string[] = [];
  for (let at = 0; at < HALF_HOURS; at++) {
    if (!capacities[at]) continue;
    const first = at;
    while (at < HALF_HOURS && capacities[at]) at++;
    parts.push(`${clock(first)}–${clock(at)}`);
  }
  return parts.join(', ');
}
