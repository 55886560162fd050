import { EMPTY_WEEK, weekSummary } from './week';

describe('the summary of a week', () => {
  const nameOf = (id: string): string => ({ a: 'Office', b: 'Short' })[id] ?? id;

  it('makes one range of neighbouring days with the same schedule', () => {
    const week = { ...EMPTY_WEEK, mondayId: 'a', tuesdayId: 'a', wednesdayId: 'b', thursdayId: 'a', saturdayId: 'b' };
    expect(weekSummary(week, nameOf)).toBe('Mon–Tue Office, Wed Short, Thu Office, Sat Short');
  });

  it('is empty for a week without slots', () => {
    expect(weekSummary(EMPTY_WEEK, nameOf)).toBe('');
  });
});
