import {
  HALF_HOURS,
  CLOSED_DAY,
  add,
  clock,
  copy,
  fill,
  moveFocus,
  openTimes,
  paste,
  total,
  appendDigit,
} from './capacities';

describe('a day of capacities', () => {
  it('names its half hours by the clock', () => {
    expect([clock(0), clock(19), clock(47), clock(48)]).toEqual(['00:00', '09:30', '23:30', '24:00']);
  });

  it('fills a selection dragged in either direction', () => {
    const down = fill(CLOSED_DAY, { anchor: 18, focus: 21 }, 5);
    const up = fill(CLOSED_DAY, { anchor: 21, focus: 18 }, 5);
    expect(down).toEqual(up);
    expect(total(down)).toBe(20);
  });

  it('never goes below zero nor above what the server takes', () => {
    expect(total(add(CLOSED_DAY, { anchor: 0, focus: 47 }, -1))).toBe(0);
    expect(fill(CLOSED_DAY, { anchor: 0, focus: 0 }, 123456)[0]).toBe(9999);
  });

  it('takes a column pasted from a spreadsheet, from the selection on', () => {
    const pasted = paste(CLOSED_DAY, { anchor: 46, focus: 46 }, '3\r\n4\r\n5\r\n');
    expect(pasted.slice(45)).toEqual([0, 3, 4]);
    expect(pasted).toHaveLength(HALF_HOURS);
  });

  it('fills the whole selection with one pasted number, and ignores what is no number', () => {
    expect(total(paste(CLOSED_DAY, { anchor: 0, focus: 3 }, ' 7 '))).toBe(28);
    expect(paste(CLOSED_DAY, { anchor: 0, focus: 3 }, 'seven')).toBe(CLOSED_DAY);
  });

  it('copies what it can paste', () => {
    const day = fill(fill(CLOSED_DAY, { anchor: 10, focus: 10 }, 2), { anchor: 11, focus: 11 }, 9);
    const text = copy(day, { anchor: 11, focus: 10 });
    expect(text).toBe('2\n9');
    expect(paste(CLOSED_DAY, { anchor: 10, focus: 10 }, text)).toEqual(day);
  });

  it('moves by the half hour and by the column, and stops at the ends of the day', () => {
    expect(moveFocus(0, 'ArrowDown', 12)).toBe(1);
    expect(moveFocus(0, 'ArrowUp', 12)).toBe(0);
    expect(moveFocus(5, 'ArrowRight', 12)).toBe(17);
    expect(moveFocus(40, 'ArrowRight', 12)).toBe(40);
    expect(moveFocus(40, 'End', 12)).toBe(47);
    expect(moveFocus(40, 'a', 12)).toBeUndefined();
  });

  it('builds a number from typed digits', () => {
    expect(appendDigit('', '0')).toBe('0');
    expect(appendDigit('0', '7')).toBe('7');
    expect(appendDigit('12', '5')).toBe('125');
    expect(appendDigit('9999', '1')).toBe('1');
  });

  it('says when it is open', () => {
    const day = fill(fill(CLOSED_DAY, { anchor: 18, focus: 23 }, 5), { anchor: 26, focus: 47 }, 1);
    expect(openTimes(day)).toBe('09:00–12:00, 13:00–24:00');
    expect(openTimes(CLOSED_DAY)).toBe('');
  });
});
