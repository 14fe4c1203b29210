import { describe, expect, test } from 'vitest';
import { estimateCallCost } from '#domain/call-cost.ts';
import { OTHER_COUNTRIES } from '#domain/rates.ts';

describe('what calls will cost', () => {
  test('from three in ten who hear a minute to all who talk for two', () => {
    expect(estimateCallCost({ US: 100 }, { isDetecting: false })).toEqual({
      low: 30 * (14_000 + 70_000),
      high: 200 * (14_000 + 70_000),
      currency: 'USD',
      estimate: true,
    });
  });

  test('the search for machines is paid for every call', () => {
    const bare = estimateCallCost({ US: 100 }, { isDetecting: false });
    const detecting = estimateCallCost({ US: 100 }, { isDetecting: true });
    expect(detecting.low - bare.low).toBe(750_000);
    expect(detecting.high - bare.high).toBe(750_000);
  });

  test('countries add up, and one without a row of its own spans them all', () => {
    const off = { isDetecting: false };
    const both = estimateCallCost({ US: 10, XX: 10 }, off);
    expect(both.high).toBe(estimateCallCost({ US: 10 }, off).high + estimateCallCost({ XX: 10 }, off).high);
    expect(estimateCallCost({ XX: 10 }, off)).toEqual(estimateCallCost({ [OTHER_COUNTRIES]: 10 }, off));
    expect(estimateCallCost({ constructor: 0 }, off)).toMatchObject({ low: 0, high: 0, estimate: false });
  });

  test.each([-1, 0.5, Number.NaN])('%d contacts are refused', (contacts) => {
    expect(() => estimateCallCost({ US: contacts }, { isDetecting: true })).toThrow(RangeError);
  });
});
