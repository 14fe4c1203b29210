import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  channelOf,
  checkMixed,
  DEFAULT_MIXED,
  describeMixed,
  type MixedEnding,
  type MixedSettings,
  type MixedStep,
  stepMixed,
} from '#domain/mixed.ts';
import type { ContactStep } from '#domain/retry.ts';

const ENDED_AT = new Date('2026-11-22T12:00:00Z');
const LATER = new Date('2026-11-22T12:30:00Z');

const over = (status: ContactStep['status'], skipReason: ContactStep['skipReason'] = null): ContactStep => ({
  status,
  nextAttemptAt: null,
  skipReason,
  consumed: true,
});
const AGAIN: ContactStep = { status: 'pending', nextAttemptAt: LATER, skipReason: null, consumed: true };
const PUT_BACK: ContactStep = {
  status: 'pending',
  nextAttemptAt: ENDED_AT,
  skipReason: null,
  consumed: false,
};

const ending = (changes: Partial<MixedEnding>): MixedEnding => ({
  settings: DEFAULT_MIXED,
  channel: 'call',
  step: over('completed'),
  firstStatus: null,
  hasReplied: false,
  isStopped: false,
  endedAt: ENDED_AT,
  ...changes,
});

const follows = (
  nextChannel: 'sms' | 'call',
  firstStatus: MixedStep['firstStatus'],
  at = ENDED_AT,
): MixedStep => ({
  status: 'pending',
  nextAttemptAt: at,
  skipReason: null,
  consumed: true,
  nextChannel,
  firstStatus,
  waitReason: 'follow_up',
});

describe('after the first channel', () => {
  test.each<[string, Partial<MixedEnding>, Partial<MixedStep>]>([
    ['an answered call is followed by a text', {}, follows('sms', 'completed')],
    ['an unanswered call is followed by a text', { step: over('no_answer') }, follows('sms', 'no_answer')],
    [
      'a delivered text is followed by a call where texts come first',
      { settings: { ...DEFAULT_MIXED, first: 'sms' }, channel: 'sms' },
      follows('call', 'completed'),
    ],
    [
      'the follow-up waits for its delay, from the end of the attempt',
      { settings: { ...DEFAULT_MIXED, delayMinutes: 30 } },
      follows('sms', 'completed', LATER),
    ],
    [
      'who was reached is followed up where only they are',
      { settings: { ...DEFAULT_MIXED, followUp: 'if_reached' } },
      follows('sms', 'completed'),
    ],
    [
      'who was not reached is left where only the reached are followed up',
      { settings: { ...DEFAULT_MIXED, followUp: 'if_reached' }, step: over('voicemail') },
      {
        status: 'voicemail',
        nextAttemptAt: null,
        nextChannel: null,
        firstStatus: 'voicemail',
        waitReason: null,
      },
    ],
    [
      'a voicemail does not count as reached',
      { settings: { ...DEFAULT_MIXED, followUp: 'if_not_reached' }, step: over('voicemail') },
      follows('sms', 'voicemail'),
    ],
    [
      'who was reached is done where only the others are followed up',
      { settings: { ...DEFAULT_MIXED, followUp: 'if_not_reached' } },
      { status: 'completed', nextAttemptAt: null, nextChannel: null, waitReason: null },
    ],
    [
      'a retry stays on the first channel',
      { step: AGAIN },
      { status: 'pending', nextAttemptAt: LATER, nextChannel: null, firstStatus: null, waitReason: null },
    ],
    [
      'what was put back uses up nothing',
      { step: PUT_BACK },
      { status: 'pending', consumed: false, nextChannel: null },
    ],
    ['a reply stops the follow-up', { hasReplied: true }, { status: 'completed', waitReason: null }],
    [
      'who replied counts as reached although the report says otherwise',
      { hasReplied: true, step: over('failed') },
      { status: 'completed' },
    ],
    [
      'a cancelled campaign follows nobody up',
      { isStopped: true },
      { status: 'completed', waitReason: null },
    ],
    [
      'a cancelled campaign leaves the unreached as they are',
      { isStopped: true, step: over('busy') },
      { status: 'busy', nextAttemptAt: null },
    ],
    [
      'who opted out at the carrier is not followed up',
      { step: over('skipped', 'opted_out') },
      { status: 'skipped', skipReason: 'opted_out', waitReason: null },
    ],
  ])('%s', (_, changes, expected) => {
    expect(stepMixed(ending(changes))).toMatchObject(expected);
  });
});

