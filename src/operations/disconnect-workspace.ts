import { listCampaignRows, recordCampaignEvent } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import { changeWorkspace, upsertWorkspace } from '#db/workspaces.ts';
import type { Deps } from './deps.ts';
import { moveCampaign } from './move-campaign.ts';

const MOST = 1_000;

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
  const running = await listCampaignRows(
    deps.db,
    { workspaceId: workspace.id, status: 'running' },
    { limit: MOST, offset: 0 },
  );
  for (const { campaign } of running.rows) {
    await deps.db.transaction(async (tx) => {
      const locked = await lockCampaign(tx, campaign.id);
      if (locked?.campaign.status !== 'running') return;
      await moveCampaign(deps, tx, locked, {
        move: 'pause',
        actor: { kind: 'system' },
        hold: { code: 'slack_disconnected' },
      });
    });
  }
}
