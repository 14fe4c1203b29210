import { describe, expect, test } from 'vitest';
import { type CallStory, describeCall, describeMiss, describeRetries } from '#domain/call-words.ts';

const CALL: CallStory = {
  outcome: 'answered',
  providerStatus: 'completed',
  durationSeconds: 130,
  hasLeftMessage: false,
  result: null,
};

test.each<[Partial<CallStory>, string]>([
  [{}, 'answered, 2 min 10 s.'],
  [{ durationSeconds: 9, result: 'callback' }, 'answered, 9 s; they asked to be called back.'],
  [{ result: 'answered' }, 'answered, 2 min 10 s.'],
  [{ outcome: 'voicemail', hasLeftMessage: true }, 'a machine answered; a message was left.'],
  [{ outcome: 'voicemail', result: 'voicemail' }, 'a machine answered; no message was left.'],
  [{ outcome: 'no_answer', durationSeconds: 0 }, 'nobody answered.'],
  [{ outcome: 'invalid' }, 'nobody has this number.'],
  [{ outcome: 'canceled' }, 'canceled.'],
  [{ outcome: null, providerStatus: 'ringing' }, 'it rings.'],
  [{ outcome: null, providerStatus: 'in_progress' }, 'they are on the line.'],
  [{ outcome: null, providerStatus: null }, 'it is being placed.'],
])('a call that is %j is told as “%s”', (changes, words) => {
  expect(describeCall({ ...CALL, ...changes })).toBe(words);
});

test.each([
  [{ outcome: 'machine', failureClass: null, failureCode: null }, 'A fax answered.'],
  [
    { outcome: 'invalid', failureClass: 'invalid_number', failureCode: '404' },
    'The number does not exist (404).',
  ],
  [
    { outcome: 'carrier_failed', failureClass: null, failureCode: null },
    'The carrier could not put it through.',
  ],
  [{ outcome: 'undelivered', failureClass: 'filtered', failureCode: null }, 'The carrier filtered the text.'],
  [{ outcome: 'failed', failureClass: null, failureCode: null }, 'It failed without a reason.'],
  [{ outcome: null, failureClass: null, failureCode: null }, 'It failed without a reason.'],
] as const)('%j is told as “%s”', (miss, words) => {
  expect(describeMiss(miss)).toBe(words);
});

describe('what is done about calls that reach nobody', () => {
  const campaign = { retryPolicy: {}, maxAttempts: 3, retryDelayMinutes: 30 };

  test('by default all of them are tried again, except where a message was left', () => {
    expect(describeRetries(campaign)).toBe(
      'Where nobody answered, the line was busy, a machine answered and no message was left, they hung up at once or the carrier failed, the contact is called again after 30 min, up to 3 times in all.',
    );
  });

  test('each rule names its outcomes', () => {
    const retryPolicy = {
      no_answer: 'retry',
      busy: 'retry_once',
      voicemail: 'final',
      hung_up: 'final',
    } as const;
    expect(describeRetries({ ...campaign, retryPolicy })).toBe(
      'Where nobody answered or the carrier failed, the contact is called again after 30 min, up to 3 times in all. ' +
        'Where the line was busy, the contact is called once more after 30 min. ' +
        'Where a machine answered or they hung up at once, the contact is not called again.',
    );
  });

  test('one attempt is one attempt', () => {
    expect(describeRetries({ ...campaign, maxAttempts: 1 })).toBe('Nobody is called a second time.');
  });
});
