import type { AttemptOutcome } from './attempt.ts';
import type { Counts } from './metrics.ts';

/**
 * An attempt in the eight statuses that contacts and executions share (campaign-api §2.3, §4.3), by how it ended; null: not
 * yet. One that is under way is `in_progress`, also where its fate is not known; one by which nobody was contacted is
 * `skipped`.
 */
export function executionStatus(outcome: AttemptOutcome | null): keyof Counts {
  return outcome === null ? 'in_progress' : STATUS_OF[outcome];
}

/** The outcomes that a status stands for; none for one that no ended attempt has. */
export function outcomesOfStatus(status: keyof Counts): AttemptOutcome[] {
  return (Object.keys(STATUS_OF) as AttemptOutcome[]).filter((outcome) => STATUS_OF[outcome] === status);
}

const STATUS_OF: Record<AttemptOutcome, keyof Counts> = {
  delivered: 'completed',
  sent: 'completed',
  assumed_done: 'completed',
  answered: 'completed',
  undelivered: 'failed',
  failed: 'failed',
  rejected: 'failed',
  machine: 'failed',
  invalid: 'failed',
  carrier_failed: 'failed',
  voicemail: 'voicemail',
  busy: 'busy',
  no_answer: 'no_answer',
  hung_up: 'no_answer',
  canceled: 'skipped',
  withdrawn: 'skipped',
  not_placed: 'skipped',
  throttled: 'skipped',
};
