import type { AttemptOutcome } from './attempt.ts';
import { CONSEQUENCES, type FailureClass } from './failure.ts';
import { BREAKER_SETTINGS } from './limits.ts';

/** How many of the newest ended attempts are looked at (with fewer it stays shut), and which percent of failures opens it. */
type BreakerSettings = { attempts: number; percent: number };

const STANDARD: BreakerSettings = {
  attempts: BREAKER_SETTINGS.breakerAttempts.standard,
  percent: BREAKER_SETTINGS.breakerPercent.standard,
};

/** How one attempt ended, as far as the breaker cares. */
export type BreakerEnding = { outcome: AttemptOutcome | null; failureClass: FailureClass | null };

export type BreakerVerdict = { open: boolean; failures: number; attempts: number };

/**
 * Whether so many of the last attempts since the campaign was resumed failed at the provider that it must pause and ask a
 * person. `endings` come newest first. Faults of single numbers do not count as failures; attempts that were withdrawn,
 * canceled or put off before the provider took them do not count at all.
 */
export function isBreakerOpen(
  endings: readonly BreakerEnding[],
  settings: BreakerSettings = STANDARD,
): BreakerVerdict {
  const counted = endings.filter(({ outcome }) => !UNCOUNTED.includes(outcome)).slice(0, settings.attempts);
  const failures = counted.filter(isProviderFailure).length;
  const open = counted.length >= settings.attempts && failures * 100 >= settings.percent * counted.length;
  return { open, failures, attempts: counted.length };
}

const UNCOUNTED: readonly (AttemptOutcome | null)[] = ['withdrawn', 'canceled', 'throttled'];

/** The provider refused or failed by its own fault, or never took what it was asked. */
function isProviderFailure({ outcome, failureClass }: BreakerEnding): boolean {
  if (outcome === 'not_placed') return true;
  if (outcome === 'carrier_failed' && failureClass === null) return true;
  return failureClass !== null && CONSEQUENCES[failureClass].providerFault;
}
