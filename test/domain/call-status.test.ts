import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL_STATUS_RANK, type CallStatusName } from '#domain/call.ts';
import {
  acceptsVerdict,
  type CallStanding,
  type EndedCall,
  outcomeOfCall,
  stepCall,
  verdictAction,
} from '#domain/call-status.ts';

const standing = (given: Partial<CallStanding> = {}): CallStanding => ({
  state: 'ringing',
  outcome: null,
  providerRef: 'CA1',
  providerStatus: 'ringing',
  ...given,
});
const report = (status: CallStatusName, ref = 'CA1') => ({ ref, status });

describe('a report on a call', () => {
  test.each([
    [
      'of the first ring lets it ring',
      standing({ state: 'dialing', providerRef: null, providerStatus: null }),
      'ringing',
      { kind: 'advance', state: 'ringing', status: 'ringing' },
    ],
    [
      'of the answer puts it under way',
      standing(),
      'in_progress',
      { kind: 'advance', state: 'in_progress', status: 'in_progress' },
    ],
    ['of what was known already changes nothing', standing(), 'ringing', { kind: 'ignore' }],
    [
      'of something before changes nothing',
      standing({ state: 'in_progress', providerStatus: 'in_progress' }),
      'initiated',
      { kind: 'ignore' },
    ],
    [
      'of something before does adopt a lost call, as far as it was known',
      standing({ state: 'unknown', providerStatus: 'in_progress' }),
      'queued',
      { kind: 'advance', state: 'in_progress', status: 'in_progress' },
    ],
    [
      'brings one back that waited for a decision',
      standing({ state: 'needs_review' }),
      'ringing',
      { kind: 'advance', state: 'ringing', status: 'ringing' },
    ],
    ['of its end ends it', standing(), 'no_answer', { kind: 'end' }],
    [
      'of its end ends it before anything else was told',
      standing({ state: 'dialing', providerRef: null, providerStatus: null }),
      'completed',
      { kind: 'end' },
    ],
    [
      'of the same end twice changes nothing',
      standing({ state: 'ended', outcome: 'busy', providerStatus: 'busy' }),
      'busy',
      { kind: 'ignore' },
    ],
    [
      'of something before its end changes nothing',
      standing({ state: 'ended', outcome: 'busy', providerStatus: 'busy' }),
      'ringing',
      { kind: 'ignore' },
    ],
    [
      'of another end is an anomaly',
      standing({ state: 'ended', outcome: 'busy', providerStatus: 'busy' }),
      'completed',
      { kind: 'anomaly', problem: 'different_ending' },
    ],
    [
      'on one that a person decided about changes nothing',
      standing({ state: 'ended', outcome: 'assumed_done', providerStatus: null }),
      'completed',
      { kind: 'ignore' },
    ],
    [
      'on one that was given up takes it back',
      standing({ state: 'ended', outcome: 'not_placed', providerRef: null, providerStatus: null }),
      'ringing',
      { kind: 'reopen' },
    ],
    [
      'on one that was withdrawn takes it back',
      standing({ state: 'ended', outcome: 'withdrawn', providerRef: null, providerStatus: null }),
      'completed',
      { kind: 'reopen' },
    ],
  ] as const)('%s', (_, call, status, step) => {
    expect(stepCall(call, report(status))).toEqual(step);
  });

  test('with another id is a second call, in whatever state the first one is', () => {
    for (const state of ['dialing', 'ringing', 'in_progress', 'unknown', 'needs_review', 'ended'] as const) {
      const call = standing({ state, outcome: state === 'ended' ? 'answered' : null });
      expect(stepCall(call, report('ringing', 'CA2'))).toEqual({
        kind: 'anomaly',
        problem: 'second_call_for_one_attempt',
      });
    }
  });

  const isTerminal = (status: CallStatusName) => CALL_STATUS_RANK[status] === 4;
  const rankOf = ({ providerStatus }: CallStanding) =>
    providerStatus === null ? -1 : CALL_STATUS_RANK[providerStatus as CallStatusName];

  function after(call: CallStanding, status: CallStatusName): CallStanding {
    const step = stepCall(call, report(status));
    if (step.kind === 'advance')
      return { ...call, state: step.state, providerStatus: step.status, providerRef: 'CA1' };
    return step.kind === 'end'
      ? { ...call, state: 'ended', outcome: 'answered', providerStatus: status }
      : call;
  }

  test('never takes a call back to an earlier state, and the first end stands', () => {
    const statuses = fc.constantFrom(...(Object.keys(CALL_STATUS_RANK) as CallStatusName[]));
    fc.assert(
      fc.property(fc.array(statuses, { maxLength: 12 }), (told) => {
        let call = standing({ state: 'dialing', providerRef: null, providerStatus: null });
        for (const status of told) {
          const before = call;
          call = after(call, status);
          expect(rankOf(call)).toBeGreaterThanOrEqual(rankOf(before));
        }
        const first = told.find(isTerminal);
        expect(call.state === 'ended').toBe(first !== undefined);
        if (first) expect(call.providerStatus).toBe(first);
      }),
    );
  });
});

