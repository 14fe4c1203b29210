import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  freeSlots,
  freshBucket,
  type RateBucket,
  sustainedPerMinute,
  takeCallTokens,
  takeTokens,
} from '#domain/pacing.ts';

const START = Date.UTC(2026, 10, 22, 12);
const at = (ms: number) => new Date(START + ms);

/** Most starts found in any so many milliseconds, both ends included, counted the plain way. */
function busiest(starts: readonly number[], windowMs: number): number {
  const sorted = [...starts].sort((a, b) => a - b);
  let [most, from] = [0, 0];
  for (let to = 0; to < sorted.length; to += 1) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) > windowMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe('the rate limit', () => {
  const limits = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 6000 }));
  const takes = fc.array(
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 90_000 })),
      wanted: fc.integer({ min: 0, max: 400 }),
    }),
    { minLength: 1, maxLength: 200 },
  );

  test('no 60 seconds hold more starts than the limit, however takes are spread', () => {
    fc.assert(
      fc.property(limits, takes, (limit, steps) => {
        const starts: number[] = [];
        let bucket = freshBucket(at(0));
        let now = 0;
        for (const { waitMs, wanted } of steps) {
          now += waitMs;
          const taken = takeTokens(bucket, limit, at(now), wanted);
          bucket = taken.bucket;
          for (let n = 0; n < taken.granted; n += 1) starts.push(now);
        }
        expect(busiest(starts, 60_000)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 500 },
    );
  });

  test('whoever comes back at the instant named gets a token, and not a millisecond before', () => {
    fc.assert(
      fc.property(
        limits,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 120_000 }),
        (limit, wanted, later) => {
          const emptied = takeTokens(
            takeTokens(freshBucket(at(0)), limit, at(0), 500).bucket,
            limit,
            at(later),
            wanted,
          );
          const nextMs = emptied.nextTokenAt.getTime() - START;
          expect(takeTokens(emptied.bucket, limit, at(nextMs), 1).granted).toBe(1);
          if (nextMs > later) expect(takeTokens(emptied.bucket, limit, at(nextMs - 1), 1).granted).toBe(0);
        },
      ),
    );
  });

  test.each([1, 2, 10, 19, 20, 60, 600, 6000])(
    'a campaign that always wants more gets a limit of %i, but for the burst it may save up',
    (limit) => {
      const starts: number[] = [];
      let bucket = freshBucket(at(0));
      for (let now = 0; now < 600_000; now = bucketNext(bucket, limit, now)) {
        const taken = takeTokens(bucket, limit, at(now), 1000);
        bucket = taken.bucket;
        for (let n = 0; n < taken.granted; n += 1) starts.push(now);
      }
      expect(busiest(starts, 60_000)).toBe(limit);
      expect(starts.length).toBeGreaterThanOrEqual(Math.floor(sustainedPerMinute(limit) * 10));
      expect(sustainedPerMinute(limit)).toBeGreaterThan(limit * 0.94);
    },
  );

  function bucketNext(bucket: RateBucket, limit: number, now: number): number {
    return Math.max(now + 1, takeTokens(bucket, limit, at(now), 0).nextTokenAt.getTime() - START);
  }

  test('the default of 10 a minute is one every six seconds', () => {
    const first = takeTokens(freshBucket(at(0)), 10, at(0), 50);
    expect(first.granted).toBe(1);
    expect(first.nextTokenAt).toEqual(at(6001));
  });

  test('a burst is a twentieth of the limit', () => {
    expect(takeTokens(freshBucket(at(0)), 600, at(0), 50).granted).toBe(30);
    expect(takeTokens(freshBucket(at(0)), 6000, at(0), 1000).granted).toBe(300);
  });

  test('what is not wanted stays for later', () => {
    const first = takeTokens(freshBucket(at(0)), 600, at(0), 10);
    expect(first).toMatchObject({ granted: 10, nextTokenAt: at(0) });
    expect(takeTokens(first.bucket, 600, at(0), 50).granted).toBe(20);
  });

  test('a clock that runs backwards refills nothing, and time lost that way is not counted twice', () => {
    const emptied = takeTokens(freshBucket(at(60_000)), 10, at(60_000), 1).bucket;
    const back = takeTokens(emptied, 10, at(0), 1);
    expect(back.granted).toBe(0);
    expect(takeTokens(back.bucket, 10, at(60_001), 1).granted).toBe(0);
    expect(takeTokens(back.bucket, 10, at(66_001), 1).granted).toBe(1);
  });

  test('a limit of nothing grants nothing', () => {
    expect(takeTokens(freshBucket(at(0)), 0, at(0), 5)).toMatchObject({
      granted: 0,
      nextTokenAt: at(60_000),
    });
  });
});

describe('the pace of calls', () => {
  const paces = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_000 }));
  const takes = fc.array(
    fc.record({ waitMs: fc.integer({ min: 0, max: 1_500 }), wanted: fc.integer({ min: 0, max: 50 }) }),
    { minLength: 1, maxLength: 200 },
  );

  test('no second holds more starts than the provider takes, however takes are spread', () => {
    fc.assert(
      fc.property(paces, takes, (pace, steps) => {
        const starts: number[] = [];
        let bucket = freshBucket(at(0));
        let now = 0;
        for (const { waitMs, wanted } of steps) {
          now += waitMs;
          const taken = takeCallTokens(bucket, pace, at(now), wanted);
          bucket = taken.bucket;
          for (let n = 0; n < taken.granted; n += 1) starts.push(now);
        }
        expect(busiest(starts, 1_000)).toBeLessThanOrEqual(pace);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [1, 1, 1_001],
    [5, 1, 201],
    [30, 3, 36],
  ])('of %i a second begins %i at once and the next after %i ms', (pace, atOnce, nextMs) => {
    const first = takeCallTokens(freshBucket(at(0)), pace, at(0), 50);
    expect(first.granted).toBe(atOnce);
    expect(first.nextTokenAt).toEqual(at(nextMs));
  });

  test('of one in two seconds is kept, and of none grants none', () => {
    const first = takeCallTokens(freshBucket(at(0)), 0.5, at(0), 5);
    expect(first).toMatchObject({ granted: 1, nextTokenAt: at(2_001) });
    expect(takeCallTokens(freshBucket(at(0)), 0, at(0), 5).granted).toBe(0);
  });
});

describe('places for attempts', () => {
  test.each([
    ['the campaign’s own limit', { limit: 5, taken: 3 }, { limit: 50, taken: 3, campaigns: 1 }, 2],
    ['what the workspace has left', { limit: 50, taken: 3 }, { limit: 10, taken: 8, campaigns: 1 }, 2],
    [
      'a fair share of it, when others want some too',
      { limit: 50, taken: 0 },
      { limit: 50, taken: 20, campaigns: 3 },
      10,
    ],
    ['at least one while any is left', { limit: 50, taken: 0 }, { limit: 50, taken: 49, campaigns: 9 }, 1],
    ['none when all are taken', { limit: 5, taken: 5 }, { limit: 50, taken: 5, campaigns: 1 }, 0],
    [
      'none when a limit was lowered below what is taken',
      { limit: 2, taken: 5 },
      { limit: 50, taken: 5, campaigns: 1 },
      0,
    ],
  ])('%s', (_, campaign, workspace, free) => {
    expect(freeSlots(campaign, workspace)).toBe(free);
  });
});
