import { describe, expect, test } from 'vitest';
import { DAY_NAMES } from '#domain/calling-window.ts';
import { ratesWith } from '#domain/rates.ts';
import type { AssumedEnd } from '#domain/rehearsal/assumptions.ts';
import { planOf } from '#domain/rehearsal/plan.ts';
import type { RehearsalInput, RehearsedContact } from '#domain/rehearsal/rehearsal.ts';
import { rehearse, rehearseInSteps } from '#domain/rehearsal/rehearse.ts';
import { plainPolicy } from '#support/policy.ts';

/** A Tuesday, 14:00 in New York. */
const NOW = new Date('2026-11-24T19:00:00.000Z');
const MINUTE = 60_000;

const ends = (outcome: AssumedEnd['outcome'], seconds = 30): RehearsalInput['endOf'] => {
  return () => ({ outcome, failureClass: null, seconds });
};

function person(phoneNumber: string, changes: Partial<RehearsedContact> = {}): RehearsedContact {
  return {
    phoneNumber,
    ownZones: null,
    ownRegion: null,
    dueAt: NOW.getTime(),
    nextChannel: null,
    firstStatus: null,
    used: 0,
    suppression: { call: null, sms: null },
    hasConsent: { call: false, sms: false },
    isHeldForReview: false,
    recentAttempts: [],
    lastContactAt: null,
    segments: 1,
    refused: {},
    ...changes,
  };
}

const people = (count: number, changes: Partial<RehearsedContact> = {}) =>
  Array.from({ length: count }, (_, i) => person(`+1212555${String(1000 + i)}`, changes));

function campaign(changes: Partial<RehearsalInput> = {}): RehearsalInput {
  return {
    now: NOW,
    contacts: people(10),
    campaignType: 'call',
    mixedSettings: null,
    maxAttempts: 1,
    retryDelayMinutes: 30,
    retryPolicy: {},
    hours: {
      windows: [{ start: '08:00', end: '21:00', days: [...DAY_NAMES] }],
      closedDates: [],
      zone: 'America/New_York',
      followsContact: true,
    },
    policy: plainPolicy(),
    excludeContactedDays: null,
    textExpiresAt: null,
    endOfDay: 'continue',
    rateLimitsPerMinute: [6_000],
    callsPerSecond: 100,
    concurrentLimit: 100,
    canaryLeft: null,
    leftMicros: null,
    rates: ratesWith([]),
    maxSeconds: 600,
    isDetecting: false,
    endOf: ends('answered'),
    ...changes,
  };
}

const minutesIn = ({ attempts }: ReturnType<typeof rehearse>) =>
  attempts.map(({ at }) => (at - NOW.getTime()) / MINUTE);

