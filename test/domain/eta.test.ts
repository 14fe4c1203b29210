import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AllowedHours, DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { describeEta, type EtaInput, estimateEta, HELD_SECONDS } from '#domain/eta.ts';
import { sustainedPerMinute } from '#domain/pacing.ts';

/** Monday 09:00 in New York. */
const NOW = new Date('2026-11-23T14:00:00Z');
const EASTERN = ['America/New_York'];
const PACIFIC = ['America/Los_Angeles'];

const TEXTS: EtaInput = {
  now: NOW,
  groups: [{ zones: EASTERN, contacts: 400 }],
  hours: [DEFAULT_ALLOWED_HOURS],
  rateLimitsPerMinute: [10, 600],
  concurrentLimit: 5,
  heldSeconds: HELD_SECONDS.sms,
  retryShare: 0,
  maxAttempts: 3,
  retryDelayMinutes: 30,
};

function minutesOf(input: EtaInput): number | null {
  const { finishesAt } = estimateEta(input);
  return finishesAt && Math.round((finishesAt.getTime() - input.now.getTime()) / 60_000);
}

describe('how long the rest of a campaign takes', () => {
  test('400 texts at 10 a minute are 40 minutes, and the rate binds', () => {
    expect(minutesOf(TEXTS)).toBe(40);
    expect(estimateEta(TEXTS)).toMatchObject({ attempts: 400, binds: 'rate_limit', outOfReach: 0 });
  });

  test('calls that hold their place for 45 seconds: 5 places are fewer than 10 a minute', () => {
    const calls = { ...TEXTS, groups: [{ zones: EASTERN, contacts: 1000 }], heldSeconds: HELD_SECONDS.call };
    expect(minutesOf(calls)).toBe(150);
    expect(estimateEta(calls).binds).toBe('concurrency');
  });

  test('what does not fit into the day goes on in the next; a faster rate would save the night', () => {
    const long = { ...TEXTS, groups: [{ zones: EASTERN, contacts: 7300 }] };
    const { finishesAt, binds } = estimateEta(long);
    expect(finishesAt?.toISOString().slice(0, 16)).toBe('2026-11-24T13:10');
    expect(binds).toBe('rate_limit');
  });

  test('a group that opens later is waited for', () => {
    const west = {
      ...TEXTS,
      groups: [
        { zones: EASTERN, contacts: 10 },
        { zones: PACIFIC, contacts: 10 },
      ],
    };
    expect(minutesOf(west)).toBe(121);
    expect(estimateEta(west).binds).toBe('calling_hours');
  });

  test('calls go no faster than the provider account allows', () => {
    const calls = {
      ...TEXTS,
      groups: [{ zones: EASTERN, contacts: 600 }],
      rateLimitsPerMinute: [6000],
      concurrentLimit: 500,
    };
    expect(minutesOf({ ...calls, callsPerSecond: 1 })).toBe(10);
    expect(estimateEta({ ...calls, callsPerSecond: 1 }).binds).toBe('calls_per_second');
    expect(estimateEta({ ...calls, callsPerSecond: 1, rateLimitsPerMinute: [20] }).binds).toBe('rate_limit');
  });

  test('who can be reached now fills the time until others can', () => {
    const both = {
      ...TEXTS,
      groups: [
        { zones: EASTERN, contacts: 1200 },
        { zones: PACIFIC, contacts: 1200 },
      ],
    };
    expect(minutesOf(both)).toBe(240);
    expect(estimateEta(both).binds).toBe('rate_limit');
  });

  test('those whose hours end first go first', () => {
    const evening = new Date('2026-11-24T01:00:00Z');
    const late = {
      ...TEXTS,
      now: evening,
      groups: [
        { zones: PACIFIC, contacts: 590 },
        { zones: EASTERN, contacts: 590 },
      ],
    };
    expect(minutesOf(late)).toBe(118);
  });

  test('retries add attempts, and the last of them their delays', () => {
    const calls = { ...TEXTS, retryShare: 0.5, maxAttempts: 3 };
    const eta = estimateEta(calls);
    expect(eta.attempts).toBe(700);
    expect(minutesOf(calls)).toBe(70 + 2 * 30);
    expect(estimateEta({ ...calls, groups: [{ zones: EASTERN, contacts: 20 }] }).binds).toBe('retries');
  });

  test('a limit on attempts to one number holds up those who are tried more often', () => {
    const calls = { ...TEXTS, groups: [{ zones: EASTERN, contacts: 20 }], retryShare: 0.9, maxAttempts: 3 };
    expect(minutesOf({ ...calls, caps: [{ limit: 3, hours: 24 }] })).toBe(minutesOf(calls));
    const capped = { ...calls, caps: [{ limit: 1, hours: 4 }] };
    expect(minutesOf(capped)).toBe((minutesOf(calls) ?? 0) - 2 * 30 + 2 * 240);
    expect(estimateEta(capped).binds).toBe('frequency_caps');
    expect(describeEta(estimateEta(capped), NOW, 'America/New_York')).toContain(
      'the limit on attempts to one number binds',
    );
  });

  test('whoever has been tried often enough for now is waited for, hours open or not', () => {
    const notBefore = new Date(NOW.getTime() + 3 * 3_600_000);
    const groups = [
      { zones: EASTERN, contacts: 10 },
      { zones: EASTERN, contacts: 10, notBefore },
    ];
    expect(minutesOf({ ...TEXTS, groups })).toBe(181);
    expect(estimateEta({ ...TEXTS, groups }).binds).toBe('frequency_caps');
    const night = new Date('2026-11-24T03:00:00Z');
    const late = estimateEta({ ...TEXTS, groups: [{ zones: EASTERN, contacts: 10, notBefore: night }] });
    expect(late.finishesAt?.toISOString().slice(0, 16)).toBe('2026-11-24T13:01');
  });

  test('a retry that falls due at night waits for the morning', () => {
    const evening = new Date('2026-11-24T01:00:00Z');
    const { finishesAt } = estimateEta({
      ...TEXTS,
      now: evening,
      groups: [{ zones: EASTERN, contacts: 100 }],
      retryShare: 0.5,
      retryDelayMinutes: 90,
    });
    expect(finishesAt?.toISOString()).toBe('2026-11-24T13:00:00.000Z');
  });

  test('contacts without any open hour are counted, and the others are not held up by them', () => {
    const never = { zones: ['Europe/London', 'Pacific/Auckland'], contacts: 30 };
    const office: AllowedHours = { start: '09:00', end: '17:00', days: ['monday', 'tuesday'] };
    const mixed = { ...TEXTS, hours: [office], groups: [...TEXTS.groups, never] };
    expect(estimateEta(mixed)).toMatchObject({ outOfReach: 30 });
    expect(minutesOf(mixed)).toBe(40);
    expect(estimateEta({ ...mixed, groups: [never] })).toMatchObject({
      finishesAt: null,
      outOfReach: 30,
      binds: null,
    });
  });

  test('nothing left to do is done now', () => {
    expect(estimateEta({ ...TEXTS, groups: [] })).toEqual({
      finishesAt: NOW,
      attempts: 0,
      binds: null,
      outOfReach: 0,
    });
  });

  test('a rate of nothing never ends', () => {
    expect(estimateEta({ ...TEXTS, rateLimitsPerMinute: [0] }).finishesAt).toBeNull();
  });

  test('a million contacts at the highest limits still have an end', () => {
    const huge = {
      ...TEXTS,
      groups: [EASTERN, PACIFIC, ['America/Denver']].map((zones) => ({ zones, contacts: 333_333 })),
      rateLimitsPerMinute: [6000],
      concurrentLimit: 500,
    };
    expect(minutesOf(huge)).toBeGreaterThan(999_999 / 6000);
  });

  test('it is never sooner than the rate allows, and lifting a limit never makes it later', () => {
    const groups = fc.array(
      fc.record({
        zones: fc.constantFrom(EASTERN, PACIFIC, ['Asia/Kolkata'], ['Europe/London', 'America/Denver']),
        contacts: fc.integer({ min: 0, max: 5000 }),
      }),
      { maxLength: 4 },
    );
    const inputs = fc.record({
      groups,
      rate: fc.integer({ min: 1, max: 600 }),
      concurrentLimit: fc.integer({ min: 1, max: 50 }),
      heldSeconds: fc.constantFrom(2, 45),
      hour: fc.integer({ min: 0, max: 167 }),
    });
    fc.assert(
      fc.property(inputs, ({ groups, rate, concurrentLimit, heldSeconds, hour }) => {
        const now = new Date(NOW.getTime() + hour * 3_600_000);
        const input = { ...TEXTS, now, groups, rateLimitsPerMinute: [rate], concurrentLimit, heldSeconds };
        const minutes = minutesOf(input);
        const contacts = groups.reduce((sum, group) => sum + group.contacts, 0);
        if (minutes === null) return;
        expect(minutes).toBeGreaterThanOrEqual(Math.floor(contacts / sustainedPerMinute(rate)));
        const faster = minutesOf({
          ...input,
          rateLimitsPerMinute: [rate * 2],
          concurrentLimit: concurrentLimit * 2,
        });
        expect(faster).toBeLessThanOrEqual(minutes + 1);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the outlook in words', () => {
  test.each<[string, Partial<EtaInput>, string]>([
    ['minutes', {}, 'about 40 minutes; the rate limit binds'],
    [
      'hours',
      { groups: [{ zones: EASTERN, contacts: 1000 }], heldSeconds: HELD_SECONDS.call },
      'about 2 h 30 min; the number of attempts at once binds',
    ],
    [
      'days',
      { groups: [{ zones: EASTERN, contacts: 16_000 }] },
      'until Wednesday at 09:40, New York time; the rate limit binds',
    ],
    ['a moment', { groups: [{ zones: EASTERN, contacts: 1 }] }, 'less than a minute'],
  ])('%s', (_, change, words) => {
    const input = { ...TEXTS, ...change };
    expect(describeEta(estimateEta(input), NOW, 'America/New_York')).toBe(words);
  });

  test('no end in sight is said as such', () => {
    const eta = estimateEta({ ...TEXTS, rateLimitsPerMinute: [0] });
    expect(describeEta(eta, NOW, 'America/New_York')).toContain('cannot be foreseen');
  });
});
