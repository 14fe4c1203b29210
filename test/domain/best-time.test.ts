import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestTime,
  describeSlot,
  describeSlots,
  ENOUGH_CALLS,
  type HourRate,
  heatMap,
} from '#domain/best-time.ts';
import { DAY_NAMES, type DayName } from '#domain/calling-window.ts';

const rate = (weekday: DayName, hour: number, calls: number, answered: number): HourRate => ({
  weekday,
  hour,
  calls,
  answered,
});

describe('before there are calls enough', () => {
  test('it is what is usual', () => {
    const found = bestTime([rate('monday', 9, ENOUGH_CALLS - 1, 199)]);
    expect(found).toMatchObject({ basis: 'usual', calls: 199 });
    expect(describeSlots(found.best)).toBe('Tue–Thu 10–12 and 14–16');
    expect(describeSlots(found.avoid)).toBe('Mon 8–12, Fri 12–18');
  });

  test('nothing was called yet', () => {
    expect(bestTime([])).toMatchObject({ basis: 'usual', calls: 0 });
  });
});

describe('from the calls of a workspace', () => {
  test('hours that follow each other are one slot, with the rate of both', () => {
    const found = bestTime([
      rate('monday', 9, 100, 10),
      rate('wednesday', 10, 60, 36),
      rate('wednesday', 11, 60, 30),
      rate('friday', 16, 100, 20),
    ]);
    expect(found).toMatchObject({ basis: 'own', calls: 320 });
    expect(found.best.map(describeSlot)).toEqual(['Wed 10–12 (55 % of 120 calls)']);
    expect(found.avoid.map(describeSlot)).toEqual([
      'Mon 9–10 (10 % of 100 calls)',
      'Fri 16–17 (20 % of 100 calls)',
    ]);
  });

  test('an hour between two slots makes them one', () => {
    const found = bestTime([
      rate('monday', 9, 100, 90),
      rate('monday', 11, 100, 80),
      rate('monday', 10, 100, 70),
      rate('friday', 9, 300, 0),
    ]);
    expect(found.best.map(describeSlot)).toEqual(['Mon 9–12 (80 % of 300 calls)']);
  });

  test('one lucky hour is no best time', () => {
    const found = bestTime([
      rate('saturday', 12, 9, 9),
      rate('saturday', 13, 10, 6),
      rate('tuesday', 10, 200, 110),
      rate('monday', 9, 200, 40),
    ]);
    expect(found.best[0]).toMatchObject({ weekday: 'tuesday', from: 10 });
    expect(found.best.some(({ from }) => from === 12)).toBe(false);
  });

  test('where every hour is alike none stands out', () => {
    const found = bestTime(DAY_NAMES.map((day) => rate(day, 10, 100, 30)));
    expect(found).toMatchObject({ basis: 'own', best: [], avoid: [] });
  });

  test('at most three slots are named, and none is both', () => {
    const rates = fc.uniqueArray(
      fc.record({
        weekday: fc.constantFrom(...DAY_NAMES),
        hour: fc.integer({ min: 8, max: 20 }),
        calls: fc.integer({ min: 0, max: 500 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { selector: ({ weekday, hour }) => `${weekday} ${hour}`, maxLength: 60 },
    );
    fc.assert(
      fc.property(rates, (given) => {
        const found = bestTime(
          given.map(({ share, calls, ...at }) => ({ ...at, calls, answered: Math.round(calls * share) })),
        );
        fc.pre(found.basis === 'own');
        expect(found.best.length).toBeLessThanOrEqual(3);
        const hoursOf = (slots: typeof found.best) =>
          slots.flatMap(({ weekday, from, until }) =>
            Array.from({ length: until - from }, (_, i) => `${weekday} ${from + i}`),
          );
        const best = new Set(hoursOf(found.best));
        expect(hoursOf(found.avoid).some((hour) => best.has(hour))).toBe(false);
      }),
    );
  });
});

describe('the table of a week', () => {
  test('has percents where calls were enough, dots elsewhere, and lines of one length', () => {
    const lines = heatMap([rate('monday', 9, 100, 41), rate('monday', 10, 9, 9), rate('sunday', 20, 10, 10)]);
    expect(lines).toEqual([
      '     8  9 10 11 12 13 14 15 16 17 18 19 20',
      'Mon  · 41  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·',
      'Tue  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·',
      'Wed  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·',
      'Thu  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·',
      'Fri  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·',
      'Sat  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·',
      'Sun  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·100',
    ]);
  });

  test('grows with calls at other hours', () => {
    expect(heatMap([rate('monday', 6, 50, 5)])[0]).toMatch(/^ {5}6 {2}7 {2}8/);
    expect(heatMap([rate('monday', 22, 50, 5)])[0]).toMatch(/22$/);
  });
});
