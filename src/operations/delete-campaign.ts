import { hasOpenImport } from '#db/campaign-facts.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { readCard } from '#db/cards.ts';
import type { Transaction } from '#db/client.ts';
import { markDeleted } from '#db/deleted-campaigns.ts';
import { enqueue } from '#db/queue.ts';
import { countOpenAttempts } from '#db/redial.ts';
import { type Actor, actorText, nameOf } from '#domain/actor.ts';
import { canDelete, wrongStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { lockOrRefuse } from './lock-or-refuse.ts';

/**
 * Deletes a campaign for good: settings, contacts, results, schedule and files (campaign-api §1.1). It is there for nobody
 * from this moment, and what it knew is removed by a task. Entries on the do-not-call list and the log stay, and so does
 * who was contacted when, until no limit and no opt-out refers to it. Throws `wrong_status` while it runs, `attempts_open`
 * and `import_running` while something of it is under way.
 */
export async function deleteCampaign(
  deps: Deps,
  { campaignId, actor }: { campaignId: number; actor: Actor },
): Promise<void> {
  const now = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    const { campaign } = await lockOrRefuse(tx, campaignId);
    const { workspaceId, name, status } = campaign;
    if (!canDelete(status)) throw wrongStatus('delete', status);
    const open = await countOpenAttempts(tx, campaignId);
    if (open > 0) throw new Refusal('attempts_open', { attempts: open });
    const fileName = await hasOpenImport(tx, campaignId);
    if (fileName !== null) throw new Refusal('import_running', { fileName });
    await tellThread(deps, tx, { workspaceId, campaignId, name, actor });
    await markDeleted(tx, campaignId, now);
    await recordCampaignEvent(tx, {
      workspaceId,
      campaignId,
      actor: actorText(actor),
      kind: 'campaign_deleted',
      details: { name, from: status },
      createdAt: now,
    });
    await enqueue(tx, deps.clock, 'remove_campaign', { campaignId }, { key: `remove:${campaignId}` });
  });
}

type Deleted = { workspaceId: number; campaignId: number; name: string; actor: Actor };

/** In the thread under its card, which is the last that is heard of it. */
async function tellThread(
  deps: Deps,
  tx: Transaction,
  { workspaceId, campaignId, name, actor }: Deleted,
): Promise<void> {
  const card = await readCard(tx, campaignId);
  if (!card?.ts) return;
  await announce(tx, deps, {
    workspaceId,
    campaignId: null,
    channelId: card.channelId,
    place: { threadTs: card.ts },
    key: `deleted:${campaignId}`,
    content: {
      kind: 'note',
      level: 'warning',
      text: `${nameOf(actor)} deleted “${name}”: its contacts and results are gone, and its card does nothing any more. The do-not-call list is as it was.`,
      by: actor.kind === 'slack_user' ? actor.userId : null,
      buttons: [],
    },
  });
}
