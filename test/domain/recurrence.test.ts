import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstInstantAt, localDateTime } from '#domain/local-moment.ts';
import { nextRunAt, nextRuns, type Recurrence, runsBetween } from '#domain/recurrence.ts';
import { runsByWalking } from './recurrence-oracle.ts';

const at = (iso: string) => new Date(iso);
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const daily: Recurrence = {
  frequency: 'daily',
  interval: 1,
  daysOfWeek: [],
  dayOfMonth: null,
  time: '09:00',
  timeZone: 'America/New_York',
  endDate: null,
  earliestAt: at('2026-01-01T00:00:00Z'),
};
const weekly: Recurrence = { ...daily, frequency: 'weekly', daysOfWeek: ['monday'] };
const monthly: Recurrence = { ...daily, frequency: 'monthly', dayOfMonth: 31 };
const local = (recurrence: Recurrence, runs: Date[]) =>
  runs.map((run) => {
    const { date, time } = localDateTime(run, recurrence.timeZone) ?? { date: '', time: '' };
    return `${date} ${time}`;
  });

describe('the next runs', () => {
  test.each<[string, Recurrence, string, string[]]>([
    [
      'a month without the 31st runs on its last day',
      monthly,
      '2027-01-31T20:00:00Z',
      ['2027-02-28 09:00', '2027-03-31 09:00', '2027-04-30 09:00'],
    ],
    [
      'a leap year has a 29 February',
      { ...monthly, dayOfMonth: 30 },
      '2028-01-31T20:00:00Z',
      ['2028-02-29 09:00', '2028-03-30 09:00', '2028-04-30 09:00'],
    ],
    [
      'a time that spring leaves out is the next that there is',
      { ...daily, time: '02:30' },
      '2026-03-07T08:00:00Z',
      ['2026-03-08 03:00', '2026-03-09 02:30', '2026-03-10 02:30'],
    ],
    [
      'every other week counts from the week of the earliest run, which begins on Monday',
      { ...weekly, interval: 2, daysOfWeek: ['sunday', 'monday'], earliestAt: at('2026-11-29T05:00:00Z') },
      '2026-11-20T00:00:00Z',
      ['2026-11-29 09:00', '2026-12-07 09:00', '2026-12-13 09:00'],
    ],
    [
      'the days of a month are counted from the earliest run on',
      { ...monthly, interval: 3, dayOfMonth: 1, earliestAt: at('2026-11-15T12:00:00Z') },
      '2026-11-15T12:00:00Z',
      ['2027-02-01 09:00', '2027-05-01 09:00', '2027-08-01 09:00'],
    ],
    [
      'the end date still has its run, and nothing follows it',
      { ...daily, endDate: '2026-12-24' },
      '2026-12-22T20:00:00Z',
      ['2026-12-23 09:00', '2026-12-24 09:00'],
    ],
    [
      'nothing runs before the earliest run, not even on its day',
      { ...daily, earliestAt: at('2026-12-01T15:00:00Z') },
      '2026-11-01T00:00:00Z',
      ['2026-12-02 09:00', '2026-12-03 09:00', '2026-12-04 09:00'],
    ],
  ])('%s', (_, recurrence, after, expected) => {
    expect(local(recurrence, nextRuns(recurrence, at(after), 3))).toEqual(expected);
  });

  test('a time that autumn shows twice runs once, at the first', () => {
    const runs = nextRuns({ ...daily, time: '01:30' }, at('2026-10-31T12:00:00Z'), 2);
    expect(runs).toEqual([at('2026-11-01T05:30:00Z'), at('2026-11-02T06:30:00Z')]);
  });

  test('a run that is due at this very instant is not the next one', () => {
    const due = at('2026-11-24T14:00:00Z');
    expect(nextRunAt(daily, due)).toEqual(at('2026-11-25T14:00:00Z'));
    expect(nextRunAt(daily, new Date(due.getTime() - 1))).toEqual(due);
  });

  test.each([
    ['an unknown zone', { ...daily, timeZone: 'Mars/Olympus' }],
    ['a week without days', { ...weekly, daysOfWeek: [] }],
    ['a time that is none', { ...daily, time: '9 o’clock' }],
  ])('%s never runs', (_, recurrence) => {
    expect(nextRunAt(recurrence, at('2026-11-24T14:00:00Z'))).toBeNull();
  });

  test('of the runs that were missed only the newest counts', () => {
    const missed = runsBetween(daily, at('2026-11-20T14:00:00Z'), at('2026-11-24T15:00:00Z'));
    expect(missed).toEqual({ count: 4, lastAt: at('2026-11-24T14:00:00Z') });
    expect(runsBetween(daily, at('2026-11-24T14:00:00Z'), at('2026-11-24T15:00:00Z'))).toEqual({
      count: 0,
      lastAt: null,
    });
  });
});

