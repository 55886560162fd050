import { ago, dayName, plusDays, today, wallClock, wallMoment, wallTime } from './date-time';

describe('times in the zone of the pool', () => {
  it('are read from the instant as it was sent', () => {
    expect(wallTime('2026-11-23T09:10:00-06:00')).toBe('09:10');
    expect(wallClock('2026-11-23T09:10:00-06:00')).toContain('Mon, 23 Nov');
    expect(wallMoment('2026-11-23T09:10:05.123456-06:00')).toMatch(/^Mon, 23 Nov( 2026)? 09:10:05$/);
  });

  it('name the year only when it is another one', () => {
    expect(dayName('2026-11-23', 2026)).toBe('Mon, 23 Nov');
    expect(dayName('2027-01-01', 2026)).toBe('Fri, 1 Jan 2027');
  });

  it('know which date it is there', () => {
    const now = new Date('2026-11-23T03:00:00Z');
    expect(today('America/Chicago', now)).toBe('2026-11-22');
    expect(today('Asia/Tokyo', now)).toBe('2026-11-23');
    expect(plusDays('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('say how long ago something was', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(ago('2026-11-23T11:59:58Z', now)).toBe('just now');
    expect(ago('2026-11-23T11:59:00Z', now)).toBe('60 s ago');
    expect(ago('2026-11-23T11:30:00Z', now)).toBe('30 min ago');
    expect(ago('2026-11-22T12:00:00Z', now)).toBe('24 h ago');
  });
});
