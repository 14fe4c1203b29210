import { describe, expect, test } from 'vitest';
import { DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { checkSettings, defaultSettings, hoursOf, NUMBER_SETTINGS, nameProblem } from '#domain/settings.ts';

describe('the settings of a campaign nobody has set up', () => {
  test('are those of the reference, in the workspace’s zone', () => {
    expect(defaultSettings('Europe/London')).toEqual({
      maxAttempts: 3,
      retryDelayMinutes: 30,
      concurrentLimit: 5,
      rateLimitPerMinute: 10,
      allowedHours: {
        start: '08:00',
        end: '21:00',
        days: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
      },
      timeZone: 'Europe/London',
      contactTimeZone: true,
      additionalHours: [],
      holidayPlaces: [],
      pauseDates: [],
      endOfDay: 'continue',
      textExpiryHours: null,
      excludeContactedDays: null,
      budgetLimitMicros: null,
      canarySize: null,
      breakerAttempts: 20,
      breakerPercent: 50,
    });
  });

  test('pass their own check', () => {
    const settings = defaultSettings('UTC');
    expect(checkSettings(settings)).toEqual({ ok: true, settings });
  });

  test('a campaign without hours of its own has the default ones', () => {
    expect(hoursOf(null)).toBe(DEFAULT_ALLOWED_HOURS);
    expect(hoursOf({ start: '10:00', end: '11:00', days: ['monday'] }).start).toBe('10:00');
  });
});

describe('settings somebody sends', () => {
  test.each(
    Object.entries(NUMBER_SETTINGS).flatMap(([name, { min, max }]) => [
      [name, min, true],
      [name, max, true],
      [name, min - 1, false],
      [name, max + 1, false],
      [name, min + 0.5, false],
      [name, Number.NaN, false],
      [name, String(max), true],
      [name, ` ${min} `, true],
      [name, 'ten', false],
      [name, '', false],
      [name, true, false],
      [name, [min], false],
    ]),
  )('%s of %j: %s', (name, value, isFine) => {
    expect(checkSettings({ [String(name)]: value }).ok).toBe(isFine);
  });

  test('numbers sent as text come back as numbers', () => {
    expect(checkSettings({ maxAttempts: '4' })).toEqual({ ok: true, settings: { maxAttempts: 4 } });
  });

  test('what is not sent is not touched', () => {
    expect(checkSettings({ timeZone: 'UTC', maxAttempts: undefined, allowedHours: null })).toEqual({
      ok: true,
      settings: { timeZone: 'UTC' },
    });
  });

  test('days come back in the order of the week, once each', () => {
    const checked = checkSettings({
      allowedHours: { start: '09:00', end: '24:00', days: ['friday', 'monday', 'friday'] },
    });
    expect(checked).toEqual({
      ok: true,
      settings: { allowedHours: { start: '09:00', end: '24:00', days: ['monday', 'friday'] } },
    });
  });

  test('everything wrong is told together, each with its field and a way to put it right', () => {
    const checked = checkSettings({
      maxAttempts: 11,
      rateLimitPerMinute: 'lots',
      allowedHours: { start: '17:00', end: '09:00', days: ['monday'] },
      timeZone: 'Eastern',
      contactTimeZone: 'yes',
    });
    expect(checked).toEqual({
      ok: false,
      problems: [
        {
          setting: 'maxAttempts',
          field: 'max_attempts',
          sentence: 'Attempts per contact: “11” is not a whole number from 1 to 10.',
        },
        {
          setting: 'rateLimitPerMinute',
          field: 'rate_limit_per_minute',
          sentence: 'Starts per minute: “lots” is not a whole number from 1 to 6000.',
        },
        {
          setting: 'allowedHours',
          field: 'allowed_hours',
          sentence: 'Calling hours must start before they end on the same day, not 17:00 to 09:00.',
        },
        {
          setting: 'timeZone',
          field: 'time_zone',
          sentence: '“Eastern” is not a time zone; write it like America/New_York or Europe/London.',
        },
        {
          setting: 'contactTimeZone',
          field: 'contact_time_zone',
          sentence: 'Say true or false for the contact’s own time zone.',
        },
      ],
    });
  });

  test.each<[unknown, string]>([
    ['9 to 5', 'Calling hours need a start, an end and days.'],
    [
      { start: '9:00', end: '17:00', days: ['monday'] },
      'Calling hours: the start “9:00” is not a time like 09:00.',
    ],
    [
      { start: '09:00', end: '25:00', days: ['monday'] },
      'Calling hours: the end “25:00” is not a time like 17:00.',
    ],
    [{ start: '09:00', days: ['monday'] }, 'Calling hours: the end “nothing” is not a time like 17:00.'],
    [
      { start: '09:00', end: '09:00', days: ['monday'] },
      'Calling hours must start before they end on the same day, not 09:00 to 09:00.',
    ],
    [{ start: '09:00', end: '17:00', days: [] }, 'Calling hours need at least one day, like monday.'],
    [{ start: '09:00', end: '17:00', days: 'monday' }, 'Calling hours need at least one day, like monday.'],
    [
      { start: '09:00', end: '17:00', days: ['Monday'] },
      'Calling hours: “Monday” is not a day; write monday to sunday.',
    ],
  ])('hours of %j: %s', (allowedHours, sentence) => {
    expect(checkSettings({ allowedHours })).toMatchObject({ ok: false, problems: [{ sentence }] });
  });

  test('a long value is not repeated at length', () => {
    const checked = checkSettings({ timeZone: 'x'.repeat(5000) });
    expect(checked.ok ? '' : checked.problems[0]?.sentence.length).toBeLessThan(140);
  });
});

describe('the name of a campaign', () => {
  test.each([
    ['a', null],
    ['x'.repeat(200), null],
    ['📞'.repeat(200), null],
    [`  ${'x'.repeat(200)}  `, null],
    ['', 'Give the campaign a name.'],
    ['   ', 'Give the campaign a name.'],
    [undefined, 'Give the campaign a name.'],
    [7, 'Give the campaign a name.'],
    ['x'.repeat(201), 'The name has 201 characters; use at most 200.'],
  ])('%j: %s', (name, sentence) => {
    expect(nameProblem(name)?.sentence ?? null).toBe(sentence);
  });
});
