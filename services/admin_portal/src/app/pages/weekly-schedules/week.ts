/** The days of a week by the API's names, Monday first. */
export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Day = (typeof DAYS)[number];
export type DayId = `${Day}Id`;

/** For each day the id of its daily schedule; an empty string is a day without slots. */
export type Week = Record<DayId, string>;

export const EMPTY_WEEK: Week = {
  mondayId: '',
  tuesdayId: '',
  wednesdayId: '',
  thursdayId: '',
  fridayId: '',
  saturdayId: '',
  sundayId: '',
};

export function dayLabel(day: Day): string {
  return day.charAt(0).toUpperCase() + day.slice(1);
}

export function dayId(at: number): DayId {
  return `${DAYS[at]}Id`;
}

/** `Mon–Fri Office hours, Sat Short day`: neighbouring days with the same schedule become one range. */
export function weekSummary(week: Record<DayId, string | null>, nameOf: (id: string) => string): string {
  const parts: string[] = [];
  for (let at = 0; at < DAYS.length; at++) {
    const id = week[dayId(at)];
    if (!id) continue;
    const first = at;
    while (at + 1 < DAYS.length && week[dayId(at + 1)] === id) at++;
    const short = (index: number): string => dayLabel(DAYS[index]).slice(0, 3);
    parts.push(`${first === at ? short(at) : `${short(first)}–${short(at)}`} ${nameOf(id)}`);
  }
  return parts.join(', ');
}
