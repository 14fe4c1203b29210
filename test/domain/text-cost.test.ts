import { describe, expect, test } from 'vitest';
import { formatMicroDollars, microDollarsOf } from '#domain/money.ts';
import { estimateTextCost, formatCostRange } from '#domain/text-cost.ts';

describe('what texts cost', () => {
  test.each<[Record<string, number>, number, number, boolean]>([
    [{}, 0, 0, false],
    [{ US: 1000 }, 11_800_000, 13_300_000, false],
    [{ CA: 10 }, 147_000, 170_000, false],
    [{ GB: 100, FR: 10 }, 5_600_000 + 798_000, 5_600_000 + 798_000, false],
    [{ US: 1, XX: 2 }, 11_800 + 60_000, 13_300 + 800_000, true],
    [{ XX: 0, constructor: 0 }, 0, 0, false],
    [{ US: 1_000_000 }, 11_800_000_000, 13_300_000_000, false],
  ])('%j', (segmentsByCountry, low, high, estimate) => {
    expect(estimateTextCost(segmentsByCountry)).toEqual({ low, high, currency: 'USD', estimate });
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d segments are refused', (segments) => {
    expect(() => estimateTextCost({ US: segments })).toThrow(RangeError);
  });

  test.each([
    [0, '$0.00'],
    [1, 'less than $0.01'],
    [4999, 'less than $0.01'],
    [5000, '$0.01'],
    [11_800_000, '$11.80'],
    [999_995_000, '$1,000.00'],
    [11_800_000_000, '$11,800.00'],
  ])('%d micro-dollars are written %s', (amount, expected) => {
    expect(formatMicroDollars(amount)).toBe(expected);
  });

  test.each([
    ['-0.00830', 8300],
    ['0.0558', 55_800],
    ['-1', 1_000_000],
  ])("a provider's charge of %s is %d micro-dollars", (amount, expected) => {
    expect(microDollarsOf(amount)).toBe(expected);
  });

  test('a range is written as one, and a single price alone', () => {
    expect(formatCostRange(estimateTextCost({ US: 1000 }))).toBe('$11.80 to $13.30');
    expect(formatCostRange(estimateTextCost({ GB: 10 }))).toBe('$0.56');
  });
});
