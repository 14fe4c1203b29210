import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttemptOutcome } from '#domain/attempt.ts';
import { CONSEQUENCES, type FailureClass } from '#domain/failure.ts';
import {
  type ContactStep,
  callbackOf,
  type EndedAttempt,
  MOST_CALLBACKS,
  stepContact,
} from '#domain/retry.ts';

const ENDED_AT = new Date('2026-11-22T12:00:00Z');
const IN_HALF_AN_HOUR = new Date('2026-11-22T12:30:00Z');

const FIRST: EndedAttempt = {
  outcome: 'delivered',
  failureClass: null,
  attemptsUsed: 1,
  maxAttempts: 3,
  retryDelayMinutes: 30,
  endedAt: ENDED_AT,
};

function final(status: ContactStep['status'], skipReason: ContactStep['skipReason'] = null): ContactStep {
  return { status, nextAttemptAt: null, skipReason, consumed: true };
}
const AGAIN: ContactStep = {
  status: 'pending',
  nextAttemptAt: IN_HALF_AN_HOUR,
  skipReason: null,
  consumed: true,
};
const PUT_BACK: ContactStep = {
  status: 'pending',
  nextAttemptAt: ENDED_AT,
  skipReason: null,
  consumed: false,
};

describe('after a text', () => {
  test.each<[string, Partial<EndedAttempt>, ContactStep]>([
    ['a delivered text is done', { outcome: 'delivered' }, final('completed')],
    ['a sent text without a receipt is done', { outcome: 'sent' }, final('completed')],
    ['a text that a person took for done is done', { outcome: 'assumed_done' }, final('completed')],
    [
      'a carrier failure is tried again after the delay',
      { outcome: 'failed', failureClass: 'provider' },
      AGAIN,
    ],
    ['a failure nobody explained is tried again', { outcome: 'failed' }, AGAIN],
    [
      'the last allowed try is the last',
      { outcome: 'failed', failureClass: 'provider', attemptsUsed: 3 },
      final('failed'),
    ],
    [
      'an unreachable phone is tried once more',
      { outcome: 'undelivered', failureClass: 'unreachable' },
      AGAIN,
    ],
    [
      'and not a third time, although three are allowed',
      { outcome: 'undelivered', failureClass: 'unreachable', attemptsUsed: 2 },
      final('failed'),
    ],
    [
      'the once more is still there when an earlier try failed for another reason',
      { outcome: 'undelivered', failureClass: 'unreachable', attemptsUsed: 2, hadOneMore: false },
      AGAIN,
    ],
    [
      'but never above the cap',
      { outcome: 'undelivered', failureClass: 'unreachable', attemptsUsed: 3, hadOneMore: false },
      final('failed'),
    ],
    [
      'a number that does not exist has failed',
      { outcome: 'rejected', failureClass: 'invalid_number' },
      final('failed'),
    ],
    ['a landline has failed', { outcome: 'rejected', failureClass: 'not_textable' }, final('failed')],
    ['bad content has failed', { outcome: 'rejected', failureClass: 'content' }, final('failed')],
    [
      'an opt-out is skipped for good',
      { outcome: 'rejected', failureClass: 'opted_out' },
      final('skipped', 'opted_out'),
    ],
    ['our account’s fault costs nothing', { outcome: 'rejected', failureClass: 'account' }, PUT_BACK],
    ['our sender’s fault costs nothing', { outcome: 'rejected', failureClass: 'sender' }, PUT_BACK],
    [
      'a closed region costs nothing',
      { outcome: 'rejected', failureClass: 'region', attemptsUsed: 3 },
      PUT_BACK,
    ],
    ['a withdrawn text costs nothing', { outcome: 'withdrawn', attemptsUsed: 3 }, PUT_BACK],
    ['a text that was never placed costs nothing', { outcome: 'not_placed', attemptsUsed: 3 }, PUT_BACK],
    ['a canceled text costs nothing', { outcome: 'canceled' }, PUT_BACK],
    [
      'a busy provider is asked again when it said so, at no cost',
      { outcome: 'throttled', retryAfterMs: 5000 },
      { ...PUT_BACK, nextAttemptAt: new Date('2026-11-22T12:00:05Z') },
    ],
    [
      'what would be tried again in a stopped campaign is skipped',
      { outcome: 'failed', failureClass: 'provider', isCampaignStopped: true },
      final('skipped', 'campaign_stopped'),
    ],
    [
      'what would go back to its place in a stopped campaign is skipped',
      { outcome: 'withdrawn', isCampaignStopped: true },
      { ...final('skipped', 'campaign_stopped'), consumed: false },
    ],
    [
      'what was reached in a stopped campaign is done',
      { outcome: 'delivered', isCampaignStopped: true },
      final('completed'),
    ],
  ])('%s', (_, change, step) => {
    expect(stepContact({ ...FIRST, ...change })).toEqual(step);
  });

  test('it uses up an attempt exactly when the ledger says so', () => {
    const outcomes: AttemptOutcome[] = [
      'delivered',
      'sent',
      'undelivered',
      'failed',
      'rejected',
      'canceled',
      'withdrawn',
      'not_placed',
      'throttled',
      'assumed_done',
    ];
    const putBack: readonly AttemptOutcome[] = ['withdrawn', 'not_placed', 'throttled', 'canceled'];
    const ourFault: readonly (FailureClass | null)[] = ['account', 'sender', 'region'];
    const failing: readonly AttemptOutcome[] = ['undelivered', 'failed', 'rejected'];
    for (const outcome of outcomes) {
      const classes = failing.includes(outcome) ? (Object.keys(CONSEQUENCES) as FailureClass[]) : [null];
      for (const failureClass of classes) {
        const { consumed } = stepContact({ ...FIRST, outcome, failureClass });
        expect(consumed, `${outcome} ${failureClass}`).toBe(
          !putBack.includes(outcome) && !ourFault.includes(failureClass),
        );
      }
    }
  });
});

