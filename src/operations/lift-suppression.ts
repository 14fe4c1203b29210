import { recordCampaignEvent } from '#db/campaigns.ts';
import { liftSuppressions } from '#db/suppressions.ts';
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
  input: { workspaceId: number; phone: string; actor: Actor },
): Promise<{ phoneNumber: string; changed: boolean }> {
  const phoneNumber = await typedNumber(deps, input.workspaceId, input.phone);
  const now = deps.clock.now();
  const liftedBy = actorText(input.actor);
  return deps.db.transaction(async (tx) => {
    const lifted = await liftSuppressions(tx, { workspaceId: input.workspaceId, phoneNumber, liftedBy, now });
    if (lifted.length === 0) return { phoneNumber, changed: false };
    await recordCampaignEvent(tx, {
      workspaceId: input.workspaceId,
      actor: liftedBy,
      kind: 'suppression_lifted',
      details: { phone: maskPhone(phoneNumber), entries: lifted.map(({ id, source }) => ({ id, source })) },
      createdAt: now,
    });
    return { phoneNumber, changed: true };
  });
}
