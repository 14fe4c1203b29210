import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

type Row = { timestamp: string; completed: number; failed: number };
type Column = { at: number; completed: number; failed: number };
type History = {
  perHour(rows: Row[], period: { startedAt: string | null; hours: number }): Column[];
  scale(most: number): number[];
};
const { perHour, scale }: History = await import(
  new URL('../../public/dashboard/history.js', import.meta.url).href
);

const HOUR_MS = 3_600_000;
const NINE = Date.parse('2026-11-24T09:00:00Z');
const row = (hour: number, completed: number, failed: number): Row => ({
  timestamp: new Date(NINE + hour * HOUR_MS).toISOString(),
  completed,
  failed,
});
const brief = (columns: Column[]) =>
  columns.map(({ at, completed, failed }) => [(at - NINE) / HOUR_MS, completed, failed]).slice(0, 4);
const startedAt = new Date(NINE + 60_000).toISOString();

describe('the chart by the hour', () => {
  test('takes each hour as the difference to the one before, from nothing where the run began', () => {
    const rows = [row(0, 10, 2), row(1, 25, 2), row(3, 26, 5)];
    expect(brief(perHour(rows, { startedAt, hours: 24 }))).toEqual([
      [0, 10, 2],
      [1, 15, 0],
      [2, 0, 0],
      [3, 1, 3],
    ]);
  });

  test('says nothing of its first hour where the run began before it', () => {
    const rows = [row(30, 100, 20), row(31, 130, 20)];
    expect(brief(perHour(rows, { startedAt, hours: 24 }))[0]).toEqual([31, 30, 0]);
    expect(perHour([row(30, 100, 20)], { startedAt, hours: 24 })).toEqual([]);
  });

  test('is empty before anything has happened', () => {
    expect(perHour([], { startedAt: null, hours: 24 })).toEqual([]);
  });

  test('loses and invents no contact', () => {
    const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(steps, (parts) => {
        const sum = { hour: -1, completed: 0, failed: 0 };
        const rows = parts.map(([pause, completed, failed]) => {
          sum.hour += 1 + pause;
          sum.completed += completed;
          sum.failed += failed;
          return row(sum.hour, sum.completed, sum.failed);
        });
        const columns = perHour(rows, { startedAt, hours: 168 });
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