describe('a rehearsal', () => {
  test('calls no more people at once than there are places', () => {
    const plan = rehearse(campaign({ concurrentLimit: 2, endOf: ends('answered', 60) }));
    expect(minutesIn(plan).map(Math.floor)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(plan.finishesAt).toBeGreaterThanOrEqual(NOW.getTime() + 5 * MINUTE);
  });

  test('begins no more attempts in a minute than the rate allows', () => {
    const plan = rehearse(campaign({ contacts: people(30), rateLimitsPerMinute: [6_000, 10] }));
    for (const from of minutesIn(plan)) {
      const within = minutesIn(plan).filter((minute) => minute >= from && minute < from + 1);
      expect(within.length).toBeLessThanOrEqual(10);
    }
    expect(plan.attempts).toHaveLength(30);
  });

  test('tries again after the delay, as often as allowed', () => {
    const plan = rehearse(campaign({ contacts: people(1), maxAttempts: 3, endOf: ends('no_answer', 30) }));
    expect(minutesIn(plan)).toEqual([0, 30.5, 61]);
    expect(plan.ended).toEqual(new Map([['no_answer', 1]]));
  });

  test('keeps to the caps of the workspace', () => {
    const policy = { ...campaign().policy, frequency: { key: 'workspace', limit: 2, hours: 24 } };
    const contacts = people(1, { recentAttempts: [new Date(NOW.getTime() - 60 * MINUTE)] });
    const plan = rehearse(campaign({ contacts, policy, maxAttempts: 2, endOf: ends('busy', 5) }));
    const [first, second] = minutesIn(plan);
    expect(first).toBe(0);
    expect(second).toBeGreaterThanOrEqual(23 * 60);
  });

  test('waits for the morning of each person', () => {
    const contacts = [person('+12125550100'), person('+442079460958'), person('+819012345678')];
    const plan = rehearse(campaign({ contacts }));
    expect(plan.attempts.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Date(plan.attempts[1]?.at ?? 0).toISOString()).toBe('2026-11-24T19:00:00.000Z');
    expect(new Date(plan.attempts[2]?.at ?? 0).toISOString()).toBe('2026-11-24T23:00:00.000Z');
  });

  test('leaves out whoever would be called on another day, where it stops with the day', () => {
    const contacts = [...people(2), person('+819012345678')];
    const plan = rehearse(campaign({ contacts, endOfDay: 'stop' }));
    expect(plan.attempts).toHaveLength(2);
    expect(plan.skips).toEqual(new Map([['day_ended', 1]]));
  });

  test.each([
    [
      'who is on the list',
      { suppression: { call: { id: 1, channel: 'all', source: 'manual' }, sms: null } },
      'do_not_call',
    ],
    ['whose words come out empty', { refused: { call: 'empty_message' } }, 'empty_message'],
    ['whose zone could not be read', { ownZones: [] }, 'no_time_zone'],
  ] as const)('leaves out %s', (_, changes, reason) => {
    const plan = rehearse(campaign({ contacts: people(1, changes as Partial<RehearsedContact>) }));
    expect(plan.attempts).toEqual([]);
    expect(plan.skips).toEqual(new Map([[reason, 1]]));
    expect(plan.finishesAt).toBeNull();
  });

  test('counts apart those about whom somebody must decide first', () => {
    const plan = rehearse(campaign({ contacts: people(2, { isHeldForReview: true }) }));
    expect(plan).toMatchObject({ undecided: 2, attempts: [], left: 0 });
  });

  test('stops before the budget would be passed', () => {
    const plan = rehearse(campaign({ campaignType: 'sms', leftMicros: 40_000, endOf: ends('delivered', 5) }));
    const spent = plan.attempts.reduce((sum, { highMicros }) => sum + highMicros, 0);
    expect(spent).toBeLessThanOrEqual(40_000);
    expect(plan.attempts).toHaveLength(3);
    expect(plan.stops).toMatchObject([{ kind: 'budget', attempts: 3 }]);
    expect(plan.left).toBe(7);
  });

  test('waits for what calls give back to the budget before it calls again', () => {
    const reserved = 10 * (14_000 + 70_000);
    const plan = rehearse(campaign({ leftMicros: reserved + 100_000, endOf: ends('no_answer', 30) }));
    expect(plan.attempts).toHaveLength(10);
    expect(new Set(minutesIn(plan)).size).toBe(10);
  });

  test('tells where it would hold after the first ones, and goes on', () => {
    const plan = rehearse(campaign({ canaryLeft: 3 }));
    expect(plan.stops).toMatchObject([{ kind: 'canary', attempts: 3 }]);
    expect(plan.attempts).toHaveLength(10);
  });

  test('follows a call with a text where both are wanted', () => {
    const plan = rehearse(
      campaign({
        contacts: people(1),
        campaignType: 'mixed',
        mixedSettings: { first: 'call', followUp: 'always', delayMinutes: 10 },
      }),
    );
    expect(plan.attempts.map(({ channel }) => channel)).toEqual(['call', 'sms']);
    expect(minutesIn(plan)).toEqual([0, 10.5]);
  });

  test('ends when the hours of nobody ever open', () => {
    const hours = { ...campaign().hours, windows: [] };
    expect(rehearse(campaign({ hours })).skips).toEqual(new Map([['no_window', 10]]));
  });

  test('comes to the same in steps', () => {
    const input = campaign({
      contacts: people(300),
      rateLimitsPerMinute: [20],
      maxAttempts: 2,
      endOf: ends('busy'),
    });
    const steps = rehearseInSteps(input);
    const seen: number[] = [];
    let step = steps.next();
    for (; !step.done; step = steps.next()) seen.push(step.value);
    expect(step.value).toEqual(rehearse(input));
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe('the plan of a rehearsal', () => {
  test('stands by the hours of the campaign and the zones of its people', () => {
    const contacts = [...people(3), person('+819012345678')];
    const rehearsal = rehearse(campaign({ contacts }));
    const plan = planOf(rehearsal, {
      zone: 'America/New_York',
      zoneOf: (index) => (index === 3 ? 'Tokyo' : 'New York'),
    });
    expect(plan.hours.map(({ day, hour, attempts }) => [day, hour, attempts])).toEqual([
      ['Tue 2026-11-24', '14:00', 3],
      ['Tue 2026-11-24', '18:00', 1],
    ]);
    expect(plan.zones).toEqual(['New York', 'Tokyo']);
    expect(plan).toMatchObject({ calls: 4, texts: 0, reached: 4 });
    expect(plan.cost.low).toBeGreaterThan(0);
    expect(plan.cost.high).toBeGreaterThanOrEqual(plan.cost.low);
  });

  test('counts half-hour zones by the hours of their own clock', () => {
    const rehearsal = rehearse(campaign({ contacts: people(1) }));
    const [hour] = planOf(rehearsal, { zone: 'Asia/Kolkata', zoneOf: () => '' }).hours;
    expect([hour?.day, hour?.hour]).toEqual(['Wed 2026-11-25', '00:00']);
  });

  test.each(['Asia/Kathmandu', 'Australia/Lord_Howe', 'America/New_York'])(
    'counts each attempt in the hour that the clock of %s shows, also where the clock changes',
    (zone) => {
      const from = Date.parse('2026-03-07T12:00:00Z');
      const attempts = Array.from({ length: 40 * 24 * 12 }, (_, i) => ({
        at: from + i * 5 * MINUTE + 59_999,
        index: 0,
        channel: 'call' as const,
        outcome: 'answered',
        lowMicros: 0,
        highMicros: 0,
      }));
      const clock = new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        hourCycle: 'h23',
      });
      const counted = new Map<string, number>();
      for (const { at } of attempts) {
        const shown = clock.format(at).replace(', ', ' ');
        counted.set(shown, (counted.get(shown) ?? 0) + 1);
      }
      const planned = new Map<string, number>();
      const rehearsal = { ...rehearse(campaign({ contacts: [] })), attempts };
      for (const { day, hour, attempts: made } of planOf(rehearsal, { zone, zoneOf: () => '' }).hours) {
        const shown = `${day.slice(4)} ${hour.slice(0, 2)}`;
        planned.set(shown, (planned.get(shown) ?? 0) + made);
      }
      expect(planned).toEqual(counted);
    },
  );
});
