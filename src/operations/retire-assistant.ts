import { campaignsUsing, changeAssistant, lockAssistant } from '#db/assistants.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/**
 * Takes an assistant out of use; what it said on calls is kept, and campaigns that name it ask for another one before they
 * start. Throws `assistant_not_found`, and `assistant_in_use` while a running or scheduled campaign calls with it.
 */
export async function retireAssistant(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, assistantId, actor }: { workspaceId: number; assistantId: number; actor: Actor },
): Promise<void> {
  const now = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    const assistant = await lockAssistant(tx, workspaceId, assistantId);
    if (!assistant) throw new Refusal('assistant_not_found', { wanted: `#${assistantId}` });
    const campaigns = await campaignsUsing(tx, assistantId);
    if (campaigns.length > 0) throw new Refusal('assistant_in_use', { name: assistant.name, campaigns });
    await changeAssistant(tx, assistantId, { isActive: false, updatedAt: now });
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'assistant_retired',
      details: { assistantId, name: assistant.name },
      createdAt: now,
    });
  });
}
