import { skipLeftBehind } from '#db/contacts.ts';
import { keepUnknown, lockAttempts } from '#db/ledger.ts';
import { nextLeaseEndAt, takeExpiredLeases } from '#db/looks.ts';
import { reviveUndecided } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { endAttempts } from './end-attempts.ts';
import { recoverImports } from './recover-imports.ts';
import { recoverSuppressionImports } from './recover-suppression-imports.ts';
import { recoverErasures } from './request-erasure.ts';
import { requeueWaiting } from './requeue-waiting.ts';
import { stopCampaigns } from './stop-campaigns.ts';
import { sweepInboundCalls } from './sweep-inbound-calls.ts';

const BATCH = 500;
const REVIVE_AFTER_MS = 10 * 60_000;
const RACED_WITHIN_MS = 60 * 60_000;

/**
 * The reaper: at start and every minute, in every process. What a dead process left behind is found in the rows it had
 * committed: attempts whose lease ran out, and everything that waits for a task which may have died with its worker.
 * Running it twice changes nothing (design §4).
 */
export async function recover(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  await reapAttempts(deps);
  await sweepInboundCalls(deps);
  await recoverImports(deps);
  await recoverSuppressionImports(deps);
  await recoverErasures(deps);
  await skipLeftBehind(deps.db, new Date(now.getTime() - RACED_WITHIN_MS));
  await reviveUndecided(deps.db, new Date(now.getTime() - REVIVE_AFTER_MS));
  await requeueWaiting(deps);
}

/**
 * Attempts whose holder died. Before the provider was asked nobody was contacted, so they are withdrawn and the contact
 * is free; after that their fate is unknown and they are looked up. The next lease to end brings the reaper back.
 */
async function reapAttempts(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const stops = await deps.db.transaction(async (tx) => {
    const expired = await takeExpiredLeases(tx, now, BATCH);
    await lockAttempts(
      tx,
      expired.map((attempt) => attempt.id),
    );
    const asked = expired.filter((attempt) => attempt.askedAt !== null);
    await keepUnknown(
      tx,
      asked.map((attempt) => attempt.id),
      now,
    );
    if (asked.length > 0)
      deps.log.warn({ attempts: asked.length }, 'attempts were under way when their process died');
    const neverAsked = expired.filter((attempt) => attempt.askedAt === null);
    return endAttempts(
      deps,
      tx,
      neverAsked.map(({ id }) => ({ id, outcome: 'withdrawn', ref: null, status: null, refusal: null })),
    );
  });
  await stopCampaigns(deps, stops);
  const leaseEndAt = await nextLeaseEndAt(deps.db);
  if (leaseEndAt) await enqueue(deps.db, deps.clock, 'recover', {}, { key: 'recover:lease', at: leaseEndAt });
}
