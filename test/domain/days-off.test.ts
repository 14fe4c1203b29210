import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datesProblem, formatDates, isPlace, parseDates } from '#domain/days-off.ts';

describe('pause dates as people type them', () => {
  test.each([
    ['', []],
    ['2026-12-24', ['2026-12-24']],
    ['2026-12-31, 2026-12-24', ['2026-12-24', '2026-12-31']],
    ['2026-12-24\n2026-12-24', ['2026-12-24']],
    ['2026-12-30 to 2027-01-02', ['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']],
    ['2028-02-28 - 2028-03-01', ['2028-02-28', '2028-02-29', '2028-03-01']],
    ['2026-12-24..2026-12-25; 2026-12-31', ['2026-12-24', '2026-12-25', '2026-12-31']],
  ])('%j are %j', (typed, dates) => {
    expect(parseDates(typed)).toEqual({ ok: true, dates });
  });

  test.each([
    ['24 Dec', 'is not a date'],
    ['2026-02-30', 'is not a date'],
    ['2026-13-01', 'is not a date'],
    ['2026-12-24 to', 'is not a date'],
    ['2026-12-24 to 2026-12-25 to 2026-12-26', 'is not a date'],
    ['2026-12-25 to 2026-12-24', 'ends before it begins'],
    ['2026-01-01 to 2036-01-01', 'more than 366'],
  ])('%j is told to be wrong: %s', (typed, told) => {
    const parsed = parseDates(typed);
    expect(!parsed.ok && parsed.problem).toContain(told);
  });

  test('what is shown is read back as the same dates', () => {
    const date = fc
      .integer({ min: 20_000, max: 20_200 })
      .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.uniqueArray(date, { maxLength: 60 }), (dates) => {
        expect(parseDates(formatDates(dates))).toEqual({ ok: true, dates: [...dates].sort() });
      }),
    );
  });
});

describe('pause dates over the API', () => {
  test.each([
    [['2026-12-24'], null],
    [[], null],
    ['2026-12-24', 'are a list'],
    [['2026-02-30'], 'is not a date'],
    [[' 2026-12-24'], 'is not a date'],
    [[20_261_224], 'is not a date'],
    [Array.from({ length: 367 }, () => '2026-12-24'), 'more than 366'],
  ])('%j: %s', (value, told) => {
    const problem = datesProblem(value);
    if (told === null) expect(problem).toBeNull();
    else expect(problem).toContain(told);
  });
});

test.each([
  ['US', true],
  ['US-FL', true],
  ['GB-SCT', true],
  ['us', false],
  ['Florida', false],
  ['US-', false],
  [7, false],
])('%j as a place whose holidays are kept: %s', (text, isOne) => {
  expect(isPlace(text)).toBe(isOne);
});
