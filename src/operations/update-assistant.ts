import { campaignsApprovedWith } from '#db/approvals.ts';
import { assistantIdByName, changeAssistant, lockAssistant } from '#db/assistants.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { type AssistantFields, checkAssistant } from '#domain/assistant.ts';
import { Refusal } from '#domain/refusal.ts';
import type { VoiceName } from '#domain/voices.ts';
import type { Deps } from './deps.ts';
import { voidApproval } from './void-approval.ts';

/**
 * Changes an active assistant; calls that are claimed from then on speak with it as it is now. Throws
 * `assistant_not_found`, `settings_invalid` with every problem in words, and `assistant_name_taken`; nothing is saved then.
 * Approvals of campaigns that call with it end.
 */
export async function updateAssistant(
  deps: Pick<Deps, 'db' | 'clock'>,
  {
    workspaceId,
    assistantId,
    actor,
    changes,
  }: { workspaceId: number; assistantId: number; actor: Actor; changes: AssistantFields },
): Promise<void> {
  const workspace = await readWorkspace(deps.db, workspaceId);
  const now = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    const assistant = await lockAssistant(tx, workspaceId, assistantId);
    if (!workspace || !assistant) throw new Refusal('assistant_not_found', { wanted: `#${assistantId}` });
    const checked = checkAssistant(changes, workspace.defaultCountry, {
      voice: assistant.voice as VoiceName,
    });
    if (!checked.ok) throw new Refusal('settings_invalid', { problems: checked.problems });
    const { name } = checked.settings;
    if (name !== undefined && ![null, assistantId].includes(await assistantIdByName(tx, workspaceId, name)))
      throw new Refusal('assistant_name_taken', { name });
    await changeAssistant(tx, assistantId, { ...checked.settings, updatedAt: now });
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'assistant_updated',
      details: { assistantId, name: name ?? assistant.name, fields: Object.keys(checked.settings) },
      createdAt: now,
    });
    await voidApprovalsWith(deps, tx, { assistantId, name: name ?? assistant.name, actor });
  });
}

/** People hear it in these campaigns: whoever approved them agreed to what it said before. */
async function voidApprovalsWith(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { assistantId, name, actor }: { assistantId: number; name: string; actor: Actor },
): Promise<void> {
  for (const campaignId of await campaignsApprovedWith(tx, { assistantId })) {
    const locked = await lockCampaign(tx, campaignId);
    if (locked)
      await voidApproval(deps, tx, {
        campaign: locked.campaign,
        actor,
        did: `changed the assistant ${name}`,
      });
  }
}
