import { describe, expect, it } from 'vitest';
import { DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { type GateFacts, judgeContact } from '#domain/gate.ts';
import { candidateZones } from '#domain/number-zones.ts';
import type { FrequencyCap, Reach } from '#domain/reach.ts';

const NOON = new Date('2026-11-24T17:00:00.000Z');
const at = (text: string) => new Date(text);
const THREE_A_DAY: FrequencyCap = { key: 'workspace', limit: 3, hours: 24 };

/** Texts and calls from eight to nine where the number is; hours of the law are tried in the tests of reach. */
function reach(phoneNumber = '+12125550100', caps: FrequencyCap[] = [THREE_A_DAY]): Reach {
  const zones = candidateZones(phoneNumber);
  return { zones, hours: [{ name: 'US', anyOf: [DEFAULT_ALLOWED_HOURS] }], rules: ['US'], caps };
}

function facts(change: Partial<GateFacts> = {}): GateFacts {
  return {
    at: NOON,
    channel: 'sms',
    suppression: null,
    isHeldForReview: false,
    isInFlight: false,
    reach: reach(),
    consent: { isRequired: false, id: null },
    recentAttempts: [],
    lastContactAt: null,
    excludeContactedDays: null,
    expiresAt: null,
    lastDay: null,
    ...change,
  };
}

const manual = { id: 1, channel: 'all', source: 'manual' };
const tried = (...texts: string[]) => texts.map(at);
const day = (date: string, zone: string | null = null) => ({ date, zone });
const LOS_ANGELES = 'America/Los_Angeles';
const SYDNEY = '+61291234567';

describe('the gate', () => {
  it('lets through whom nothing stands against, and says until when', () => {
    expect(judgeContact(facts())).toMatchObject({ kind: 'go', closesAt: at('2026-11-25T02:00:00.000Z') });
  });

  it('keeps what it was based on', () => {
    const verdict = judgeContact(
      facts({
        recentAttempts: tried('2026-11-24T14:00:00Z', '2026-11-20T14:00:00Z'),
        consent: { isRequired: true, id: 7 },
      }),
    );
    expect(verdict.kind === 'go' && verdict.evidence).toMatchObject({
      at: '2026-11-24T17:00:00.000Z',
      zones: ['America/New_York'],
      certainty: 'exact',
      basis: 'area_code',
      localTimes: { 'America/New_York': '2026-11-24 12:00' },
      rules: [{ key: 'US', asOf: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) }],
      caps: [{ ...THREE_A_DAY, counted: 1 }],
      closesAt: '2026-11-25T02:00:00.000Z',
      consentId: 7,
    });
  });

  it('keeps no holidays of other days', () => {
    const hours = [{ anyOf: [DEFAULT_ALLOWED_HOURS], dates: { '2026-11-24': [], '2026-12-25': [] } }];
    const open = {
      ...reach(),
      hours: [{ ...hours[0], anyOf: [DEFAULT_ALLOWED_HOURS], dates: { '2026-12-25': [] } }],
    };
    const verdict = judgeContact(facts({ reach: open }));
    expect(verdict.kind === 'go' && verdict.evidence.hours).toEqual([{ anyOf: [DEFAULT_ALLOWED_HOURS] }]);
    expect(judgeContact(facts({ reach: { ...reach(), hours } }))).toMatchObject({ why: 'outside_hours' });
  });

  it.each<[string, GateFacts, object]>([
    [
      'skips who is on the do-not-call list',
      facts({ suppression: manual }),
      { kind: 'skip', reason: 'do_not_call' },
    ],
    [
      'skips whose number lies in a range that is on it',
      facts({ suppression: { ...manual, prefix: '+1212' } }),
      { kind: 'skip', reason: 'do_not_call' },
    ],
    [
      'skips who opted out, and calls it that',
      facts({ suppression: { ...manual, source: 'opt_out' } }),
      { kind: 'skip', reason: 'opted_out' },
    ],
    [
      'lets who may have opted out wait for a person',
      facts({ isHeldForReview: true }),
      { kind: 'wait', why: 'held_for_review' },
    ],
    ['lets a number in flight wait', facts({ isInFlight: true }), { kind: 'wait', why: 'number_in_flight' }],
    [
      'skips a number that could be anywhere',
      facts({ reach: reach('+18005550100') }),
      { kind: 'skip', reason: 'no_time_zone' },
    ],
    [
      'skips who said where they are in a way that cannot be read',
      facts({ reach: { ...reach(), zones: { ...candidateZones('+12125550100'), zones: [] } } }),
      { kind: 'skip', reason: 'no_time_zone' },
    ],
    [
      'skips who gave no consent where it is demanded',
      facts({ consent: { isRequired: true, id: null } }),
      { kind: 'skip', reason: 'no_consent' },
    ],
    [
      'asks for no consent where nobody demands it',
      facts({ consent: { isRequired: false, id: null } }),
      { kind: 'go' },
    ],
    [
      'says what is final before what passes',
      facts({
        suppression: manual,
        isHeldForReview: true,
        isInFlight: true,
        recentAttempts: [NOON, NOON, NOON],
        at: at('2026-11-24T08:00:00.000Z'),
      }),
      { kind: 'skip', reason: 'do_not_call' },
    ],
    [
      'lets nobody through at night',
      facts({ at: at('2026-11-24T08:00:00.000Z') }),
      { kind: 'wait', why: 'outside_hours', until: at('2026-11-24T13:00:00.000Z') },
    ],
    [
      'waits for all zones of an area code that spans two',
      facts({ reach: reach('+12705550100'), at: at('2026-11-24T13:30:00.000Z') }),
      { kind: 'wait', why: 'outside_hours', until: at('2026-11-24T14:00:00.000Z') },
    ],
    [
      'skips who can never be reached',
      facts({ reach: { ...reach(), hours: [{ anyOf: [{ start: '08:00', end: '09:00', days: [] }] }] } }),
      { kind: 'skip', reason: 'no_window' },
    ],
  ])('%s', (_, given, verdict) => {
    expect(judgeContact(given)).toMatchObject(verdict);
  });
});

