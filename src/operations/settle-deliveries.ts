import type { Transaction } from '#db/client.ts';
import {
  type DeliveryRow,
  handBack,
  type Settlement,
  settleDeliveries,
  type TakenDelivery,
} from '#db/webhook-deliveries.ts';
import { changeWebhook, lockWebhook, type WebhookRow } from '#db/webhooks.ts';
import {
  type DeliveryVerdict,
  GIVES_UP_AFTER_MS,
  problemOf,
  restAfter,
  type WebhookAnswer,
} from '#domain/webhook-delivery.ts';
import type { Deps } from './deps.ts';
import { switchOffWebhook } from './switch-off-webhook.ts';

/** One try, in the order in which they ended. */
export type Sent = { row: TakenDelivery; answer: WebhookAnswer; verdict: DeliveryVerdict };

/**
 * Keeps what came of a round of sending, and what it means for the webhook: how long nothing was taken, when to ask again,
 * and whether it is switched off. Returns the webhook as it is then. Where somebody led it elsewhere meanwhile, what its
 * old address did not take says nothing of the new one, and is due there as if it had not been tried.
 */
export async function settleRound(
  deps: Deps,
  webhook: WebhookRow,
  { sent, untried }: { sent: Sent[]; untried: TakenDelivery[] },
): Promise<WebhookRow> {
  return deps.db.transaction(async (tx) => {
    const { workspaceId, id: webhookId, url } = webhook;
    const known = await lockWebhook(tx, { workspaceId, webhookId });
    if (!known) return { ...webhook, isActive: false };
    const counts = ({ verdict }: Sent) => verdict.kind === 'delivered' || known.url === url;
    const counted = sent.filter(counts);
    const rest = sent.filter((one) => !counts(one)).map(({ row }) => row);
    const settlements = counted.map((one) => settlementOf(deps, one));
    await settleDeliveries(tx, webhookId, settlements);
    await handBack(tx, webhookId, [...untried, ...rest]);
    const changed = await changeWebhook(tx, webhookId, healthAfter(deps, known, counted));
    return (changed && (await endOf(deps, tx, changed, counted))) || changed || known;
  });
}

function settlementOf({ clock }: Deps, { row, answer, verdict }: Sent): Settlement {
  const isAnswered = answer.kind === 'answered';
  return {
    id: row.id,
    tries: row.tries,
    state: STATE_AFTER[verdict.kind],
    nextTryAt: verdict.kind === 'again' ? clock.realDelay(verdict.afterMs) : clock.now(),
    deliveredAt: verdict.kind === 'delivered' ? clock.now() : row.deliveredAt,
    responseStatus: isAnswered ? answer.status : null,
    responseMs: answer.ms,
    responseBody: isAnswered ? answer.body : null,
    problem: problemOf(answer),
  };
}

/** What nobody will take any more waits for somebody to switch the webhook on again. */
const STATE_AFTER: Record<DeliveryVerdict['kind'], DeliveryRow['state']> = {
  delivered: 'delivered',
  again: 'waiting',
  given_up: 'given_up',
  gone: 'waiting',
};

function healthAfter({ clock }: Deps, webhook: WebhookRow, sent: Sent[]): Partial<WebhookRow> {
  const lastTaken = sent.findLastIndex(({ verdict }) => verdict.kind === 'delivered');
  const since = sent.length - 1 - lastTaken;
  const isTaken = lastTaken >= 0;
  const failures = isTaken ? since : webhook.failures + since;
  const taken = isTaken ? { lastDeliveredAt: clock.now() } : {};
  if (failures === 0) return { ...taken, failures, failingSince: null, givesUpAt: null, restUntil: null };
  const isNew = isTaken || webhook.failingSince === null;
  const wishes = sent.map(({ verdict }) => (verdict.kind === 'again' ? verdict.restMs : 0));
  const restMs = Math.max(restAfter(failures), ...wishes);
  return {
    ...taken,
    failures,
    restUntil: restMs > 0 ? clock.realDelay(restMs) : null,
    ...(isNew && { failingSince: clock.now(), givesUpAt: clock.realDelay(GIVES_UP_AFTER_MS) }),
  };
}

async function endOf(
  deps: Deps,
  tx: Transaction,
  webhook: WebhookRow,
  sent: Sent[],
): Promise<WebhookRow | null> {
  if (!webhook.isActive) return null;
  const last = sent.at(-1);
  const problem = last ? problemOf(last.answer) : null;
  if (sent.some(({ verdict }) => verdict.kind === 'gone'))
    return switchOffWebhook(deps, tx, webhook, { reason: 'gone', problem });
  // After quiet days a first try that fails says little: its second one decides.
  const isTriedAgain = sent.some(({ row, verdict }) => verdict.kind !== 'delivered' && row.tries > 1);
  const isOver = webhook.givesUpAt !== null && webhook.givesUpAt <= deps.clock.now();
  return isOver && isTriedAgain ? switchOffWebhook(deps, tx, webhook, { reason: 'failing', problem }) : null;
}
