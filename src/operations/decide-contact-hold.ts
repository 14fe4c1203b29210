import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { wakeNumber } from '#db/contacts.ts';
import { decideHold } from '#db/suppressions.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';
import { suppress } from './suppress.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

export type HoldDecision = {
  workspaceId: number;
  contactHoldId: number;
  decision: 'suppress' | 'keep';
  actor: Actor;
};

/**
 * Somebody decided whether a text meant “leave me alone”: then the number goes on the do-not-call list, else everything
 * that waited for the decision goes on. `changed` is false when a colleague was faster, or the hold is another workspace’s.
 */
export async function decideContactHold(deps: Deps, input: HoldDecision): Promise<{ changed: boolean }> {
  return deps.db.transaction(async (tx) => {
    const decidedBy = actorText(input.actor);
    const hold = await decideHold(
      tx,
      { workspaceId: input.workspaceId, id: input.contactHoldId },
      {
        decision: input.decision,
        decidedAt: deps.clock.now(),
        decidedBy,
      },
    );
    if (!hold) return { changed: false };
    if (input.decision === 'keep') await letGo(deps, tx, hold);
    else {
      await suppress(deps, tx, {
        workspaceId: hold.workspaceId,
        phoneNumber: hold.phoneNumber,
        channel: 'all',
        reason: 'A colleague read their text as an opt-out.',
        source: 'opt_out',
        campaignId: hold.campaignId,
        actor: input.actor,
      });
    }
    await recordCampaignEvent(tx, {
      workspaceId: hold.workspaceId,
      campaignId: hold.campaignId,
      actor: decidedBy,
      kind: 'hold_decided',
      details: { holdId: input.contactHoldId, phone: maskPhone(hold.phoneNumber), decision: input.decision },
      createdAt: deps.clock.now(),
    });
    if (hold.campaignId) await touchCard(tx, deps, hold.campaignId);
    return { changed: true };
  });
}

async function letGo(
  deps: Deps,
  tx: Transaction,
  hold: { workspaceId: number; phoneNumber: string },
): Promise<void> {
  for (const campaignId of await wakeNumber(tx, hold.workspaceId, hold.phoneNumber, deps.clock.now())) {
    await wakeCampaign(tx, deps, campaignId);
  }
}