describe('a cap on attempts to one number', () => {
  const thrice = tried('2026-11-24T14:00:00Z', '2026-11-24T15:00:00Z', '2026-11-24T16:00:00Z');

  it.each<[string, GateFacts, object]>([
    ['lets the last one under it through', facts({ recentAttempts: thrice.slice(1) }), { kind: 'go' }],
    [
      'puts off until the first of them is a day and a minute ago',
      facts({ recentAttempts: thrice }),
      { kind: 'wait', why: 'frequency_cap', until: at('2026-11-25T14:01:00.000Z') },
    ],
    [
      'lets through again then',
      facts({ recentAttempts: thrice, at: at('2026-11-25T14:01:00.000Z') }),
      { kind: 'go' },
    ],
    [
      'puts off further where there were more than it allows',
      facts({ recentAttempts: [...thrice, at('2026-11-24T16:30:00Z')] }),
      { kind: 'wait', why: 'frequency_cap', until: at('2026-11-25T15:01:00.000Z') },
    ],
    [
      'puts off into open hours only',
      facts({
        recentAttempts: tried('2026-11-24T16:00:00Z'),
        reach: reach(undefined, [{ key: 'US-ME', limit: 1, hours: 12 }]),
      }),
      { kind: 'wait', why: 'frequency_cap', until: at('2026-11-25T13:00:00.000Z') },
    ],
    [
      'names the hours where they open after it has passed',
      facts({
        at: at('2026-11-24T08:00:00.000Z'),
        recentAttempts: tried('2026-11-24T01:00:00Z'),
        reach: reach(undefined, [{ key: 'US-ME', limit: 1, hours: 8 }]),
      }),
      { kind: 'wait', why: 'outside_hours', until: at('2026-11-24T13:00:00.000Z') },
    ],
    [
      'goes by the strictest of several',
      facts({
        recentAttempts: tried('2026-11-24T14:00:00Z'),
        reach: reach(undefined, [THREE_A_DAY, { key: 'US-ME', limit: 1, hours: 8 }]),
      }),
      { kind: 'wait', why: 'frequency_cap', until: at('2026-11-24T22:01:00.000Z') },
    ],
    [
      'leaves out only whom no open hour is left to',
      facts({
        recentAttempts: [NOON],
        reach: {
          ...reach(undefined, [{ key: 'workspace', limit: 1, hours: 720 }]),
          hours: [{ anyOf: [DEFAULT_ALLOWED_HOURS], dates: closedFor40Days() }],
        },
        at: at('2026-11-24T18:00:00Z'),
      }),
      { kind: 'skip', reason: 'no_window' },
    ],
  ])('%s', (_, given, verdict) => {
    expect(judgeContact(given)).toMatchObject(verdict);
  });
});

