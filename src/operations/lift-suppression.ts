import { recordCampaignEvent } from '#db/campaigns.ts';
import { liftSuppressions, type SuppressionRow } from '#db/suppressions.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/**
 * Takes a number off the do-not-call list, with who did it kept. Contacts that were skipped because of it stay skipped:
 * nobody is contacted again by taking an entry away.
 */
export async function liftSuppression(
  deps: Deps,
  input: {
    workspaceId: number;
    phone: string;
    actor: Actor;
    /** Only entries for exactly this channel, or for exactly this campaign; all of them without. */
    channel?: SuppressionRow['channel'];
    onlyCampaignId?: number;
  },
): Promise<{ phoneNumber: string; changed: boolean }> {
  const { phone, actor, ...narrowed } = input;
  const phoneNumber = await typedNumber(deps, input.workspaceId, phone);
  return liftEntries(deps, { ...narrowed, phoneNumber, actor });
}

/** Takes entries of a number off the list: those that are chosen, or all of them. `changed` is false when there were none. */
export async function liftEntries(
  deps: Pick<Deps, 'db' | 'clock'>,
  { actor, ...choice }: EntryChoice & { actor: Actor },
): Promise<{ phoneNumber: string; changed: boolean }> {
  const { workspaceId, phoneNumber } = choice;
  const now = deps.clock.now();
  const liftedBy = actorText(actor);
  return deps.db.transaction(async (tx) => {
    const lifted = await liftSuppressions(tx, { ...choice, liftedBy, now });
    if (lifted.length === 0) return { phoneNumber, changed: false };
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: liftedBy,
      kind: 'suppression_lifted',
      details: { phone: maskPhone(phoneNumber), entries: lifted.map(({ id, source }) => ({ id, source })) },
      createdAt: now,
    });
    return { phoneNumber, changed: true };
  });
}

type EntryChoice = {
  workspaceId: number;
  phoneNumber: string;
  channel?: SuppressionRow['channel'];
  onlyCampaignId?: number;
  id?: number;
};
