import { EMPTY_WEEK, weekInWords } from './week';

describe('a week in words', () => {
  const nameOf = (id: string): string => ({ a: 'Office', b: 'Short' })[id] ?? id;

  it('says neighbouring days with the same schedule together', () => {
    const week = { ...EMPTY_WEEK, mondayId: 'a', tuesdayId: 'a', wednesdayId: 'b', thursdayId: 'a', saturdayId: 'b' };
    expect(weekInWords(week, nameOf)).toBe('Mon–Tue Office, Wed Short, Thu Office, Sat Short');
  });

  it('says nothing of a week without slots', () => {
    expect(weekInWords(EMPTY_WEEK, nameOf)).toBe('');
  });
});
