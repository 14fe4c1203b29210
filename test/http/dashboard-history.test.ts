import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

type Reached = { completed: number; failed: number };
type Column = Reached & { at: number };
type History = { from: string; until: string; before: Reached; data: (Reached & { timestamp: string })[] };
type Page = { perHour(history: History): Column[]; scale(most: number): number[] };
const { perHour, scale }: Page = await import(
  new URL('../../public/dashboard/history.js', import.meta.url).href
);

const HOUR_MS = 3_600_000;
const NINE = Date.parse('2026-11-24T09:00:00Z');
const NOBODY = { completed: 0, failed: 0 };
const instant = (hour: number) => new Date(NINE + hour * HOUR_MS).toISOString();

/**
 * As the server tells it: sums at the end of each hour with somebody in it, and at now (`until`, in hours after nine) for
 * the hour that is not over.
 */
function told(
  hours: [number, number, number][],
  until: number,
  { before = NOBODY, asked = 24 } = {},
): History {
  const data = hours.map(([hour, completed, failed]) => ({
    timestamp: instant(Math.min(hour + 1, until)),
    completed,
    failed,
  }));
  return { from: instant(Math.floor(until) - asked + 1), until: instant(until), before, data };
}

const brief = (columns: Column[]) =>
  columns.map(({ at, completed, failed }) => [(at - NINE) / HOUR_MS, completed, failed]);
const eventful = (columns: Column[]) =>
  brief(columns).filter(([, completed = 0, failed = 0]) => completed + failed > 0);

describe('the chart by the hour', () => {
  test('takes each hour as the difference to the one before, the hour that is not over too', () => {
    const hours: [number, number, number][] = [
      [0, 10, 2],
      [1, 25, 2],
      [3, 26, 5],
      [4, 30, 5],
    ];
    expect(eventful(perHour(told(hours, 4.4)))).toEqual([
      [0, 10, 2],
      [1, 15, 0],
      [3, 1, 3],
      [4, 4, 0],
    ]);
  });

  test('ends with the present hour, and fills the hours before a run that has just begun', () => {
    const columns = brief(perHour(told([[0, 10, 2]], 0.5)));
    expect(columns).toHaveLength(12);
    expect(columns.at(0)).toEqual([-11, 0, 0]);
    expect(columns.at(-1)).toEqual([0, 10, 2]);
    expect(brief(perHour(told([[0, 10, 2]], 20.5)))).toHaveLength(21);
  });

  test('knows what an hour adds to where the run began before it', () => {
    const before = { completed: 100, failed: 20 };
    expect(eventful(perHour(told([[30, 130, 21]], 31.2, { before })))).toEqual([[30, 30, 1]]);
  });

  test('says nothing of hours that were not asked for', () => {
    expect(brief(perHour(told([[0, 10, 2]], 0.5, { asked: 3 })))).toEqual([
      [-2, 0, 0],
      [-1, 0, 0],
      [0, 10, 2],
    ]);
  });

  test('is empty before anything has happened', () => {
    expect(perHour(told([], 3.3))).toEqual([]);
  });

  test('loses and invents no contact, whenever it is asked', () => {
    const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 15 });
    const sinceHour = fc.constantFrom(0, 0.000_000_3, 0.5, 0.999);
    fc.assert(
      fc.property(steps, fc.nat(9), sinceHour, (parts, pause, part) => {
        const sum = { hour: -1, ...NOBODY };
        const hours = parts.map(([idle, completed, failed]): [number, number, number] => {
          sum.hour += 1 + idle;
          sum.completed += completed;
          sum.failed += failed;
          return [sum.hour, sum.completed, sum.failed];
        });
        const columns = perHour(told(hours, sum.hour + pause + part, { asked: 168 }));
        const total = (key: 'completed' | 'failed') => columns.reduce((all, column) => all + column[key], 0);
        expect([total('completed'), total('failed')]).toEqual([sum.completed, sum.failed]);
        expect(columns.every(({ at }, i) => i === 0 || at - (columns[i - 1]?.at ?? 0) === HOUR_MS)).toBe(
          true,
        );
      }),
    );
  });

  test.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [7, [0, 2, 4, 6, 8]],
    [66, [0, 20, 40, 60, 80]],
    [100, [0, 50, 100]],
    [12_345, [0, 5_000, 10_000, 15_000]],
  ])('has a scale of round whole numbers up to %i', (most, ticks) => {
    expect(scale(most)).toEqual(ticks);
  });
});
