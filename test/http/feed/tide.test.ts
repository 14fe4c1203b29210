import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBatchedRead } from '#http/feed/batched-read.ts';
import { Tide } from '#http/feed/tide.ts';
import { quietLog } from '#support/engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Things that are numbers, read in 20 ms, and what was shown of them when. */
function stage(options: { readEveryMs?: number } = {}) {
  const now = new Map<number, number>();
  const shown: { at: number; id: number; value: number | null }[] = [];
  const reads: number[][] = [];
  let fails = false;
  const warnings: string[] = [];
  const tide = new Tide<number>({
    ...options,
    async read(ids) {
      reads.push(ids);
      const found = ids.flatMap((id) => (now.has(id) ? [[id, now.get(id) ?? 0] as const] : []));
      await new Promise((done) => setTimeout(done, 20));
      if (fails) throw new Error('the database is away');
      return new Map(found);
    },
    show(id, value) {
      const isNews = shown.findLast((one) => one.id === id)?.value !== value;
      if (isNews) shown.push({ at: performance.now(), id, value });
      return isNews;
    },
    log: { ...quietLog, warn: (_, message) => void warnings.push(message) },
  });
  const change = (id: number, value: number) => {
    now.set(id, value);
    tide.changed([id]);
  };
  const fail = (does: boolean) => {
    fails = does;
  };
  return { tide, change, shown, reads, warnings, fail };
}

describe('changes', () => {
  test('are shown at once when they come alone, and together while they come fast', async () => {
    const { change, shown } = stage();
    const began = performance.now();
    for (let value = 1; value <= 100; value += 1) {
      change(7, value);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shown[0]).toEqual({ at: began + 20, id: 7, value: 1 });
    expect([shown.length, shown.at(-1)?.value]).toEqual([5, 100]);
    await vi.advanceTimersByTimeAsync(5_000);
    change(7, 101);
    await vi.advanceTimersByTimeAsync(20);
    expect(shown.at(-1)?.value).toBe(101);
  });

  test('are never more than four a second, and the last one is always shown', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pauses, async (waits) => {
        const { change, shown } = stage();
        let value = 0;
        for (const wait of waits) {
          value += 1;
          change(1, value);
          await vi.advanceTimersByTimeAsync(wait);
        }
        await vi.advanceTimersByTimeAsync(1_000);
        expect(shown.at(-1)?.value).toBe(value);
        for (const [place, { at }] of shown.slice(1).entries())
          expect(at - (shown[place]?.at ?? 0)).toBeGreaterThanOrEqual(250);
      }),
      { numRuns: 50 },
    );
  });

  test('of one thing do not wait for those of another', async () => {
    const { change, shown } = stage();
    change(1, 1);
    await vi.advanceTimersByTimeAsync(50);
    change(1, 2);
    const began = performance.now();
    change(2, 1);
    await vi.advanceTimersByTimeAsync(20);
    expect(shown.at(-1)).toEqual({ at: began + 20, id: 2, value: 1 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shown.at(-1)).toMatchObject({ id: 1, value: 2 });
  });

  test('of many things go out together where one socket shows them all', async () => {
    const { change, shown } = stage({ readEveryMs: 250 });
    for (let n = 0; n < 200; n += 1) {
      change(n % 20, n);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    const moments = [...new Set(shown.map(({ at }) => at))];
    for (const [place, at] of moments.slice(1).entries())
      expect(at - (moments[place] ?? 0)).toBeGreaterThanOrEqual(250);
    const last = Array.from({ length: 20 }, (_, id) => shown.findLast((one) => one.id === id)?.value);
    expect(last).toEqual(Array.from({ length: 20 }, (_, id) => 180 + id));
  });

  test('do not wait because somebody looked and nothing had changed', async () => {
    const { tide, change, shown } = stage();
    change(1, 1);
    await vi.advanceTimersByTimeAsync(1_000);
    tide.changed([1]);
    await vi.advanceTimersByTimeAsync(50);
    const began = performance.now();
    change(1, 2);
    await vi.advanceTimersByTimeAsync(20);
    expect(shown.at(-1)).toEqual({ at: began + 20, id: 1, value: 2 });
  });

  test('of many things are read in one go', async () => {
    const { change, shown, reads } = stage();
    for (let id = 1; id <= 50; id += 1) change(id, id);
    await vi.advanceTimersByTimeAsync(100);
    expect([reads.length, shown.length]).toEqual([1, 50]);
  });

  test('that cannot be read are shown when they can, and complained of once', async () => {
    const { tide, change, shown, fail, warnings } = stage();
    fail(true);
    for (let tries = 0; tries < 3; tries += 1) {
      change(1, tries);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect([shown, warnings.length]).toEqual([[], 1]);
    fail(false);
    tide.changed([2]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shown.map(({ id, value }) => [id, value])).toEqual([
      [1, 2],
      [2, null],
    ]);
  });

  test('are not shown any more after the end', async () => {
    const { tide, change, shown } = stage();
    change(1, 1);
    await vi.advanceTimersByTimeAsync(5);
    const stopped = tide.stop();
    change(1, 2);
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    expect(shown).toEqual([]);
  });
});

describe('questions that come together', () => {
  test('are answered by one read that is no older than any of them', async () => {
    let state = 0;
    const reads: number[][] = [];
    const read = createBatchedRead(async (ids: number[]) => {
      reads.push(ids);
      const seen = state;
      await new Promise((done) => setTimeout(done, 20));
      return new Map(ids.map((id) => [id, seen]));
    });
    const first = read([1]);
    await vi.advanceTimersByTimeAsync(5);
    state = 1;
    const others = Array.from({ length: 1_000 }, (_, n) => read([n % 3]));
    await vi.advanceTimersByTimeAsync(100);
    expect((await first).get(1)).toBe(0);
    for (const [n, answer] of (await Promise.all(others)).entries()) expect(answer.get(n % 3)).toBe(1);
    expect(reads).toEqual([[1], [0, 1, 2]]);
  });

  test('fail together when the read does, and the next one is made all the same', async () => {
    let isAway = true;
    const read = createBatchedRead(async (ids: number[]) => {
      if (isAway) throw new Error('away');
      return new Map(ids.map((id) => [id, id]));
    });
    await expect(read([1])).rejects.toThrow('away');
    isAway = false;
    expect(await read([1])).toEqual(new Map([[1, 1]]));
  });
});