describe('after the follow-up', () => {
  test.each<[string, Partial<MixedEnding>, Partial<MixedStep>]>([
    [
      'who answered the call is completed although the text failed',
      { channel: 'sms', firstStatus: 'completed', step: over('failed') },
      { status: 'completed', nextAttemptAt: null, nextChannel: 'sms', firstStatus: 'completed' },
    ],
    [
      'who got the text is completed although nobody answered',
      { channel: 'sms', firstStatus: 'no_answer' },
      { status: 'completed', firstStatus: 'no_answer' },
    ],
    [
      'where neither reached them the call says how, when it came first',
      { channel: 'sms', firstStatus: 'no_answer', step: over('failed') },
      { status: 'no_answer' },
    ],
    [
      'where neither reached them the call says how, when it came second',
      {
        settings: { ...DEFAULT_MIXED, first: 'sms' },
        channel: 'call',
        firstStatus: 'failed',
        step: over('busy'),
      },
      { status: 'busy' },
    ],
    [
      'its retry stays on the second channel and keeps how the first one ended',
      { channel: 'sms', firstStatus: 'busy', step: AGAIN },
      { status: 'pending', nextAttemptAt: LATER, nextChannel: 'sms', firstStatus: 'busy', waitReason: null },
    ],
    [
      'a reply spares them its retry',
      {
        settings: { ...DEFAULT_MIXED, first: 'sms' },
        channel: 'call',
        firstStatus: 'completed',
        step: AGAIN,
        hasReplied: true,
      },
      { status: 'completed', nextAttemptAt: null, skipReason: null },
    ],
    [
      'who opted out at the carrier after no answer is left out for that reason',
      { channel: 'sms', firstStatus: 'no_answer', step: over('skipped', 'opted_out') },
      { status: 'skipped', skipReason: 'opted_out' },
    ],
    [
      'who was reached first stays completed when the campaign ends before a retry',
      {
        channel: 'sms',
        firstStatus: 'completed',
        step: over('skipped', 'campaign_stopped'),
        isStopped: true,
      },
      { status: 'completed', skipReason: null },
    ],
  ])('%s', (_, changes, expected) => {
    expect(stepMixed(ending(changes))).toMatchObject(expected);
  });
});

