import type { AttemptRow } from '#db/ledger.ts';
import { nextLookAt, scheduleLook, takeLooks } from '#db/looks.ts';
import { LookupFailed } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { fetchCallReport } from './fetch-call-report.ts';
import { fetchReceipt } from './fetch-receipt.ts';
import { findLostCall } from './find-lost-call.ts';
import { askPerson, findLostText } from './find-lost-text.ts';
import { lookLater } from './wake-campaign.ts';

const NOT_ASKED = 'the provider could not be asked about an attempt';
const BATCH = 20;
const AT_ONCE = 5;
/** A look that dies is taken up again after this. */
const LOOK_LEASE_REAL_MS = 60_000;
/** When the provider cannot be asked, the next look. */
const RETRY_REAL_MS = 60_000;
/** A fate that the provider would not tell for so long is for a person to decide; a text without a receipt has a day. */
const PATIENCE_REAL_MS = { unknown: 60 * 60_000, open: 24 * 60 * 60_000 };

/**
 * Asks the provider about attempts that its reports left open: texts and calls whose answer was lost, texts without a
 * receipt, calls without an end, and prices that come later. Each look is taken by one process at a time; what it finds goes the same way as a report.
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

const LOOKS = {
  sms: { find: findLostText, fetch: fetchReceipt },
  call: { find: findLostCall, fetch: fetchCallReport },
};

async function look(deps: Deps, attempt: AttemptRow): Promise<void> {
  try {
    await LOOKS[attempt.channel][attempt.state === 'unknown' ? 'find' : 'fetch'](deps, attempt);
  } catch (cause) {
    // One attempt that cannot be looked at must not keep the others of its batch from being looked at.
    if (cause instanceof LookupFailed)
      deps.log.warn({ attemptId: attempt.id, cause: cause.message }, NOT_ASKED);
    else deps.log.error({ attemptId: attempt.id, cause }, 'an attempt could not be looked at');
    await lookAgainOrAsk(deps, attempt);
  }
}

async function lookAgainOrAsk(deps: Deps, attempt: AttemptRow): Promise<void> {
  const now = deps.clock.now().getTime();
  const age = now - (attempt.askedAt ?? attempt.createdAt).getTime();
  const patience = attempt.state === 'unknown' ? PATIENCE_REAL_MS.unknown : PATIENCE_REAL_MS.open;
  const isLate = age > deps.clock.realDelay(patience).getTime() - now;
  if (isLate && attempt.state === 'ended')
    return void (await scheduleLook(deps.db, attempt, { lookAt: null }));
  if (isLate) return askPerson(deps, attempt, 'the carrier could not be asked about it for too long');
  await scheduleLook(deps.db, attempt, { lookAt: deps.clock.realDelay(RETRY_REAL_MS) });
}
