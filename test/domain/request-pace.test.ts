import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RequestSlice, SLICE_MS, takeSlice } from '#domain/request-pace.ts';

const wish = { limit: 60, now: 10_000, id: 'new', spent: [] };

describe('a slice of a token’s requests', () => {
  test('is a quarter of what is free, and never less than a twentieth of the limit', () => {
    expect(takeSlice([], wish).slice).toEqual({ id: 'new', requests: 15, until: 11_000 });
    const busy = [{ id: 'other', requests: 52, until: 10_500 }];
    expect(takeSlice(busy, wish).slice.requests).toBe(3);
    expect(takeSlice([{ id: 'other', requests: 59, until: 10_500 }], wish).slice.requests).toBe(1);
  });

  test('is empty when the second is full, and more comes a second after the oldest was spent', () => {
    const full = [
      { id: 'early', requests: 20, until: 9_300 },
      { id: 'late', requests: 40, until: 9_900 },
    ];
    expect(takeSlice(full, wish)).toEqual({
      recent: full,
      slice: { id: 'new', requests: 0, until: 11_000 },
      nextAt: 10_300,
    });
    expect(takeSlice(full, { ...wish, now: 10_300 }).slice.requests).toBe(5);
  });

  test('counts for what was spent of it once that is known, and in full until then', () => {
    const taken = [{ id: 'mine', requests: 60, until: 10_900 }];
    expect(takeSlice(taken, wish).slice.requests).toBe(0);
    const spent = { id: 'mine', requests: 20, until: 9_950 };
    expect(takeSlice(taken, { ...wish, spent: [spent] }).recent).toEqual([
      spent,
      { id: 'new', requests: 10, until: 11_000 },
    ]);
  });

  test('is counted no longer than it may last, when a clock was set back', () => {
    const ahead = [{ id: 'other', requests: 60, until: 9_999_999 }];
    expect(takeSlice(ahead, wish).nextAt).toBe(10_000 + SLICE_MS + 1_000);
  });
});

/** A process as the HTTP edge runs it: spends what it holds, takes more when it holds none. */
function processOver(row: { recent: RequestSlice[] }, name: string, limit: number) {
  let taken = 0;
  let held: { slice: RequestSlice; left: number; lastAt: number } | null = null;
  return (now: number): boolean => {
    if (held === null || held.left === 0 || now >= held.slice.until) {
      taken += 1;
      const spent = held
        ? [{ id: held.slice.id, requests: held.slice.requests - held.left, until: held.lastAt }]
        : [];
      const grant = takeSlice(row.recent, { limit, now, id: `${name}${taken}`, spent });
      row.recent = grant.recent;
      held = { slice: grant.slice, left: grant.slice.requests, lastAt: 0 };
    }
    if (held.left === 0) return false;
    held.left -= 1;
    held.lastAt = now;
    return true;
  };
}

describe('over all processes', () => {
  test('no second holds more requests than the limit, however they come', () => {
    const asks = fc.array(fc.record({ process: fc.nat(3), afterMs: fc.nat(400), times: fc.nat(40) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), asks, (limit, given) => {
        const row = { recent: [] as RequestSlice[] };
        const processes = ['a', 'b', 'c', 'd'].map((name) => processOver(row, name, limit));
        const answered: number[] = [];
        let now = 1_000_000;
        for (const { process, afterMs, times } of given) {
          now += afterMs;
          for (let time = 0; time < times; time += 1) if (processes[process]?.(now)) answered.push(now);
        }
        answered.forEach((at, index) => {
          const before = answered[index - limit];
          if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(1_000);
        });
      }),
    );
  });

  test('a client that asks evenly gets all it may, but for a little', () => {
    const row = { recent: [] as RequestSlice[] };
    const ask = processOver(row, 'a', 60);
    const answered = Array.from({ length: 5_000 }, (_, index) => ask(1_000_000 + index * 4)).filter(Boolean);
    expect(answered.length).toBeGreaterThan(20 * 60 * 0.9);
    expect(answered.length).toBeLessThanOrEqual(21 * 60);
  });

  test('a burst up to the limit is answered by the one process that gets it', () => {
    const ask = processOver({ recent: [] }, 'a', 60);
    const answers = Array.from({ length: 70 }, () => ask(1_000_000));
    expect(answers.filter(Boolean)).toHaveLength(60);
  });
});
