import type { AttemptRow } from '#db/ledger.ts';
import { scheduleLook } from '#db/looks.ts';
import { type AttemptOutcome, TEXT_STATUS_RANK } from '#domain/attempt.ts';
import { microDollarsOf } from '#domain/money.ts';
import type { TextStatusEvent } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { endAttempts } from './end-attempts.ts';
import { settleAttempts } from './settle-attempts.ts';
import { stopCampaigns } from './stop-campaigns.ts';

const MINUTE_MS = 60_000;
/** A text that the carrier sent and never got a receipt for is taken as sent after this. */
const RECEIPT_PATIENCE_MS = 15 * MINUTE_MS;
/** Longer than a carrier queues a text at most (telephony.md §3: 10 h); nothing more will be told about it. */
const QUEUE_PATIENCE_MS = 24 * 60 * MINUTE_MS;
const NEXT_RECEIPT_LOOK_MS = 5 * MINUTE_MS;
/** A price comes some time after the text (telephony.md §2); after these looks the rate table's estimate stands. */
const PRICE_LOOKS_MS = [2 * 60 * MINUTE_MS, 22 * 60 * MINUTE_MS];

/**
 * Asks the provider how a text stands whose receipt has not come, or what an ended one cost. A text that was handed on
 * and gets no receipt within 15 minutes counts as `sent`; a receipt that comes after all corrects that.
 * Throws `LookupFailed` when the provider cannot be asked.
 */
export async function fetchReceipt(deps: Deps, attempt: AttemptRow): Promise<void> {
  if (attempt.providerRef === null) return void (await scheduleLook(deps.db, attempt, { lookAt: null }));
  const event = await deps.telephony.fetchText(attempt.providerRef);
  await keepPrice(deps, attempt, event);
  if (attempt.state === 'ended') return planPriceLook(deps, attempt, event);
  if (TEXT_STATUS_RANK[event.status] === 3) return end(deps, attempt, event.status as AttemptOutcome, event);
  const age = deps.clock.now().getTime() - attempt.createdAt.getTime();
  const patience = event.status === 'sent' ? RECEIPT_PATIENCE_MS : QUEUE_PATIENCE_MS;
  if (age >= patience) return end(deps, attempt, 'sent', event);
  await scheduleLook(deps.db, attempt, { lookAt: later(deps, NEXT_RECEIPT_LOOK_MS) });
}

async function end(
  deps: Deps,
  attempt: AttemptRow,
  outcome: AttemptOutcome,
  event: TextStatusEvent,
): Promise<void> {
  const { ref, status, refusal } = event;
  const stops = await deps.db.transaction((tx) =>
    endAttempts(deps, tx, [{ id: attempt.id, outcome, ref, status, refusal }]),
  );
  await stopCampaigns(deps, stops);
}

async function keepPrice(deps: Deps, { id }: AttemptRow, event: TextStatusEvent): Promise<void> {
  const { price, segments } = event;
  if (!price && segments === null) return;
  const priceMicros = price ? microDollarsOf(price.amount) : null;
  await deps.db.transaction((tx) =>
    settleAttempts(tx, [id], [{ id, priceMicros, priceCurrency: price?.currency ?? null, segments }]),
  );
}

async function planPriceLook(deps: Deps, attempt: AttemptRow, event: TextStatusEvent): Promise<void> {
  const waitMs = event.price ? undefined : PRICE_LOOKS_MS[attempt.emptyLooks];
  const lookAt = waitMs === undefined ? null : later(deps, waitMs);
  await scheduleLook(deps.db, attempt, { lookAt, emptyLooks: attempt.emptyLooks + 1 });
}

function later(deps: Deps, ms: number): Date {
  return new Date(deps.clock.now().getTime() + ms);
}