describe('a campaign that leaves out whom another one contacted lately', () => {
  const lately = { excludeContactedDays: 2, lastContactAt: at('2026-11-22T17:00:01Z') };

  it.each<[string, GateFacts, object]>([
    ['skips them', facts(lately), { kind: 'skip', reason: 'contacted_recently' }],
    [
      'reaches them when the days are over',
      facts({ ...lately, at: at('2026-11-24T17:00:01Z') }),
      { kind: 'go' },
    ],
    ['reaches whom nobody contacted', facts({ excludeContactedDays: 2 }), { kind: 'go' }],
    ['skips nobody unless it says so', facts({ ...lately, excludeContactedDays: null }), { kind: 'go' }],
  ])('%s', (_, given, verdict) => {
    expect(judgeContact(given)).toMatchObject(verdict);
  });
});

describe('a text that expires', () => {
  it.each<[string, GateFacts, object]>([
    [
      'goes out before, and is not delivered after',
      facts({ expiresAt: at('2026-11-24T18:00:00Z') }),
      { kind: 'go', closesAt: at('2026-11-24T18:00:00Z') },
    ],
    ['is left at that instant', facts({ expiresAt: NOON }), { kind: 'skip', reason: 'text_expired' }],
    [
      'is left as soon as nobody can be reached before it',
      facts({ at: at('2026-11-24T08:00:00Z'), expiresAt: at('2026-11-24T13:00:00Z') }),
      { kind: 'skip', reason: 'text_expired' },
    ],
    [
      'is waited for while somebody can',
      facts({ at: at('2026-11-24T08:00:00Z'), expiresAt: at('2026-11-24T13:00:01Z') }),
      { kind: 'wait', why: 'outside_hours' },
    ],
  ])('%s', (_, given, verdict) => {
    expect(judgeContact(given)).toMatchObject(verdict);
  });
});

describe('a campaign that stops at the end of its day', () => {
  it.each<[string, GateFacts, object]>([
    ['goes on during it', facts({ lastDay: day('2026-11-24') }), { kind: 'go' }],
    [
      'waits for its first hour',
      facts({ lastDay: day('2026-11-24'), at: at('2026-11-24T08:00:00Z') }),
      { kind: 'wait', why: 'outside_hours', until: at('2026-11-24T13:00:00Z') },
    ],
    [
      'leaves out whose turn would come the next day',
      facts({ lastDay: day('2026-11-24'), at: at('2026-11-25T02:00:00Z') }),
      { kind: 'skip', reason: 'day_ended' },
    ],
    [
      'leaves out whom a cap puts off to the next day',
      facts({ lastDay: day('2026-11-24'), recentAttempts: [NOON, NOON, NOON] }),
      { kind: 'skip', reason: 'day_ended' },
    ],
    [
      'leaves out who is still there on the next day',
      facts({ lastDay: day('2026-11-23') }),
      { kind: 'skip', reason: 'day_ended' },
    ],
    [
      'leaves out who waits for a decision then',
      facts({ lastDay: day('2026-11-23'), isHeldForReview: true }),
      { kind: 'skip', reason: 'day_ended' },
    ],
    [
      'goes by the date where the person is',
      facts({ lastDay: day('2026-11-24'), reach: reach('+18085550100'), at: at('2026-11-25T05:00:00Z') }),
      { kind: 'go', closesAt: at('2026-11-25T07:00:00Z') },
    ],
    [
      'goes by the campaign’s own date where that keeps to its own clock',
      facts({
        lastDay: day('2026-11-24', LOS_ANGELES),
        reach: reach(SYDNEY),
        at: at('2026-11-25T01:00:00Z'),
      }),
      { kind: 'go' },
    ],
    [
      'leaves out everybody once that is over',
      facts({
        lastDay: day('2026-11-23', LOS_ANGELES),
        reach: reach(SYDNEY),
        at: at('2026-11-25T01:00:00Z'),
      }),
      { kind: 'skip', reason: 'day_ended' },
    ],
  ])('%s', (_, given, verdict) => {
    expect(judgeContact(given)).toMatchObject(verdict);
  });
});

function closedFor40Days(): Record<string, []> {
  const days = Array.from({ length: 60 }, (_, i) => new Date(NOON.getTime() + i * 86_400_000));
  return Object.fromEntries(days.map((day) => [day.toISOString().slice(0, 10), []]));
}
