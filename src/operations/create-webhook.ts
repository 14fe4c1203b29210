import { randomBytes } from 'node:crypto';
import { countWebhooks, insertWebhook, type WebhookRow } from '#db/webhooks.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { authorize } from './authorize.ts';
import { checkWebhookFields } from './check-webhook-fields.ts';
import type { Deps } from './deps.ts';
import { ownCampaign } from './own-campaign.ts';
import { recordWebhookDeed } from './record-webhook-deed.ts';

/** More than anybody needs; each one is looked at whenever something happens. */
const MOST = 20;

export type CreateWebhookInput = {
  workspaceId: number;
  actor: Actor;
  /** The same request sent twice makes one webhook. */
  creationKey: string;
  url: string;
  events: string[];
  /** Only what happens in this campaign; null: in the whole workspace. */
  campaignId: number | null;
  description: string | null;
};

/**
 * Has an address told what happens from now on. The secret that its messages are signed with is to be shown once. Throws
 * `settings_invalid` with every problem, `campaign_not_found`, `webhooks_many`, and the refusals of `authorize`.
 */
export async function createWebhook(deps: Deps, input: CreateWebhookInput): Promise<WebhookRow> {
  const { workspaceId, actor, campaignId } = input;
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  if (campaignId !== null) await ownCampaign(deps, { workspaceId, campaignId });
  const { url = input.url, events = [], description = null } = await checkWebhookFields(deps, input);
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const { webhook, isNew } = await insertWebhook(tx, {
      workspaceId,
      campaignId,
      url,
      events,
      description,
      secret: newWebhookSecret(),
      creationKey: input.creationKey,
      createdBy: actorText(actor),
      createdAt: now,
      updatedAt: now,
    });
    if (!isNew) return webhook;
    if ((await countWebhooks(tx, workspaceId)) > MOST) throw new Refusal('webhooks_many', { most: MOST });
    await recordWebhookDeed(deps, tx, webhook, { actor, kind: 'webhook_created', details: { events } });
    return webhook;
  });
}

/** 256 bits that nobody can guess. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}
