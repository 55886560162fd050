import { tiles } from './tiles';

const live = {
  at: '2026-11-23T10:00:00+00:00',
  open: { scheduled: 5, importing: 0, imported: 4 },
  today: { scheduled: 5, importing: 0, imported: 4, completed: 7, failed: 0, cancelled: 0, expired: 0 },
  overdue: 0,
  withoutResult: 0,
};

describe('the tiles of today', () => {
  it('highlight callbacks that UCCE has had for long without a result, and link to them', () => {
    const quiet = tiles(live).find(({ label }) => label === 'No result');
    expect(quiet).toMatchObject({ value: 0, tone: '' });
    const held = tiles({ ...live, withoutResult: 3 }).find(({ label }) => label === 'No result');
    expect(held).toMatchObject({ value: 3, tone: 'bad', query: { noResult: 'yes', sort: 'start' } });
  });

  it('link to the callbacks of the day that they count: today where each slot is', () => {
    const ofToday = tiles(live).filter(({ label }) => label.endsWith('today'));
    expect(ofToday.map(({ query }) => [query['from'], query['to']])).toEqual([
      ['today', 'today'],
      ['today', 'today'],
    ]);
  });

  it('count overdue and failed callbacks', () => {
    const [, overdue] = tiles({ ...live, overdue: 2 });
    expect(overdue).toMatchObject({ value: 2, note: 'should be at UCCE already', tone: 'bad' });
    const failed = tiles({ ...live, today: { ...live.today, failed: 1, expired: 2 } }).at(-1);
    expect(failed).toMatchObject({ value: 3, note: '2 of them expired', tone: 'bad' });
  });
});
