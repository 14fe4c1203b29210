import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAP_MARGIN_MS, cappedUntil, countedBy, longestCapMs } from '#domain/frequency-caps.ts';
import type { FrequencyCap } from '#domain/reach.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T00:00:00Z');

const cap = fc.record({
  key: fc.constantFrom('workspace', 'US-FL'),
  limit: fc.integer({ min: 1, max: 5 }),
  hours: fc.integer({ min: 1, max: 72 }),
});
const caps = fc.array(cap, { minLength: 1, maxLength: 3 });
const minutes = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 });
const instants = minutes.map((some) => some.map((minute) => new Date(START + minute * 60_000)));

/** Whether one more attempt fits, counted the plain way. */
function fits(some: FrequencyCap[], attempts: Date[], at: number): boolean {
  return some.every(({ limit, hours }) => {
    const since = at - hours * HOUR - CAP_MARGIN_MS;
    return attempts.filter((tried) => tried.getTime() > since).length < limit;
  });
}

/** The attempts made when one is wished for at each of these minutes and only those are made that fit. */
function madeUnder(some: FrequencyCap[], asked: number[]): number[] {
  const made: Date[] = [];
  for (const minute of asked.toSorted((a, b) => a - b)) {
    const at = new Date(START + minute * 60_000);
    if (cappedUntil(some, made, at) === null) made.push(at);
  }
  return made.map((at) => at.getTime());
}

describe('when one more attempt fits under all caps', () => {
  it('is the first minute at which a plain count says so', () => {
    fc.assert(
      fc.property(caps, instants, (some, attempts) => {
        const at = new Date(START + 20_000 * 60_000);
        const until = cappedUntil(some, attempts, at);
        expect(until === null).toBe(fits(some, attempts, at.getTime()));
        if (!until) return;
        expect(fits(some, attempts, until.getTime())).toBe(true);
        expect(fits(some, attempts, until.getTime() - 1)).toBe(false);
      }),
    );
  });

  it('never lets more through within the hours of a cap, however often it is asked', () => {
    fc.assert(
      fc.property(caps, minutes, (some, asked) => {
        const made = madeUnder(some, asked);
        for (const { limit, hours } of some) {
          const gaps = made.slice(limit).map((last, i) => last - (made[i] ?? 0));
          expect(gaps.every((gap) => gap > hours * HOUR)).toBe(true);
        }
      }),
    );
  });

  it('needs no attempt known that is older than the longest of them', () => {
    fc.assert(
      fc.property(caps, instants, (some, attempts) => {
        const at = new Date(START + 20_000 * 60_000);
        const since = at.getTime() - longestCapMs(some);
        const known = attempts.filter((tried) => tried.getTime() > since);
        expect(cappedUntil(some, known, at)).toEqual(cappedUntil(some, attempts, at));
        for (const one of some) expect(countedBy(one, known, at)).toBe(countedBy(one, attempts, at));
      }),
    );
  });

  it('is now where there is no cap', () => {
    expect(cappedUntil([], [new Date(START)], new Date(START))).toBeNull();
    expect(longestCapMs([])).toBe(0);
  });
});
