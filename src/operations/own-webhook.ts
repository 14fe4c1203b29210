import type { Transaction } from '#db/client.ts';
import { lockWebhook, readWebhook, type WebhookRow } from '#db/webhooks.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

export type OwnWebhook = { workspaceId: number; webhookId: number };

/** A webhook of one's own workspace. Throws `webhook_not_found`, also for one of another workspace. */
export async function ownWebhook(deps: Pick<Deps, 'db'>, wanted: OwnWebhook): Promise<WebhookRow> {
  return (await readWebhook(deps.db, wanted)) ?? refuse(wanted);
}

/** The same, locked until the transaction ends. */
export async function lockOwnWebhook(tx: Transaction, wanted: OwnWebhook): Promise<WebhookRow> {
  return (await lockWebhook(tx, wanted)) ?? refuse(wanted);
}

function refuse({ webhookId }: OwnWebhook): never {
  throw new Refusal('webhook_not_found', { wanted: String(webhookId) });
}
