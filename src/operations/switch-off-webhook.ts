import { readCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { changeWebhook, makerOf, type WebhookRow } from '#db/webhooks.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';

/**
 * Switches a webhook off that nobody is behind any more, and tells whoever made it, and the thread of its campaign where it
 * has one. What was written down for it so far is kept; what happens from now on is not written down.
 */
export async function switchOffWebhook(
  deps: Deps,
  tx: Transaction,
  webhook: WebhookRow,
  { reason, problem }: { reason: 'gone' | 'failing'; problem: string | null },
): Promise<WebhookRow | null> {
  const now = deps.clock.now();
  const { id, workspaceId, campaignId } = webhook;
  const changed = await changeWebhook(tx, id, {
    isActive: false,
    offReason: reason,
    offAt: now,
    updatedAt: now,
  });
  await recordCampaignEvent(tx, {
    workspaceId,
    campaignId,
    actor: 'system',
    kind: 'webhook_switched_off',
    details: { webhookId: id, host: new URL(webhook.url).host, reason },
    createdAt: now,
  });
  await tell(deps, tx, webhook, sentenceFor(webhook, reason, problem));
  return changed;
}

function sentenceFor({ id, url }: WebhookRow, reason: 'gone' | 'failing', problem: string | null): string {
  const why = reason === 'gone' ? 'said that it is gone for good' : 'took nothing for three days';
  return (
    `Webhook ${id} to ${new URL(url).host} ${why}, so it was switched off.${problem ? ` ${problem}` : ''} ` +
    'What waits for it is kept for 30 days; what happens from now on is not told to it. ' +
    `Mend the other end, then switch it on again with /campaign webhooks or PATCH /api/v1/webhooks/${id}.`
  );
}

async function tell(deps: Deps, tx: Transaction, webhook: WebhookRow, text: string): Promise<void> {
  const { id, workspaceId, campaignId } = webhook;
  const content = { kind: 'note', level: 'warning', text, buttons: [] } as const;
  const key = `webhook-off:${id}:${deps.clock.now().getTime()}`;
  const maker = await makerOf(tx, webhook);
  if (maker)
    // Slack opens a direct message when a person's id is given as the channel.
    await announce(tx, deps, {
      workspaceId,
      campaignId,
      channelId: maker,
      key: `${key}:maker`,
      place: 'channel',
      content: { ...content, buttons: [] },
    });
  const row = campaignId === null ? null : await readCampaign(tx, campaignId);
  if (row)
    await announce(tx, deps, {
      workspaceId,
      campaignId,
      channelId: row.campaign.channelId,
      key,
      content: { ...content, buttons: [] },
    });
}