describe('whatever happens', () => {
  const final = fc
    .constantFrom('completed', 'failed', 'no_answer', 'busy', 'voicemail')
    .map((status) => over(status));
  const step = fc.oneof(
    final,
    fc.constantFrom(AGAIN, PUT_BACK, over('skipped', 'opted_out'), over('skipped', 'campaign_stopped')),
  );
  const settings = fc.record({
    first: fc.constantFrom('call', 'sms'),
    followUp: fc.constantFrom('always', 'if_reached', 'if_not_reached'),
    delayMinutes: fc.integer({ min: 0, max: 10_080 }),
  });
  /** One campaign with one contact, attempt after attempt, until it waits no more. */
  const lives = fc.array(fc.record({ step, hasReplied: fc.boolean(), isStopped: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });

  type Attempt = Pick<MixedEnding, 'step' | 'hasReplied' | 'isStopped'>;
  const live = (chosen: MixedSettings, attempts: Attempt[]) => {
    const lived: { attempt: Attempt; channel: 'call' | 'sms'; next: MixedStep }[] = [];
    for (const attempt of attempts) {
      const before = lived.at(-1)?.next;
      const channel = channelOf(chosen, before?.nextChannel ?? null);
      const firstStatus = before?.firstStatus ?? null;
      const next = stepMixed(ending({ ...attempt, settings: chosen, channel, firstStatus }));
      lived.push({ attempt, channel, next });
      if (next.status !== 'pending') break;
    }
    return lived;
  };

  test('a contact goes over to the other channel once, unless something stops it', () => {
    fc.assert(
      fc.property(settings, lives, (chosen, attempts) => {
        const lived = live(chosen, attempts);
        const over = lived.filter(({ next }) => next.waitReason === 'follow_up');
        expect(over.length).toBeLessThanOrEqual(1);
        for (const { attempt, channel, next } of over) {
          expect(attempt.isStopped || attempt.hasReplied).toBe(false);
          expect(channel).toBe(chosen.first);
          expect(next.nextAttemptAt?.getTime()).toBe(ENDED_AT.getTime() + chosen.delayMinutes * 60_000);
        }
        const channels = lived.map(({ channel }) => channel);
        expect(channels).toEqual([...channels].sort((a) => (a === chosen.first ? -1 : 1)));
      }),
    );
  });

  test('a contact waits for an instant or ends for good, completed when it was ever reached', () => {
    fc.assert(
      fc.property(settings, lives, (chosen, attempts) => {
        const lived = live(chosen, attempts);
        for (const { next } of lived) expect(next.nextAttemptAt === null).toBe(next.status !== 'pending');
        const end = lived.at(-1)?.next.status;
        const wasReached = lived.some(({ attempt }) => attempt.step.status === 'completed');
        if (wasReached && end !== 'pending') expect(end).toBe('completed');
      }),
    );
  });
});

test('a contact begins on the first channel and goes on where it is told to', () => {
  expect(channelOf(null, null)).toBe('call');
  expect(channelOf({ ...DEFAULT_MIXED, first: 'sms' }, null)).toBe('sms');
  expect(channelOf(DEFAULT_MIXED, 'sms')).toBe('sms');
});

describe('mixed settings', () => {
  test.each([
    [{}, DEFAULT_MIXED],
    [{ first: 'sms' }, { first: 'sms', followUp: 'always', delayMinutes: 0 }],
    [
      { first: 'call', followUp: 'if_not_reached', delayMinutes: '45' },
      { first: 'call', followUp: 'if_not_reached', delayMinutes: 45 },
    ],
    [
      { follow_up: 'if_reached', delay_minutes: 10_080 },
      { first: 'call', followUp: 'if_reached', delayMinutes: 10_080 },
    ],
  ])('%o are usable', (given, expected) => {
    expect(checkMixed(given)).toEqual(expected);
  });

  test.each([
    [null, 'which channel comes first'],
    [[], 'which channel comes first'],
    [{ first: 'email' }, 'write call or sms'],
    [{ first: 'toString' }, 'write call or sms'],
    [{ followUp: 'sometimes' }, 'always, if_reached or if_not_reached'],
    [{ delayMinutes: -1 }, 'from 0 to 10080'],
    [{ delayMinutes: 10_081 }, 'from 0 to 10080'],
    [{ delayMinutes: 1.5 }, 'from 0 to 10080'],
    [{ delayMinutes: 'soon' }, 'from 0 to 10080'],
  ])('%o are refused with a sentence', (given, words) => {
    expect(checkMixed(given)).toEqual({ problem: expect.stringContaining(words) });
  });

  test('they are told as one sentence', () => {
    expect(describeMixed(DEFAULT_MIXED)).toBe('A call first, then a text.');
    expect(describeMixed({ first: 'sms', followUp: 'if_not_reached', delayMinutes: 60 })).toBe(
      'A text first, then a call 60 min later if that did not reach them.',
    );
  });
});
