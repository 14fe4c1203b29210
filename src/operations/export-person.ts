import { recordCampaignEvent } from '#db/campaigns.ts';
import { readPerson } from '#db/person-facts.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { ChatPlace, ChatResult } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/** By these a provider finds a call or a text again: they open doors and say nothing of the person. */
const LEFT_OUT = new Set(['token', 'sessionNonce', 'sessionNonceUntil', 'sessionRef', 'leaseUntil']);

/**
 * Hands everything that is kept about one person to whoever asked, as a JSON file (GDPR art. 15 and 20): contacts, attempts,
 * calls with what was said, texts, consents, and the do-not-call list. Numbers of others are masked. That it was asked for
 * is logged. Throws `phone_invalid`.
 */
export async function exportPerson(
  deps: Pick<Deps, 'db' | 'clock' | 'chat'>,
  {
    workspaceId,
    phone,
    actor,
    place,
  }: { workspaceId: number; phone: string; actor: Actor; place: ChatPlace },
): Promise<ChatResult> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  const kept = await readPerson(deps.db, { workspaceId, phoneNumber });
  const exportedAt = deps.clock.now();
  await recordCampaignEvent(deps.db, {
    workspaceId,
    actor: actorText(actor),
    kind: 'person_exported',
    details: { phone: maskPhone(phoneNumber) },
    createdAt: exportedAt,
  });
  const text = JSON.stringify({ phoneNumber, exportedAt, ...kept }, aboutOne(phoneNumber), 2);
  return deps.chat.uploadFile(place, {
    name: 'person.json',
    title: 'Everything kept about one person',
    comment: `Everything kept about ${maskPhone(phoneNumber)}. Recordings are handed out with /campaign contact.`,
    content: new TextEncoder().encode(text),
  });
}

/** Whose number it is: a colleague who tried a campaign with somebody's values is not who asks about themselves. */
const WHOSE = new Set(['phoneNumber', 'contactNumber']);

function aboutOne(phoneNumber: string): (key: string, value: unknown) => unknown {
  return (key, value) => {
    if (LEFT_OUT.has(key)) return undefined;
    const isOthers = WHOSE.has(key) && typeof value === 'string' && value !== phoneNumber;
    return isOthers ? maskPhone(value) : value;
  };
}
