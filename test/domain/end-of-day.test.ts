import { describe, expect, it } from 'vitest';
import type { DayName } from '#domain/calling-window.ts';
import { lastDayOf } from '#domain/end-of-day.ts';

const WORKDAYS: DayName[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const OFFICE = {
  windows: [{ start: '09:00', end: '17:00', days: WORKDAYS }],
  closedDates: [],
  zone: 'America/New_York',
  followsContact: true,
};

describe('the day of a campaign that stops at its end', () => {
  it.each<[string, Partial<typeof OFFICE>, string, string]>([
    ['is today while its hours are open', {}, '2026-11-24T15:00:00Z', '2026-11-24'],
    ['is today before they open', {}, '2026-11-24T11:00:00Z', '2026-11-24'],
    ['is tomorrow when it is started in the evening', {}, '2026-11-24T23:00:00Z', '2026-11-25'],
    ['is Monday when it is started on a Saturday', {}, '2026-11-28T15:00:00Z', '2026-11-30'],
    [
      'passes over days off',
      { closedDates: ['2026-11-26', '2026-11-27'] as never[] },
      '2026-11-25T23:00:00Z',
      '2026-11-30',
    ],
    ['is a date of the campaign’s own zone', { zone: 'Asia/Tokyo' }, '2026-11-24T23:30:00Z', '2026-11-25'],
    [
      'is the date it is started on when no hour ever comes',
      { windows: [] },
      '2026-11-24T15:00:00Z',
      '2026-11-24',
    ],
  ])('%s', (_, change, since, date) => {
    expect(lastDayOf({ ...OFFICE, ...change }, new Date(since))?.date).toBe(date);
  });

  it.each<[string, boolean, string | null]>([
    ['is a day of its own clock', false, 'America/New_York'],
    ['is a day of everybody’s own clock', true, null],
  ])('%s as its hours are', (_, followsContact, zone) => {
    const since = new Date('2026-11-24T15:00:00Z');
    expect(lastDayOf({ ...OFFICE, followsContact }, since)).toEqual({ date: '2026-11-24', zone });
  });
});
