import type { AttemptOutcome } from './attempt.ts';
import type { CallOutcome, ConversationResult } from './call.ts';
import { describeFailure, type FailureClass } from './failure.ts';
import { capitalized, listWords } from './phrases.ts';
import type { RetryPolicy, RetryRule } from './retry.ts';

/** How one call went, as far as it is worth telling. */
export type CallStory = {
  outcome: AttemptOutcome | null;
  providerStatus: string | null;
  durationSeconds: number | null;
  hasLeftMessage: boolean;
  result: ConversationResult | null;
};

/** A call as people read of it: “answered, 2 min 10 s; they asked to be called back.” */
export function describeCall({
  outcome,
  providerStatus,
  durationSeconds,
  hasLeftMessage,
  result,
}: CallStory): string {
  if (outcome === null) return `${IN_PROGRESS[providerStatus ?? ''] ?? 'it is being placed'}.`;
  const words = Object.hasOwn(ENDINGS, outcome)
    ? ENDINGS[outcome as CallOutcome]
    : outcome.replaceAll('_', ' ');
  const message =
    outcome === 'voicemail' ? `; ${hasLeftMessage ? 'a message was left' : 'no message was left'}` : '';
  const length = outcome === 'answered' && durationSeconds !== null ? `, ${lengthOf(durationSeconds)}` : '';
  const said = result === null ? undefined : RESULTS[result];
  return `${words}${length}${message}${said ? `; ${said}` : ''}.`;
}

/** Why an attempt reached nobody, as one sentence: the provider's reason where it gave one, else how the call ended. */
export function describeMiss(miss: {
  failureClass: FailureClass | null;
  failureCode: string | null;
  outcome: string | null;
}): string {
  const { failureClass, failureCode, outcome } = miss;
  if (failureClass !== null || outcome === null || !Object.hasOwn(ENDINGS, outcome))
    return describeFailure(failureClass, failureCode);
  const words = ENDINGS[outcome as CallOutcome];
  return `${capitalized(words)}.`;
}

/** What a campaign does about calls that reach nobody, as one sentence; `delayMinutes` counts from the end of a call. */
export function describeRetries(campaign: {
  retryPolicy: RetryPolicy;
  maxAttempts: number;
  retryDelayMinutes: number;
}): string {
  const { maxAttempts, retryDelayMinutes } = campaign;
  if (maxAttempts <= 1) return 'Nobody is called a second time.';
  const ruled = (wanted: RetryRule) =>
    (Object.keys(UNREACHED) as (keyof RetryPolicy)[])
      .filter((outcome) => (campaign.retryPolicy[outcome] ?? 'retry') === wanted)
      .map((outcome) =>
        outcome === 'voicemail' && campaign.retryPolicy.voicemail === undefined
          ? 'a machine answered and no message was left'
          : UNREACHED[outcome],
      );
  const parts: [string[], string][] = [
    [ruled('retry'), `is called again after ${retryDelayMinutes} min, up to ${maxAttempts} times in all`],
    [ruled('retry_once'), `is called once more after ${retryDelayMinutes} min`],
    [ruled('final'), 'is not called again'],
  ];
  return parts
    .filter(([outcomes]) => outcomes.length > 0)
    .map(([outcomes, what]) => `Where ${listWords(outcomes, 'or')}, the contact ${what}.`)
    .join(' ');
}

const IN_PROGRESS: Record<string, string> = {
  queued: 'it waits at the carrier',
  initiated: 'it is being dialed',
  ringing: 'it rings',
  in_progress: 'they are on the line',
};

const ENDINGS: Record<CallOutcome, string> = {
  answered: 'answered',
  voicemail: 'a machine answered',
  machine: 'a fax answered',
  hung_up: 'they hung up at once',
  busy: 'the line was busy',
  no_answer: 'nobody answered',
  invalid: 'nobody has this number',
  carrier_failed: 'the carrier could not put it through',
};

const UNREACHED: Record<keyof RetryPolicy, string> = {
  no_answer: 'nobody answered',
  busy: 'the line was busy',
  voicemail: 'a machine answered',
  hung_up: 'they hung up at once',
  carrier_failed: 'the carrier failed',
};

const RESULTS: Partial<Record<ConversationResult, string>> = {
  opted_out: 'they asked not to be contacted any more',
  wrong_number: 'they said it is the wrong number',
  complaint: 'they complained',
  transferred: 'they were put through',
  callback: 'they asked to be called back',
  yes: 'they said yes',
  no: 'they said no',
  silent: 'they said nothing',
};

function lengthOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
