import type { AttemptRow } from '#db/ledger.ts';
import { nextLookAt, scheduleLook, takeLooks } from '#db/looks.ts';
import { LookupFailed } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { fetchReceipt } from './fetch-receipt.ts';
import { findLostText } from './find-lost-text.ts';
import { lookLater } from './wake-campaign.ts';

const BATCH = 20;
const AT_ONCE = 5;
/** A look that dies is taken up again after this. */
const LOOK_LEASE_REAL_MS = 60_000;
/** When the provider cannot be asked, the next look. */
const RETRY_REAL_MS = 60_000;

/**
 * Asks the provider about attempts that its reports left open: texts whose answer was lost, texts without a receipt, and
 * prices that come later. Each look is taken by one process at a time; what it finds goes the same way as a report.
 */
export async function lookAtAttempts(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const due = await takeLooks(deps.db, now, deps.clock.realDelay(LOOK_LEASE_REAL_MS), BATCH);
  for (let from = 0; from < due.length; from += AT_ONCE) {
    await Promise.all(due.slice(from, from + AT_ONCE).map((attempt) => look(deps, attempt)));
  }
  const next = due.length === BATCH ? now : await nextLookAt(deps.db);
  if (next) await lookLater(deps.db, deps, next);
}

async function look(deps: Deps, attempt: AttemptRow): Promise<void> {
  try {
    if (attempt.state === 'unknown') await findLostText(deps, attempt);
    else await fetchReceipt(deps, attempt);
  } catch (cause) {
    if (!(cause instanceof LookupFailed)) throw cause;
    deps.log.warn(
      { attemptId: attempt.id, cause: cause.message },
      'the provider could not be asked about an attempt',
    );
    await scheduleLook(deps.db, attempt, { lookAt: deps.clock.realDelay(RETRY_REAL_MS) });
  }
}
