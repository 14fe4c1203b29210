import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL_EXTRAS } from '#domain/call-cost.ts';
import { BUILT_IN_RATES, ratesWith } from '#domain/rates.ts';
import { type Planned, reserveFor, reserveLeft, type Standing } from '#domain/reserve.ts';

const TEXT: Planned = {
  channel: 'sms',
  phoneNumber: '+12125550100',
  segments: 2,
  maxSeconds: null,
  isDetecting: false,
};
const CALL: Planned = { ...TEXT, channel: 'call', segments: null, maxSeconds: 600, isDetecting: true };
const DEAREST_TEXT = 13_300;
const MINUTE = 14_000;
const { relayPerMinute: RELAY, detectionPerCall: DETECTION } = CALL_EXTRAS;

function standing(planned: Planned, changes: Partial<Standing>): Standing {
  return {
    ...planned,
    state: 'ended',
    outcome: planned.channel === 'call' ? 'answered' : 'delivered',
    providerRef: 'X1',
    priceMicros: null,
    reservedMicros: reserveFor(BUILT_IN_RATES, planned),
    durationSeconds: null,
    wasAnswered: false,
    wasSpokenOn: false,
    wasJudged: false,
    ...changes,
  };
}

describe('before an attempt', () => {
  test.each<[string, Planned, number]>([
    ['a text reserves its segments at the dearest price', TEXT, 2 * DEAREST_TEXT],
    ['one that was not measured reserves one segment', { ...TEXT, segments: null }, DEAREST_TEXT],
    ['a call reserves all the minutes it may last', CALL, 10 * (MINUTE + RELAY) + DETECTION],
    ['a begun minute counts whole', { ...CALL, maxSeconds: 61 }, 2 * (MINUTE + RELAY) + DETECTION],
    ['without a search for machines none is paid', { ...CALL, isDetecting: false }, 10 * (MINUTE + RELAY)],
  ])('%s', (_, planned, micros) => {
    expect(reserveFor(BUILT_IN_RATES, planned)).toBe(micros);
  });

  test('the workspace’s own rates count', () => {
    const own = {
      channel: 'sms',
      country: 'US',
      lowMicros: 1,
      highMicros: 7,
      source: 'us',
      changedAt: new Date(0),
    };
    expect(reserveFor(ratesWith([own as never]), TEXT)).toBe(14);
  });
});

describe('what stays reserved', () => {
  test.each<[string, Standing, number]>([
    [
      'for one under way is what it has',
      standing(TEXT, { state: 'in_progress', outcome: null }),
      2 * DEAREST_TEXT,
    ],
    [
      'for one taken back after it had given up all is the whole again',
      standing(TEXT, { state: 'unknown', outcome: null, reservedMicros: 0 }),
      2 * DEAREST_TEXT,
    ],
    ['is nothing when nobody was asked', standing(TEXT, { outcome: 'withdrawn', providerRef: null }), 0],
    [
      'is nothing when the provider was too busy',
      standing(TEXT, { outcome: 'throttled', providerRef: null }),
      0,
    ],
    [
      'is nothing when the provider never had it',
      standing(CALL, { outcome: 'not_placed', providerRef: null }),
      0,
    ],
    ['is nothing when it was refused at once', standing(TEXT, { outcome: 'rejected', providerRef: null }), 0],
    ['is nothing when it was taken back', standing(CALL, { outcome: 'canceled' }), 0],
    ['for a text without a price is its estimate', standing(TEXT, {}), 2 * DEAREST_TEXT],
    [
      'for a text that a person took for done is its estimate',
      standing(TEXT, { outcome: 'assumed_done', providerRef: null }),
      2 * DEAREST_TEXT,
    ],
    ['for a text with a price is nothing', standing(TEXT, { priceMicros: 8_300 }), 0],
    ['for a call that nobody picked up is nothing', standing(CALL, { outcome: 'no_answer' }), 0],
    [
      'for a call that somebody picked up and nobody timed is all its minutes',
      standing(CALL, { wasAnswered: true }),
      10 * MINUTE,
    ],
    [
      'for a call is its real length, the conversation and the search',
      standing(CALL, { durationSeconds: 61, wasAnswered: true, wasSpokenOn: true, wasJudged: true }),
      2 * (MINUTE + RELAY) + DETECTION,
    ],
    [
      'for a priced call is what no price holds',
      standing(CALL, {
        durationSeconds: 61,
        wasAnswered: true,
        wasSpokenOn: true,
        wasJudged: true,
        priceMicros: 28_000,
      }),
      2 * RELAY + DETECTION,
    ],
    [
      'for a call that the provider charges although it took it back is what no price holds',
      standing(CALL, { outcome: 'canceled', priceMicros: 14_000, wasJudged: true }),
      DETECTION,
    ],
  ])('%s', (_, one, micros) => {
    expect(reserveLeft(BUILT_IN_RATES, one)).toBe(micros);
  });

  test('is never more than was reserved, for a call that keeps to its time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_600 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        fc.boolean(),
        (maxSeconds, share, wasSpokenOn, isPriced) => {
          const planned = { ...CALL, maxSeconds };
          const left = reserveLeft(
            BUILT_IN_RATES,
            standing(planned, {
              durationSeconds: Math.floor(maxSeconds * share),
              wasAnswered: true,
              wasSpokenOn,
              wasJudged: true,
              priceMicros: isPriced ? 1 : null,
            }),
          );
          expect(left).toBeLessThanOrEqual(reserveFor(BUILT_IN_RATES, planned));
        },
      ),
    );
  });
});
