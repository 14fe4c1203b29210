import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { campaignToTell, homeWorkspaceId, insertInboundText, newestAttemptTo } from '#db/inbound-texts.ts';
import { BY_THE_PERSON, liftSuppressions, openContactHold } from '#db/suppressions.ts';
import { isTest } from '#domain/attempt.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { type ReplyVerdict, readReply } from '#domain/opt-out.ts';
import type { TextInboundEvent } from '#ports/telephony.ts';
import { announce } from './announce.ts';
import { cancelFollowUp } from './cancel-follow-up.ts';
import type { Deps } from './deps.ts';
import { suppress } from './suppress.ts';
import { touchCard } from './wake-campaign.ts';

/** A reply belongs to the newest attempt to that number from that sender in the last 30 days (campaign-api §7.18). */
const REPLY_WINDOW_MS = 30 * 86_400_000;

/**
 * Takes a text from somebody, in the transaction that stores it. A clear STOP puts the number on the do-not-call list on
 * every channel at once; a text that may mean it holds everything to that person until somebody decides; START lifts
 * what a STOP of theirs had set. A follow-up on the other channel is not made any more. Every text is told in the thread
 * of the campaign it answers (telephony.md §3, §6).
 */
export async function takeInboundText(deps: Deps, tx: Transaction, event: TextInboundEvent): Promise<void> {
  const now = deps.clock.now();
  const newest = await newestAttemptTo(tx, {
    phoneNumber: event.from,
    sender: event.to,
    since: new Date(now.getTime() - REPLY_WINDOW_MS),
  });
  // Somebody tried a campaign on themselves: the contact whose values they borrowed has not answered.
  const answered = newest && isTest(newest) ? null : newest;
  const workspaceId = newest?.workspaceId ?? (await homeWorkspaceId(tx));
  if (workspaceId === null) return;
  const verdict = readReply(event.body, event.optOut);
  const told = answered?.channelId ? answered : await whomToTell(tx, verdict, workspaceId, event.from);
  const inboundTextId = await insertInboundText(tx, {
    workspaceId,
    campaignId: answered?.campaignId ?? null,
    contactId: answered?.contactId ?? null,
    provider: deps.telephony.provider,
    providerRef: event.ref,
    fromNumber: event.from,
    toNumber: event.to,
    body: event.body,
    mediaCount: event.mediaCount,
    verdict,
    receivedAt: now,
  });
  if (inboundTextId === null) return;
  const from = {
    workspaceId,
    phoneNumber: event.from,
    campaignId: (answered ?? told)?.campaignId ?? null,
    inboundTextId,
  };
  if (answered) await cancelFollowUp(deps, tx, answered);
  const contactHoldId = await act(deps, tx, verdict, from);
  if (!told) return;
  await announce(tx, deps, {
    workspaceId,
    campaignId: told.campaignId,
    channelId: told.channelId,
    key: `inbound:${inboundTextId}`,
    content: {
      kind: 'reply_note',
      inboundTextId,
      campaignId: told.campaignId,
      contactName: answered?.variableValues.name ?? null,
      maskedPhone: maskPhone(event.from),
      body: event.body,
      mediaCount: event.mediaCount,
      verdict,
      contactHoldId,
      receivedAt: now,
    },
  });
  await touchCard(tx, deps, told.campaignId);
}

/**
 * Whose thread hears of a text that answers nothing of ours, or a campaign that has no channel: an opt-out is told where
 * the number is a contact, and an unclear one somewhere in any case, because it asks for a decision.
 */
async function whomToTell(tx: Transaction, verdict: ReplyVerdict, workspaceId: number, phoneNumber: string) {
  if (verdict !== 'stop' && verdict !== 'near_stop') return null;
  const told = await campaignToTell(tx, workspaceId, phoneNumber);
  return told && (told.knowsNumber || verdict === 'near_stop') ? told : null;
}

type From = { workspaceId: number; phoneNumber: string; campaignId: number | null; inboundTextId: number };

/** What the text does before anybody reads it; the id of the hold it opened or met, if it did. */
async function act(deps: Deps, tx: Transaction, verdict: ReplyVerdict, from: From): Promise<number | null> {
  const now = deps.clock.now();
  if (verdict === 'stop') {
    await suppress(deps, tx, {
      ...from,
      channel: 'all',
      reason: 'They texted an opt-out word.',
      source: 'opt_out',
      actor: { kind: 'system' },
    });
  }
  if (verdict === 'start') {
    const lifted = await liftSuppressions(tx, { ...from, liftedBy: 'contact', now, sources: BY_THE_PERSON });
    if (lifted.length > 0) await noteOptIn(tx, from, now);
  }
  if (verdict !== 'near_stop') return null;
  const hold = await openContactHold(tx, {
    workspaceId: from.workspaceId,
    phoneNumber: from.phoneNumber,
    campaignId: from.campaignId,
    inboundTextId: from.inboundTextId,
    createdAt: now,
  });
  return hold.id;
}

async function noteOptIn(tx: Transaction, from: From, now: Date): Promise<void> {
  await recordCampaignEvent(tx, {
    workspaceId: from.workspaceId,
    campaignId: from.campaignId,
    actor: 'system',
    kind: 'suppression_lifted',
    details: { phone: maskPhone(from.phoneNumber), inboundTextId: from.inboundTextId },
    createdAt: now,
  });
}
