import { describe, expect, test } from 'vitest';
import { checkSchedule } from '#domain/check-schedule.ts';
import {
  followingRunAt,
  isBetweenRuns,
  judgeDue,
  type Schedule,
  scheduleColumns,
  scheduleOf,
} from '#domain/schedule.ts';
import { describeSchedule } from '#domain/schedule-words.ts';

/** A Tuesday, 14:00 in New York. */
const NOW = new Date('2026-11-24T19:00:00.000Z');
const NEW_YORK = 'America/New_York';
const at = (iso: string) => new Date(iso);
const weekly = (config: object = {}, given: object = {}) => ({
  schedule_type: 'recurring',
  timezone: NEW_YORK,
  recurring_config: { frequency: 'weekly', interval: 1, days_of_week: [1, 5], time: '09:00', ...config },
  ...given,
});
const checked = (given: unknown, now = NOW): Schedule => {
  const found = checkSchedule(given, now);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.schedule;
};
const problemsOf = (given: unknown) => {
  const found = checkSchedule(given, NOW);
  return found.ok ? [] : found.problems.map(({ field }) => field);
};

describe('a schedule as the API spells it', () => {
  test.each<[string, unknown, Schedule]>([
    ['at once', { schedule_type: 'immediate' }, { type: 'immediate' }],
    [
      'a local time of the zone',
      { schedule_type: 'scheduled', scheduled_at: '2026-12-15T09:00:00', timezone: NEW_YORK },
      { type: 'scheduled', at: at('2026-12-15T14:00:00Z'), zone: NEW_YORK },
    ],
    [
      'once, and in UTC when no zone is said',
      { schedule_type: 'once', scheduled_at: '2026-12-15T09:00' },
      { type: 'scheduled', at: at('2026-12-15T09:00:00Z'), zone: 'UTC' },
    ],
    [
      'a time with its own offset, which the zone does not move',
      { schedule_type: 'scheduled', scheduled_at: '2026-12-15T09:00:00+01:00', timezone: NEW_YORK },
      { type: 'scheduled', at: at('2026-12-15T08:00:00Z'), zone: NEW_YORK },
    ],
    [
      'a time that spring leaves out, which is the next there is',
      { schedule_type: 'scheduled', scheduled_at: '2027-03-14T02:30:00', timezone: NEW_YORK },
      { type: 'scheduled', at: at('2027-03-14T07:00:00Z'), zone: NEW_YORK },
    ],
  ])('%s', (_, given, expected) => {
    expect(checked(given)).toEqual(expected);
  });

  test('of a recurring one the zone of its config counts, Monday is 1 and Sunday 7', () => {
    const schedule = checked(
      weekly({ days_of_week: ['7', 1], time_zone: 'Europe/Paris', end_date: '2026-12-31' }),
    );
    expect(schedule).toEqual({
      type: 'recurring',
      recurrence: {
        frequency: 'weekly',
        interval: 1,
        daysOfWeek: ['sunday', 'monday'],
        dayOfMonth: null,
        time: '09:00',
        timeZone: 'Europe/Paris',
        endDate: '2026-12-31',
        earliestAt: NOW,
      },
    });
  });

  test('a first run earlier today means the next one, a day that is over is refused', () => {
    const today = checked(weekly({ frequency: 'daily' }, { scheduled_at: '2026-11-24T09:00' }));
    expect(scheduleColumns(today, NOW).nextRunAt).toEqual(at('2026-11-25T14:00:00Z'));
    expect(problemsOf(weekly({}, { scheduled_at: '2026-11-23T09:00' }))).toEqual(['scheduled_at']);
  });

  test.each<[string, unknown, string[]]>([
    ['no type', {}, ['schedule_type']],
    ['nothing', null, ['schedule_type']],
    ['a zone that is none', { schedule_type: 'scheduled', timezone: 'Mars' }, ['timezone']],
    ['no time', { schedule_type: 'scheduled' }, ['scheduled_at']],
    ['31 November', { schedule_type: 'scheduled', scheduled_at: '2026-11-31T09:00' }, ['scheduled_at']],
    ['24:00', { schedule_type: 'scheduled', scheduled_at: '2026-12-01T24:00' }, ['scheduled_at']],
    ['this very instant', { schedule_type: 'scheduled', scheduled_at: NOW.toISOString() }, ['scheduled_at']],
    ['a week without days', weekly({ days_of_week: [] }), ['days_of_week']],
    ['a day 0', weekly({ days_of_week: [0] }), ['days_of_week']],
    ['a month without its day', weekly({ frequency: 'monthly' }), ['day_of_month']],
    ['an interval of 0', weekly({ interval: 0 }), ['interval']],
    ['an interval beyond reason', weekly({ interval: 53 }), ['interval']],
    ['an end before the first run', weekly({ end_date: '2026-11-24' }), ['end_date']],
    [
      'everything wrong at once',
      { schedule_type: 'recurring', recurring_config: { frequency: 'hourly', time: '9', end_date: 'soon' } },
      ['frequency', 'time', 'end_date'],
    ],
  ])('%s is refused with its field', (_, given, fields) => {
    expect(problemsOf(given)).toEqual(fields);
  });

  test('a time that is over is told apart from one that is no time', () => {
    const found = checkSchedule({ schedule_type: 'scheduled', scheduled_at: '2020-01-01T09:00' }, NOW);
    expect(found).toMatchObject({ ok: false, problems: [{ isPast: true }] });
  });

  test('what is kept of a schedule gives it back', () => {
    for (const schedule of [
      checked({ schedule_type: 'immediate' }),
      checked({ schedule_type: 'scheduled', scheduled_at: '2026-12-15T09:00:00', timezone: NEW_YORK }),
      checked(weekly()),
    ])
      expect(scheduleOf(scheduleColumns(schedule, NOW))).toEqual(schedule);
  });
});

