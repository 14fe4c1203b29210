import { isDeepStrictEqual } from 'node:util';
import { campaignsApprovedWith } from '#db/approvals.ts';
import { campaignIdsIn, LIVE, recordCampaignEvent } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import { changeWorkspace, lockWorkspace } from '#db/workspaces.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkWorkspaceSettings, type WorkspaceSettingName } from '#domain/workspace-settings.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { judgeAnew } from './judge-anew.ts';
import { voidApproval } from './void-approval.ts';
import { touchCard } from './wake-campaign.ts';

export type ChangeWorkspaceInput = {
  workspaceId: number;
  actor: Actor;
  /** Any of the settings; those that stand already change nothing. */
  changes: Partial<Record<WorkspaceSettingName, unknown>>;
};

/**
 * Changes settings of a whole workspace, which only admins may, and keeps what each was and is. They hold at once: whoever
 * waits in running campaigns is judged anew, and what was approved under another name of the company is to be approved
 * again. Returns the names of those that changed. Throws `not_allowed` and the other
 * refusals of `authorize`, and `settings_invalid` with every problem; nothing is saved then.
 */
export async function changeWorkspaceSettings(
  deps: Deps,
  { workspaceId, actor, changes }: ChangeWorkspaceInput,
): Promise<{ changed: WorkspaceSettingName[] }> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  const checked = checkWorkspaceSettings(changes);
  if (!checked.ok) throw new Refusal('settings_invalid', { problems: checked.problems });
  const changed = await deps.db.transaction(async (tx) => {
    const before = await lockWorkspace(tx, workspaceId);
    if (!before) throw new Error(`there is no workspace ${workspaceId}`);
    const { settings } = checked;
    const names = (Object.keys(settings) as WorkspaceSettingName[]).filter(
      (name) => !isDeepStrictEqual(settings[name], before[name]),
    );
    if (names.length === 0) return names;
    await changeWorkspace(tx, workspaceId, settings);
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'workspace_changed',
      details: {
        changes: Object.fromEntries(
          names.map((name) => [name, { before: before[name], after: settings[name] }]),
        ),
      },
      createdAt: deps.clock.now(),
    });
    return names;
  });
  if (changed.includes('companyName')) await voidApprovals(deps, { workspaceId, actor });
  if (changed.length > 0) await spread(deps, workspaceId);
  return { changed };
}

/** Everybody hears the company’s name: whoever approved a campaign agreed to another one. */
async function voidApprovals(
  deps: Deps,
  { workspaceId, actor }: Pick<ChangeWorkspaceInput, 'workspaceId' | 'actor'>,
): Promise<void> {
  for (const campaignId of await campaignsApprovedWith(deps.db, { workspaceId }))
    await deps.db.transaction(async (tx) => {
      const locked = await lockCampaign(tx, campaignId);
      if (locked)
        await voidApproval(deps, tx, { campaign: locked.campaign, actor, did: 'changed the company’s name' });
    });
}

/** Campaigns under way look again by the new settings, and every card that may say something else is drawn again. */
async function spread(deps: Deps, workspaceId: number): Promise<void> {
  await judgeAnew(deps, workspaceId);
  for (const campaignId of await campaignIdsIn(deps.db, workspaceId, LIVE))
    await touchCard(deps.db, deps, campaignId);
}
