import { describe, expect, test } from 'vitest';
import { budgetProblem, formatDollars, readDollars } from '#domain/limits.ts';
import { checkSettings } from '#domain/settings.ts';

describe('a budget as people type it', () => {
  test.each([
    ['', null],
    [' ', null],
    ['25', 25_000_000],
    ['$25', 25_000_000],
    ['25.5', 25_500_000],
    ['0.07', 70_000],
    ['1,250.50', 1_250_500_000],
    ['12,500 USD', 12_500_000_000],
  ])('%j is %j micro-dollars', (typed, micros) => {
    expect(readDollars(typed)).toEqual({ ok: true, micros });
  });

  test.each(['0', '-5', 'a lot', '1,25', '1.2345', '99999999999', '25€'])('%j is no amount', (typed) => {
    expect(readDollars(typed)).toMatchObject({ ok: false });
  });

  test.each([25_000_000, 25_500_000, 70_000, null])('%j is shown so that it is read back', (micros) => {
    expect(readDollars(formatDollars(micros))).toEqual({ ok: true, micros });
  });

  test.each([0, -1, 1.5, '25', 20_000_000_000_000])('%j micro-dollars are refused', (micros) => {
    expect(budgetProblem(micros)).not.toBeNull();
  });
});

describe('limits somebody sends', () => {
  test.each([
    [{ textExpiryHours: 48 }, { textExpiryHours: 48 }],
    [{ textExpiryHours: '' }, { textExpiryHours: null }],
    [{ excludeContactedDays: null }, { excludeContactedDays: null }],
    [{ canarySize: '50' }, { canarySize: 50 }],
    [{ budgetLimitMicros: null }, { budgetLimitMicros: null }],
    [{ budgetLimitMicros: 5_000_000 }, { budgetLimitMicros: 5_000_000 }],
    [
      { breakerAttempts: 40, breakerPercent: '30' },
      { breakerAttempts: 40, breakerPercent: 30 },
    ],
    [{ breakerPercent: null }, {}],
    [{ endOfDay: 'stop' }, { endOfDay: 'stop' }],
    [{ holidayPlaces: ['US-FL', 'GB', 'US-FL'] }, { holidayPlaces: ['GB', 'US-FL'] }],
    [{ pauseDates: ['2026-12-31', '2026-12-24'] }, { pauseDates: ['2026-12-24', '2026-12-31'] }],
    [
      { additionalHours: [{ start: '14:00', end: '18:00', days: ['tuesday', 'monday'] }] },
      { additionalHours: [{ start: '14:00', end: '18:00', days: ['monday', 'tuesday'] }] },
    ],
  ])('%j become %j', (given, settings) => {
    expect(checkSettings(given)).toEqual({ ok: true, settings });
  });

  test.each([
    [{ textExpiryHours: 0 }, 'text_expiry_hours'],
    [{ textExpiryHours: 721 }, 'text_expiry_hours'],
    [{ excludeContactedDays: 366 }, 'exclude_contacted_days'],
    [{ canarySize: 'many' }, 'canary_size'],
    [{ budgetLimitMicros: 0.5 }, 'budget_limit'],
    [{ breakerAttempts: 4 }, 'breaker_attempts'],
    [{ breakerPercent: 101 }, 'breaker_percent'],
    [{ endOfDay: 'later' }, 'end_of_day'],
    [{ holidayPlaces: ['Florida'] }, 'holiday_places'],
    [{ holidayPlaces: 'US' }, 'holiday_places'],
    [{ holidayPlaces: Array.from({ length: 21 }, () => 'US') }, 'holiday_places'],
    [{ pauseDates: ['tomorrow'] }, 'pause_dates'],
    [{ additionalHours: { start: '09:00', end: '10:00', days: ['monday'] } }, 'additional_hours'],
    [{ additionalHours: [{ start: '10:00', end: '09:00', days: ['monday'] }] }, 'additional_hours'],
    [{ additionalHours: Array.from({ length: 43 }, () => ({})) }, 'additional_hours'],
  ])('%j are refused at %s', (given, field) => {
    expect(checkSettings(given)).toMatchObject({ ok: false, problems: [{ field }] });
  });
});