describe('after a call', () => {
  test.each<[string, Partial<EndedAttempt>, ContactStep]>([
    ['an answered call is done', { outcome: 'answered' }, final('completed')],
    ['a busy line is tried again after the delay', { outcome: 'busy' }, AGAIN],
    ['a busy line is busy in the end', { outcome: 'busy', attemptsUsed: 3 }, final('busy')],
    ['nobody answering is tried again after the delay', { outcome: 'no_answer' }, AGAIN],
    [
      'nobody answering is no answer in the end',
      { outcome: 'no_answer', attemptsUsed: 3 },
      final('no_answer'),
    ],
    ['a mailbox without a message is tried again', { outcome: 'voicemail' }, AGAIN],
    [
      'a mailbox with a message is voicemail',
      { outcome: 'voicemail', hasLeftMessage: true },
      final('voicemail'),
    ],
    ['a mailbox is voicemail in the end', { outcome: 'voicemail', attemptsUsed: 3 }, final('voicemail')],
    ['a fax has failed', { outcome: 'machine' }, final('failed')],
    ['a number that does not exist has failed', { outcome: 'invalid' }, final('failed')],
    ['a carrier failure is tried again', { outcome: 'carrier_failed' }, AGAIN],
    [
      'a carrier failure has failed in the end',
      { outcome: 'carrier_failed', attemptsUsed: 3 },
      final('failed'),
    ],
    ['who hangs up at once is tried again like no answer', { outcome: 'hung_up' }, AGAIN],
    ['who always hangs up is no answer', { outcome: 'hung_up', attemptsUsed: 3 }, final('no_answer')],
    [
      'or done, where the campaign says so',
      { outcome: 'hung_up', policy: { hung_up: 'final' } },
      final('completed'),
    ],
    [
      'a busy line is final, where the campaign says so',
      { outcome: 'busy', policy: { busy: 'final' } },
      final('busy'),
    ],
    [
      'once more is once more',
      { outcome: 'busy', policy: { busy: 'retry_once' }, attemptsUsed: 2 },
      final('busy'),
    ],
    [
      'a mailbox with a message is tried again, where the campaign says so',
      { outcome: 'voicemail', hasLeftMessage: true, policy: { voicemail: 'retry' } },
      AGAIN,
    ],
    ['one outcome’s wish does not touch another', { outcome: 'no_answer', policy: { busy: 'final' } }, AGAIN],
  ])('%s', (_, change, step) => {
    expect(stepContact({ ...FIRST, ...change })).toEqual(step);
  });
});

test('whatever the outcomes, nobody is contacted more often than the cap allows', () => {
  const outcome = fc.constantFrom<EndedAttempt['outcome']>(
    'failed',
    'undelivered',
    'rejected',
    'busy',
    'no_answer',
    'voicemail',
    'hung_up',
    'carrier_failed',
  );
  const failureClass = fc.constantFrom(
    ...(Object.keys(CONSEQUENCES) as FailureClass[]).filter(
      (name) => CONSEQUENCES[name].contact !== 'requeue',
    ),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.tuple(outcome, failureClass), { minLength: 30, maxLength: 30 }),
      (maxAttempts, script) => {
        let used = 0;
        for (const [next, reason] of script) {
          used += 1;
          const step = stepContact({
            ...FIRST,
            outcome: next,
            failureClass: reason,
            attemptsUsed: used,
            maxAttempts,
            hadOneMore: false,
          });
          if (step.status !== 'pending') break;
        }
        expect(used).toBeLessThanOrEqual(maxAttempts);
      },
    ),
  );
});

describe('a promised call back', () => {
  const LATER = new Date('2026-11-23T15:00:00Z');
  const answered = {
    outcome: 'answered' as const,
    callbackAt: LATER,
    callbacks: 0,
    isOptedOut: false,
    isCampaignStopped: false,
    endedAt: ENDED_AT,
  };
  test.each<[string, Partial<Parameters<typeof callbackOf>[0]>, Date | null]>([
    ['is made at its time', {}, LATER],
    ['whose time has passed is made at once', { callbackAt: new Date(0) }, ENDED_AT],
    ['needs somebody who asked', { callbackAt: null }, null],
    ['needs an answered call', { outcome: 'voicemail' }, null],
    ['is kept a third time', { callbacks: MOST_CALLBACKS - 1 }, LATER],
    ['is not kept a fourth time', { callbacks: MOST_CALLBACKS }, null],
    ['is not kept after an opt-out', { isOptedOut: true }, null],
    ['is not kept in a campaign that was stopped', { isCampaignStopped: true }, null],
  ])('%s', (_, given, at) => {
    expect(callbackOf({ ...answered, ...given })).toEqual(at);
  });
});
