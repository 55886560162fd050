// Instants as agents read them: in the pool's zone, and in the customer's.

const NEAR_DAYS = 6; // up to here a weekday alone names a day

export interface Locale {
  readonly tag: string;
  readonly now: () => Date;
}

/** `14:30`, or `2:30 PM` where people write so. */
export function clock(instant: string, zone: string, { tag }: Locale): string {
  return format(instant, tag, zone, { hour: '2-digit', minute: '2-digit' });
}

/** `Tue 14:30`; with the date when a weekday alone would not tell: `Tue, Dec 1, 14:30`. */
export function short(instant: string, zone: string, locale: Locale): string {
  const near = new Date(instant).getTime() - locale.now().getTime() < NEAR_DAYS * 86_400_000;
  const weekday = format(instant, locale.tag, zone, { weekday: 'short' });
  const date = near ? '' : `, ${format(instant, locale.tag, zone, { day: 'numeric', month: 'short' })},`;
  return `${weekday}${date} ${clock(instant, zone, locale)}`;
}

/** `Tuesday, December 1, 14:30`: to be read out. */
export function long(instant: string, zone: string, locale: Locale): string {
  const day = format(instant, locale.tag, zone, { weekday: 'long', day: 'numeric', month: 'long' });
  return `${day}, ${clock(instant, zone, locale)}`;
}

/** The same instant for the customer: the time alone, with the weekday where that is another one. */
export function theirs(instant: string, zone: string, customerZone: string, locale: Locale): string {
  const day = (of: string) => format(instant, 'en-CA', of, { year: 'numeric', month: '2-digit', day: '2-digit' });
  const time = clock(instant, customerZone, locale);
  return day(zone) === day(customerZone)
    ? time
    : `${format(instant, locale.tag, customerZone, { weekday: 'short' })} ${time}`;
}

/** Whether both zones show the same time at that instant. */
export function same(instant: string, zone: string, customerZone: string): boolean {
  const shown = (of: string) => format(instant, 'en-CA', of, { dateStyle: 'short', timeStyle: 'short' });
  return zone === customerZone || shown(zone) === shown(customerZone);
}

/** `Tue, Nov 24`, of a local date. */
export function dayName(date: string, { tag }: Locale): string {
  return format(`${date}T12:00:00Z`, tag, 'UTC', { weekday: 'short', day: 'numeric', month: 'short' });
}

/** `Central Time`; the zone's own name where the browser knows none. */
export function zoneName(zone: string, { tag, now }: Locale): string {
  const parts = new Intl.DateTimeFormat(tag, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(now());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

function format(instant: string, tag: string, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(tag, { timeZone, ...options }).format(new Date(instant));
}
