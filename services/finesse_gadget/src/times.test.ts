import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayName, long, same, short, theirs, zoneName } from './times.ts';

const locale = (tag: string) => ({ tag, now: () => new Date('2026-11-23T12:00:00Z') });
const CHICAGO = 'America/Chicago';
const AT = '2026-11-24T14:30:00-06:00';

test('a near time has its weekday, a farther one its date too', () => {
  assert.equal(short(AT, CHICAGO, locale('en-GB')), 'Tue 14:30');
  assert.equal(short('2026-12-01T14:30:00-06:00', CHICAGO, locale('en-GB')), 'Tue, 1 Dec, 14:30');
  assert.equal(short(AT, CHICAGO, locale('de-DE')), 'Di 14:30');
});

test('a time to be read out names the day in full', () => {
  assert.equal(long(AT, CHICAGO, locale('en-GB')), 'Tuesday 24 November, 14:30');
  assert.equal(dayName('2026-11-24', locale('es-ES')), 'mar, 24 nov');
});

test('the customer’s time names the weekday only where it is another one', () => {
  assert.equal(theirs(AT, CHICAGO, 'America/New_York', locale('en-GB')), '15:30');
  assert.equal(theirs(AT, CHICAGO, 'Asia/Tokyo', locale('en-GB')), 'Wed 05:30');
});

test('zones that show the same time are one', () => {
  assert.ok(same(AT, CHICAGO, 'America/Mexico_City'));
  assert.ok(!same(AT, CHICAGO, 'America/Denver'));
  assert.equal(zoneName(CHICAGO, locale('en-US')), 'Central Time');
});
