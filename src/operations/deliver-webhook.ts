import { nextDeliveryAt, type TakenDelivery, takeDeliveries } from '#db/webhook-deliveries.ts';
import { readWebhook, releaseWebhook, takeWebhook, type WebhookRow } from '#db/webhooks.ts';
import { judgeAnswer, seemsDown } from '#domain/webhook-delivery.ts';
import { composeDeliveries, type Envelope } from './compose-deliveries.ts';
import type { Deps } from './deps.ts';
import { type Sent, settleRound } from './settle-deliveries.ts';
import { signDelivery } from './sign-delivery.ts';
import { wakeWebhook } from './wake-webhook.ts';

const BATCH = 200;
const AT_ONCE = 5;
/** After so long other webhooks have their turn. */
const TURN_REAL_MS = 5_000;
/** Outlives a turn, the last requests of it, and what is written down of them. */
const LEASE_REAL_MS = 90_000;
/** Somebody else sends to it; what they do not see any more is sent then. */
const BUSY_REAL_MS = 2_000;
/** So often it is looked at whether it is still to be sent to as it was. */
const LOOK_REAL_MS = 1_000;

/**
 * Sends a webhook what is due, oldest first, a few at once, and keeps what came of each. One that takes nothing several
 * times in a row is left alone for a while, then asked with one delivery at a time until it takes something again. Every
 * delivery is sent at least once and, when whoever sends it dies, once more. `signal` tells that the process is to end.
 */
export async function deliverWebhook(
  deps: Deps,
  { webhookId }: { webhookId: number },
  signal?: AbortSignal,
): Promise<void> {
  const { clock, db } = deps;
  const found = await takeWebhook(db, webhookId, {
    now: clock.now(),
    leaseUntil: clock.realDelay(LEASE_REAL_MS),
  });
  if (!found) return;
  const { webhook } = found;
  if (!found.isTaken) return wakeWebhook(db, deps, webhookId, laterOf(deps, webhook), 'earliest');
  const after = await sendAndRelease(deps, webhook, signal);
  const next = after.isActive ? await nextDeliveryAt(db, webhookId) : null;
  // Not before now: what has waited for an hour would go before other webhooks again and again.
  const mayBeAt = latest(clock.now(), after.restUntil);
  if (next) await wakeWebhook(db, deps, webhookId, latest(next, mayBeAt), 'earliest');
}

async function sendAndRelease(deps: Deps, webhook: WebhookRow, signal?: AbortSignal): Promise<WebhookRow> {
  try {
    return await sendInTurn(deps, webhook, signal);
  } finally {
    await releaseWebhook(deps.db, webhook);
  }
}

function laterOf({ clock }: Deps, { restUntil }: WebhookRow): Date {
  return latest(clock.realDelay(restUntil && restUntil > clock.now() ? 0 : BUSY_REAL_MS), restUntil);
}

function latest(one: Date, other: Date | null): Date {
  return other && other > one ? other : one;
}

/** Sends batch after batch until nothing is due, its turn is over, or it is to be left alone; the webhook after that. */
async function sendInTurn(deps: Deps, taken: WebhookRow, signal?: AbortSignal): Promise<WebhookRow> {
  const turnEndsAt = deps.clock.realDelay(TURN_REAL_MS);
  let webhook = taken;
  for (;;) {
    const now = deps.clock.now();
    const rows = await takeDeliveries(deps.db, {
      webhookId: webhook.id,
      now,
      leaseUntil: deps.clock.realDelay(LEASE_REAL_MS),
      limit: seemsDown(webhook.failures) ? 1 : BATCH,
    });
    if (rows.length === 0) return webhook;
    const isOver = () => Boolean(signal?.aborted) || deps.clock.now() >= turnEndsAt;
    const sent = await sendBatch(deps, webhook, rows, isOver);
    const tried = new Set(sent.map(({ row }) => row.id));
    const untried = rows.filter(({ id }) => !tried.has(id));
    webhook = await settleRound(deps, webhook, { sent, untried });
    const isLeftAlone = webhook.restUntil !== null && webhook.restUntil > deps.clock.now();
    if (!webhook.isActive || isLeftAlone || isOver()) return webhook;
  }
}

/**
 * A few at once. Each lane ends with what is not taken, so that one that is down is not asked more often than there are
 * lanes; all of them end when it is gone for good, asks to wait or was changed meanwhile, and with the turn. What was not
 * tried is left out of the answer.
 */
async function sendBatch(
  deps: Deps,
  webhook: WebhookRow,
  rows: TakenDelivery[],
  isOver: () => boolean,
): Promise<Sent[]> {
  const envelopes = await composeDeliveries(deps.db, webhook.workspaceId, rows);
  const waiting = rows.map((row, place) => ({ row, envelope: envelopes[place] as Envelope }));
  const isChanged = watchForChanges(deps, webhook);
  const sent: Sent[] = [];
  let isStopped = false;
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const one = await send(deps, webhook, next);
      sent.push(one);
      isStopped ||= one.verdict.kind === 'gone' || wantsRest(one) || (await isChanged());
      if (isStopped || isOver() || one.verdict.kind !== 'delivered') return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return sent;
}

/** Whether somebody deleted it, switched it off, led it elsewhere or gave it another secret: looked at once a second at most. */
function watchForChanges({ clock, db }: Deps, { id, workspaceId, url, secret }: WebhookRow) {
  let nextLookAt = clock.realDelay(LOOK_REAL_MS);
  let seen = Promise.resolve(false);
  const look = async () => {
    const known = await readWebhook(db, { workspaceId, webhookId: id });
    return !known?.isActive || known.url !== url || known.secret !== secret;
  };
  return (): Promise<boolean> => {
    if (clock.now() >= nextLookAt) {
      nextLookAt = clock.realDelay(LOOK_REAL_MS);
      seen = look();
    }
    return seen;
  };
}

async function send(
  deps: Deps,
  webhook: WebhookRow,
  { row, envelope }: { row: TakenDelivery; envelope: Envelope },
): Promise<Sent> {
  const body = JSON.stringify(envelope);
  const headers = signDelivery(deps, webhook, { id: row.id, type: row.type, body });
  const answer = await deps.webhooks.post({ url: webhook.url, headers, body });
  return { row, answer, verdict: judgeAnswer(answer, row.tries) };
}

function wantsRest({ verdict }: Sent): boolean {
  return verdict.kind === 'again' && verdict.restMs > 0;
}