describe('a verdict', () => {
  const SPOKE = new Date();
  test.each([
    ['counts on a call under way', { isOpen: true, spokeAt: null, answeredBy: null }, 'machine_ready', true],
    [
      'does not count after a person spoke',
      { isOpen: true, spokeAt: SPOKE, answeredBy: null },
      'machine_ready',
      false,
    ],
    ['does not count after the end', { isOpen: false, spokeAt: null, answeredBy: null }, 'human', false],
    [
      'does not replace the first one',
      { isOpen: true, spokeAt: null, answeredBy: 'human' },
      'machine_ready',
      false,
    ],
    [
      'may tell that a machine is ready now',
      { isOpen: true, spokeAt: null, answeredBy: 'machine' },
      'machine_ready',
      true,
    ],
  ] as const)('%s', (_, call, verdict, counts) => {
    expect(acceptsVerdict(call, verdict)).toBe(counts);
  });

  test.each([
    ['machine_ready', 'Hello', 'leave_message'],
    ['machine_ready', null, 'hang_up'],
    ['machine', 'Hello', 'hang_up'],
    ['machine', null, 'hang_up'],
    ['fax', 'Hello', 'hang_up'],
    ['human', 'Hello', null],
    ['unknown', 'Hello', null],
    [null, 'Hello', null],
  ] as const)('“%s” with the message %s asks for %s', (verdict, voicemail, action) => {
    expect(verdictAction(verdict, voicemail)).toBe(action);
  });
});

describe('the outcome of a call', () => {
  const at = new Date();
  const ended = (given: Partial<EndedCall>): EndedCall => ({
    status: 'completed',
    failureClass: null,
    answeredBy: null,
    spokeAt: null,
    verdictActedAt: null,
    voicemailLeftAt: null,
    result: null,
    durationSeconds: null,
    ...given,
  });
  test.each([
    ['four seconds connected', { durationSeconds: 4 }, 'answered'],
    ['three seconds connected', { durationSeconds: 3 }, 'hung_up'],
    ['no length told and nothing heard', {}, 'hung_up'],
    ['a person who spoke, however short', { spokeAt: at, durationSeconds: 1 }, 'answered'],
    ['a human who said nothing for long', { answeredBy: 'human', durationSeconds: 20 }, 'answered'],
    ['“unknown”', { answeredBy: 'unknown', durationSeconds: 20 }, 'answered'],
    ['a machine without a message', { answeredBy: 'machine_ready', durationSeconds: 20 }, 'voicemail'],
    ['a machine with its message', { answeredBy: 'machine_ready', voicemailLeftAt: at }, 'voicemail'],
    ['a machine that was recognised in the talk', { spokeAt: at, result: 'voicemail' }, 'voicemail'],
    [
      'a greeting heard after the verdict was acted on',
      { answeredBy: 'machine_ready', spokeAt: at, verdictActedAt: at },
      'voicemail',
    ],
    ['a person who spoke before it was acted on', { answeredBy: 'machine_ready', spokeAt: at }, 'answered'],
    ['a key for the opt-out', { durationSeconds: 2, result: 'opted_out' }, 'answered'],
    ['a fax', { answeredBy: 'fax', durationSeconds: 8 }, 'machine'],
    ['a busy line', { status: 'busy' }, 'busy'],
    ['nobody there', { status: 'no_answer' }, 'no_answer'],
    ['taken back', { status: 'canceled' }, 'canceled'],
    ['no such number', { status: 'failed', failureClass: 'invalid_number' }, 'invalid'],
    ['a fault of the network', { status: 'failed', failureClass: 'provider' }, 'carrier_failed'],
    ['a failure without a reason', { status: 'failed' }, 'carrier_failed'],
  ] as const)('%s', (_, given, outcome) => {
    expect(outcomeOfCall(ended(given))).toBe(outcome);
  });
});
