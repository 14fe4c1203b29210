import { describe, expect, test } from 'vitest';
import { abandonedSince, describeAbandonment, isAbandonedTooOften } from '#domain/abandonment.ts';
import { describeSpending, type Spending } from '#domain/spending.ts';

const NOTHING: Spending = {
  spentMicros: 0,
  underWayMicros: 0,
  limitMicros: null,
  estimate: null,
  settledAttempts: 0,
  settledMicros: 0,
  settledReserveMicros: 0,
};

describe('what a run spends, in words', () => {
  test.each<[string, Partial<Spending>, string[]]>([
    ['nothing yet and no budget', {}, []],
    [
      'a budget before anything is spent',
      { limitMicros: 50_000_000 },
      ['Nothing spent yet of a budget of $50.00.'],
    ],
    [
      'spent, under way, expected',
      {
        spentMicros: 3_000_000,
        underWayMicros: 840_000,
        limitMicros: 50_000_000,
        estimate: { low: 4_000_000, high: 6_000_000 },
      },
      [
        'Spent about $3.00 (charged so far: $0.00) of a budget of $50.00; $0.84 more reserved for what is under way; the estimate was $4.00 to $6.00.',
      ],
    ],
    [
      'more than was expected',
      { spentMicros: 6_720_000, settledMicros: 6_720_000, estimate: { low: 4_000_000, high: 6_000_000 } },
      ['Spent $6.72; the estimate was $4.00 to $6.00, and this is 12 % above it.'],
    ],
    [
      'prices above the table',
      { spentMicros: 120_000, settledAttempts: 5, settledMicros: 120_000, settledReserveMicros: 100_000 },
      [
        'Spent $0.12.',
        'Prices come out 20 % above the rate table, so a budget may be passed by what is under way; /campaign rates sets the table right.',
      ],
    ],
    [
      'too few prices to say so',
      { spentMicros: 120_000, settledAttempts: 4, settledMicros: 120_000, settledReserveMicros: 100_000 },
      ['Spent $0.12.'],
    ],
  ])('%s', (_, spending, sentences) => {
    expect(describeSpending({ ...NOTHING, ...spending })).toEqual(sentences);
  });
});

describe('calls that were abandoned', () => {
  test.each([
    [0, 1_000, false],
    [3, 10, false],
    [4, 10, true],
    [3, 100, false],
    [30, 1_000, false],
    [31, 1_000, true],
  ])('%i of %i answered: too many is %j', (abandoned, answered, isTooOften) => {
    expect(isAbandonedTooOften({ abandoned, answered })).toBe(isTooOften);
  });

  test('are told with their share, and not at all while there are none', () => {
    expect(describeAbandonment({ abandoned: 0, answered: 9 })).toBeNull();
    expect(describeAbandonment({ abandoned: 2, answered: 180 })).toBe(
      '2 of 180 answered calls abandoned in 30 days (1.1 %; the law allows 3 %)',
    );
  });

  test('count for thirty days', () => {
    expect(abandonedSince(new Date('2026-12-31T12:00:00Z'))).toEqual(new Date('2026-12-01T12:00:00Z'));
  });
});
