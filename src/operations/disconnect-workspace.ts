import { campaignIdsIn, recordCampaignEvent } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import { changeWorkspace, upsertWorkspace } from '#db/workspaces.ts';
import type { Deps } from './deps.ts';
import { moveCampaign } from './move-campaign.ts';

/**
 * Slack cut us off: nobody could stop a campaign or see what is answered, so every running one pauses with that reason
 * (slack.md §5).
 */
export async function disconnectWorkspace(
  deps: Deps,
  { slackTeamId }: { slackTeamId: string },
): Promise<void> {
  const workspace = await upsertWorkspace(deps.db, {
    slackTeamId,
    name: null,
    botUserId: null,
    createdAt: deps.clock.now(),
  });
  await changeWorkspace(deps.db, workspace.id, { isConnected: false });
  await recordCampaignEvent(deps.db, {
    workspaceId: workspace.id,
    actor: 'system',
    kind: 'workspace_disconnected',
    details: {},
    createdAt: deps.clock.now(),
  });
  for (const campaignId of await campaignIdsIn(deps.db, workspace.id, ['running'])) {
    await deps.db.transaction(async (tx) => {
      const locked = await lockCampaign(tx, campaignId);
      if (locked?.campaign.status !== 'running') return;
      await moveCampaign(deps, tx, locked, {
        move: 'pause',
        actor: { kind: 'system' },
        hold: { code: 'slack_disconnected' },
      });
    });
  }
}
