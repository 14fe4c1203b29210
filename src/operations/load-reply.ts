import { readInboundText } from '#db/inbound-texts.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** What somebody texted, for whoever is about to answer it: from whom, and in which words. Throws `reply_not_found`. */
export async function loadReply(deps: Deps, { inboundTextId }: { inboundTextId: number }) {
  const asked = await readInboundText(deps.db, inboundTextId);
  if (!asked?.contact || !asked.campaign) throw new Refusal('reply_not_found', {});
  return {
    contactName: asked.contact.variableValues.name ?? null,
    maskedPhone: maskPhone(asked.text.fromNumber),
    body: asked.text.body,
  };
}
