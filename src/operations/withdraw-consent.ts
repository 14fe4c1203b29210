import { recordCampaignEvent } from '#db/campaigns.ts';
import { type ConsentRow, withdrawConsents } from '#db/consents.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/**
 * Ends what a person consented to on a channel. `changed` is false when nothing stood. What was noted is kept, with who
 * ended it. Throws `phone_invalid`.
 */
export async function withdrawConsent(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: { workspaceId: number; phone: string; channel: ConsentRow['channel']; actor: Actor },
): Promise<{ phoneNumber: string; changed: boolean }> {
  const { workspaceId, channel } = input;
  const phoneNumber = await typedNumber(deps, workspaceId, input.phone);
  const withdrawnAt = deps.clock.now();
  const withdrawnBy = actorText(input.actor);
  return deps.db.transaction(async (tx) => {
    const ended = await withdrawConsents(tx, { workspaceId, phoneNumber, channel, withdrawnAt, withdrawnBy });
    if (ended.length > 0)
      await recordCampaignEvent(tx, {
        workspaceId,
        actor: withdrawnBy,
        kind: 'consent_withdrawn',
        details: { phone: maskPhone(phoneNumber), channel, consents: ended.map(({ id }) => id) },
        createdAt: withdrawnAt,
      });
    return { phoneNumber, changed: ended.length > 0 };
  });
}