describe('a schedule in words', () => {
  test.each<[unknown, string]>([
    [{ schedule_type: 'immediate' }, 'as soon as somebody starts it'],
    [
      { schedule_type: 'scheduled', scheduled_at: '2026-12-15T09:00', timezone: NEW_YORK },
      'once, on Tue 15 Dec 2026 at 09:00, New York time',
    ],
    [weekly(), 'every week on Monday and Friday at 09:00, New York time'],
    [
      weekly({ days_of_week: [1, 2, 3, 4, 5], interval: 2, end_date: '2026-12-31' }),
      'every 2 weeks on Monday to Friday at 09:00, New York time, until Thu 31 Dec 2026',
    ],
    [weekly({ frequency: 'daily', interval: 3 }), 'every 3 days at 09:00, New York time'],
    [
      weekly({ frequency: 'monthly', day_of_month: 31, time_zone: 'UTC' }),
      'every month on day 31 (the last day of a shorter month) at 09:00, UTC',
    ],
  ])('%j', (given, words) => {
    expect(describeSchedule(checked(given))).toBe(words);
  });
});

describe('a start that falls due', () => {
  const LATEST = 60 * 60_000;
  const daily = scheduleColumns(checked(weekly({ frequency: 'daily' })), NOW);
  const once = scheduleColumns(
    checked({ schedule_type: 'scheduled', scheduled_at: '2026-11-25T14:00:00Z' }),
    NOW,
  );
  const DUE = at('2026-11-25T14:00:00Z');
  const later = (ms: number) => new Date(DUE.getTime() + ms);
  const DAY = 24 * 60 * 60_000;
  const judge = (campaign: typeof once, now: Date, isAsked = false) =>
    judgeDue(campaign, { now, isAsked, latestMs: LATEST });

  test.each<[string, typeof once, Date, boolean, object]>([
    ['is waited for', once, later(-1), false, { kind: 'wait', until: DUE }],
    ['starts on time', once, DUE, false, { kind: 'start', dueAt: DUE, missed: 0 }],
    ['starts up to an hour late', once, later(LATEST), false, { kind: 'start', dueAt: DUE }],
    ['asks first when it is later', once, later(LATEST + 1), false, { kind: 'ask', dueAt: DUE, missed: 0 }],
    ['is not asked about twice', once, later(5 * DAY), true, { kind: 'wait', until: null }],
    ['of a recurring one on time', daily, DUE, false, { kind: 'start', dueAt: DUE, missed: 0 }],
    [
      'of a recurring one that slept for days: the newest counts',
      daily,
      later(3 * DAY + 1000),
      false,
      { kind: 'start', dueAt: later(3 * DAY), missed: 3 },
    ],
    [
      'of a recurring one that slept longer: only the newest is asked about',
      daily,
      later(3 * DAY + LATEST + 1),
      false,
      { kind: 'ask', dueAt: later(3 * DAY), missed: 3 },
    ],
    [
      'that was asked about waits for the next run',
      daily,
      later(2 * LATEST),
      true,
      { kind: 'wait', until: later(DAY) },
    ],
    [
      'that nobody answered about is overtaken by the next run',
      daily,
      later(DAY),
      true,
      { kind: 'start', dueAt: later(DAY), missed: 1 },
    ],
  ])('%s', (_, campaign, now, isAsked, expected) => {
    expect(judge(campaign, now, isAsked)).toMatchObject(expected);
  });

  test('a campaign without a next run waits for a person', () => {
    expect(judge({ ...once, nextRunAt: null }, DUE)).toEqual({ kind: 'wait', until: null });
  });

  test('only a recurring one has a run that follows', () => {
    expect(followingRunAt(daily, DUE)).toEqual(later(DAY));
    expect(followingRunAt(once, DUE)).toBeNull();
  });

  test.each([
    ['scheduled', null, false],
    ['scheduled', NOW, true],
    ['running', NOW, false],
  ])('a %s one that started at %s is between runs: %s', (status, startedAt, expected) => {
    expect(isBetweenRuns({ status, startedAt })).toBe(expected);
  });
});
