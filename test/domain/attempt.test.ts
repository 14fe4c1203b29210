import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttemptOutcome,
  type AttemptStanding,
  stepTextStatus,
  TEXT_STATUS_RANK,
  type TextStatusName,
} from '#domain/attempt.ts';

const open: AttemptStanding = {
  state: 'in_progress',
  outcome: null,
  providerRef: 'SM1',
  providerStatus: 'queued',
};
const ended = (outcome: AttemptOutcome): AttemptStanding => ({ ...open, state: 'ended', outcome });

describe('a report on a text', () => {
  it.each<[string, AttemptStanding, TextStatusName, ReturnType<typeof stepTextStatus>]>([
    [
      'that comes before the answer gives the attempt its provider id',
      { ...open, state: 'dialing', providerRef: null, providerStatus: null },
      'queued',
      { kind: 'advance' },
    ],
    ['that is newer moves it forward', open, 'sent', { kind: 'advance' }],
    ['that is older changes nothing', { ...open, providerStatus: 'sent' }, 'sending', { kind: 'ignore' }],
    ['that comes twice changes nothing', { ...open, providerStatus: 'sent' }, 'sent', { kind: 'ignore' }],
    ['that is terminal ends it', open, 'delivered', { kind: 'end', outcome: 'delivered' }],
    [
      'that is terminal ends one whose answer was lost',
      { ...open, state: 'unknown', providerRef: null },
      'delivered',
      { kind: 'end', outcome: 'delivered' },
    ],
    [
      'that moves forward frees one whose answer was lost',
      { ...open, state: 'unknown', providerRef: null, providerStatus: null },
      'queued',
      { kind: 'advance' },
    ],
    ['that repeats the ending changes nothing', ended('delivered'), 'delivered', { kind: 'ignore' }],
    ['“sent” after “delivered” is normal noise', ended('delivered'), 'sent', { kind: 'ignore' }],
    [
      'that contradicts the ending is told, and changes nothing',
      ended('delivered'),
      'failed',
      { kind: 'anomaly', problem: 'different_ending' },
    ],
    [
      'on one that was given up means that it was taken after all',
      ended('not_placed'),
      'queued',
      { kind: 'late' },
    ],
    [
      'on one that was withdrawn means that it was asked for after all',
      ended('withdrawn'),
      'delivered',
      { kind: 'late' },
    ],
    [
      'corrects our own conclusion that it had arrived',
      ended('sent'),
      'undelivered',
      { kind: 'correct', outcome: 'undelivered' },
    ],
    [
      'confirms our own conclusion that it had arrived',
      ended('sent'),
      'delivered',
      { kind: 'correct', outcome: 'delivered' },
    ],
    ['does not overrule a person', ended('assumed_done'), 'failed', { kind: 'ignore' }],
  ])('%s', (_, standing, status, step) => {
    expect(stepTextStatus(standing, { ref: 'SM1', status })).toEqual(step);
  });

  it('with another provider id is told as a second text for one attempt', () => {
    expect(stepTextStatus(open, { ref: 'SM2', status: 'delivered' })).toEqual({
      kind: 'anomaly',
      problem: 'second_text_for_one_attempt',
    });
  });

  it('in whatever order and however often they come, the first terminal one decides and nothing moves back', () => {
    const statuses = fc.array(fc.constantFrom(...(Object.keys(TEXT_STATUS_RANK) as TextStatusName[])), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(statuses, (reports) => {
        let attempt: AttemptStanding = {
          state: 'dialing',
          outcome: null,
          providerRef: null,
          providerStatus: null,
        };
        let rank = -1;
        for (const status of reports) {
          const step = stepTextStatus(attempt, { ref: 'SM1', status });
          if (step.kind === 'advance') {
            expect(TEXT_STATUS_RANK[status]).toBeGreaterThanOrEqual(rank);
            rank = TEXT_STATUS_RANK[status];
            attempt = { state: 'in_progress', outcome: null, providerRef: 'SM1', providerStatus: status };
          }
          if (step.kind === 'end')
            attempt = { ...attempt, state: 'ended', outcome: step.outcome, providerRef: 'SM1' };
        }
        const firstTerminal = reports.find((status) => TEXT_STATUS_RANK[status] === 3) ?? null;
        expect(attempt.outcome).toBe(firstTerminal);
      }),
    );
  });
});
