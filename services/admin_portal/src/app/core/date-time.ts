// The admin API sends instants with the offset of the pool's zone (services/README.md, "What HTTP clients may rely on"),
// so the wall time is read from the text itself. The browser's own zone has no influence.

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-23T09:10:00-06:00` → `09:10`. */
export function wallTime(instant: string): string {
  return instant.slice(11, 16);
}

/** `2026-11-23…` → `2026-11-23`. */
export function wallDate(instant: string): string {
  return instant.slice(0, 10);
}

/** `2026-11-23` → `Mon, 23 Nov`, with the year when it is not `thisYear`. */
export function dayName(date: string, thisYear = new Date().getFullYear()): string {
  const [year, month, day] = date.slice(0, 10).split('-').map(Number) as [number, number, number];
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return `${weekday}, ${day} ${MONTHS[month - 1]}${year === thisYear ? '' : ` ${year}`}`;
}

/** `Mon, 23 Nov 09:10`. */
export function wallClock(instant: string): string {
  return `${dayName(instant)} ${wallTime(instant)}`;
}

/** `Mon, 23 Nov 09:10:05`. */
export function wallMoment(instant: string): string {
  return `${dayName(instant)} ${instant.slice(11, 19)}`;
}

/** An instant that belongs to no pool (a log entry, a sign-in) in the browser's zone, to the second. */
export function localMoment(instant: string): string {
  return new Date(instant).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

/** The instant at which a date begins in the browser's zone, for filters of what `localMoment` shows. */
export function localDayBegins(date: string): string {
  return new Date(`${date}T00:00`).toISOString();
}

/** `just now`, `40 s ago`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ago(instant: string, now = Date.now()): string {
  const seconds = Math.round((now - Date.parse(instant)) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

/** The date of `now` in an IANA zone, as `YYYY-MM-DD`. */
export function today(zone?: string, now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );
}

/** `2026-11-23` + 1 → `2026-11-24`. */
export function plusDays(date: string, days: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}
