import { recordCampaignEvent } from '#db/campaigns.ts';
import { type ConsentRow, insertConsent } from '#db/consents.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/** What somebody agreed to: on which channel, when, how, and in which words if these are kept. */
export type ConsentInput = Pick<ConsentRow, 'workspaceId' | 'channel' | 'givenAt' | 'method' | 'wording'> & {
  phone: string;
  actor: Actor;
};

/**
 * Notes the consent of a person to be contacted, with who noted it (47 CFR 64.1200(f)(9), telephony.md §6). One that is in
 * force for the channel stays as it is, and `changed` is false then. It takes nobody off the do-not-call list. Throws
 * `phone_invalid`, and `consent_invalid` for a day to come or without the way in which it was given.
 */
export async function recordConsent(
  deps: Pick<Deps, 'db' | 'clock'>,
  { phone, actor, ...consent }: ConsentInput,
): Promise<{ phoneNumber: string; changed: boolean }> {
  const phoneNumber = await typedNumber(deps, consent.workspaceId, phone);
  const now = deps.clock.now();
  if (consent.givenAt > now) throw new Refusal('consent_invalid', { problem: 'That day is still to come.' });
  if (consent.method.trim() === '')
    throw new Refusal('consent_invalid', {
      problem: 'Say how it was given, such as web form, paper or phone.',
    });
  return deps.db.transaction(async (tx) => {
    const row = { ...consent, phoneNumber, actor: actorText(actor), createdAt: now };
    const changed = await insertConsent(tx, row);
    if (changed)
      await recordCampaignEvent(tx, {
        workspaceId: consent.workspaceId,
        actor: actorText(actor),
        kind: 'consent_recorded',
        details: { phone: maskPhone(phoneNumber), channel: consent.channel, method: consent.method },
        createdAt: now,
      });
    return { phoneNumber, changed };
  });
}