const ZONES = [
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Chatham',
  'UTC',
];
const two = (value: number) => String(value).padStart(2, '0');
/** Most around the hours at which clocks change. */
const time = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
    fc.integer({ min: 0, max: 59 }),
  )
  .map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
/** Around the days of 2026 and 2027 on which one of the zones changes its clock, and any other. */
const CHANGES = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-04-24',
  '2026-09-06',
  '2026-10-04',
  '2026-10-30',
];
const instant = fc.oneof(
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -4 * 1440, max: 2 * 1440 }))
    .map(([date, minutes]) => new Date(Date.parse(`${date}T00:00:00Z`) + minutes * 60_000)),
  fc
    .integer({ min: 0, max: 600 * 1440 })
    .map((minutes) => new Date(Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000)),
);
const wanted = fc.record({
  frequency: fc.constantFrom('daily' as const, 'weekly' as const, 'monthly' as const),
  interval: fc.integer({ min: 1, max: 4 }),
  daysOfWeek: fc.subarray([...DAYS], { minLength: 1 }),
  dayOfMonth: fc.oneof(fc.integer({ min: 28, max: 31 }), fc.integer({ min: 1, max: 31 })),
  time,
  timeZone: fc.constantFrom(...ZONES),
  endDate: fc.option(fc.integer({ min: 1, max: 90 }), { nil: null }),
  earliestAt: instant,
  afterDays: fc.integer({ min: -30, max: 200 }),
});

describe('against a walk over days and minutes', () => {
  test('every recurrence runs exactly when the clock on the wall says so', () => {
    fc.assert(
      fc.property(wanted, ({ endDate, afterDays, ...given }) => {
        const end = given.earliestAt.getTime() + (endDate ?? 0) * 86_400_000;
        const recurrence: Recurrence = {
          ...given,
          endDate: endDate === null ? null : new Date(end).toISOString().slice(0, 10),
        };
        const after = new Date(given.earliestAt.getTime() + afterDays * 86_400_000);
        const from = after < given.earliestAt ? given.earliestAt : after;
        const days = Math.round((from.getTime() - after.getTime()) / 86_400_000) + 140;
        const horizon = new Date(after.getTime() + (days - 2) * 86_400_000);
        const near = (runs: Date[]) => runs.filter((run) => run < horizon);
        expect(near(nextRuns(recurrence, after, 3))).toEqual(near(runsByWalking(recurrence, after, 3, days)));
      }),
      { numRuns: 600 },
    );
  });
});

describe('an instant of a local day', () => {
  test.each([
    ['America/New_York', '2026-03-08', '02:15', '2026-03-08T07:00:00.000Z'],
    ['Africa/Cairo', '2026-04-24', '00:00', '2026-04-23T22:00:00.000Z'],
    ['America/Santiago', '2026-09-06', '00:30', '2026-09-06T04:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:10', '2026-10-03T15:30:00.000Z'],
    ['Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T10:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-24', '09:00', '2026-11-24T03:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-24', '23:59', '2026-11-24T09:59:00.000Z'],
  ])('%s %s %s', (zone, date, clock, expected) => {
    const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
    const [hour = 0, minute = 0] = clock.split(':').map(Number);
    expect(firstInstantAt(zone, day, hour * 60 + minute)?.toISOString()).toBe(expected);
  });

  test('of an unknown zone there is none', () => {
    expect(firstInstantAt('Mars/Olympus', 20_000, 0)).toBeNull();
  });
});
