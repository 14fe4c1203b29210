import { type DeskCall, keepCallRef, lockDeskCall } from '#db/call-desk.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { prefixesOf } from '#db/suppression-prefixes.ts';
import { suppressionsInForce } from '#db/suppressions.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { endStrayLater } from './end-stray-call.ts';

const HOUR_MS = 3_600_000;

/**
 * The call that a provider asks about, locked; null when the token is none of ours, or when the provider's call is not
 * the one the token belongs to. The first provider id to ask or to report owns it; a second call to the same person is
 * told in the thread (telephony.md §2).
 */
export async function takeDeskCall(
  deps: Deps,
  tx: Transaction,
  { token, ref }: { token: string; ref: string },
): Promise<DeskCall | null> {
  const found = await lockDeskCall(tx, token);
  if (!found) {
    deps.log.warn({ ref }, 'the provider asked about a call that is none of ours');
    return null;
  }
  const owner = found.call.providerRef ?? found.attempt?.providerRef ?? ref;
  if (owner !== ref) {
    await refuseStray(deps, tx, found, ref);
    return null;
  }
  await keepCallRef(tx, found, ref);
  return found;
}

/** Has a call that no attempt owns ended, whatever the provider makes of our answer to it. */
export async function refuseStray(
  deps: Deps,
  tx: Transaction,
  { attempt }: DeskCall,
  ref: string,
): Promise<void> {
  if (!attempt) return;
  const { id: attemptId, campaignId, phoneNumber: phone } = attempt;
  await endStrayLater(deps, tx, { ref, attemptId, campaignId, phone });
}

/** Whether the person on a call is on the do-not-call list for calls. */
export async function mayNotBeCalled(tx: Transaction, { call }: DeskCall): Promise<boolean> {
  const entries = await suppressionsInForce(tx, call.workspaceId, call.contactNumber);
  const counts = (only: number | null) => only === null || only === call.campaignId;
  const ranges =
    call.direction === 'outbound' ? await prefixesOf(tx, call.workspaceId, call.contactNumber) : [];
  return [...entries, ...ranges].some(
    ({ channel, onlyCampaignId }) => channel !== 'sms' && counts(onlyCampaignId),
  );
}

/** Why a person who picked up heard nothing of what we called for. */
const ABANDONED = {
  no_session: 'the assistant could not be connected',
  session_lost: 'the assistant was lost in the middle of it',
  suppressed: 'they had come onto the do-not-call list meanwhile',
  cancelled: 'the campaign had been cancelled meanwhile',
  silence:
    'nothing was said for longer than two seconds, while it was found out whether a machine had answered',
  after_hours: 'the carrier put the call through after their calling hours had ended',
} as const;
export type AbandonReason = keyof typeof ABANDONED;

/**
 * Counts a call that somebody picked up and that ended without its message: the law allows few of them (telephony.md §6).
 * The thread hears of each reason once an hour.
 */
export async function noteAbandoned(
  deps: Deps,
  tx: Transaction,
  { call, campaign }: DeskCall,
  why: AbandonReason,
): Promise<void> {
  const now = deps.clock.now();
  deps.log.warn({ callId: call.id, why }, 'a call was answered and could not be held');
  if (!campaign) return;
  const { workspaceId } = call;
  await recordCampaignEvent(tx, {
    workspaceId,
    campaignId: campaign.id,
    actor: 'system',
    kind: 'call_abandoned',
    details: { callId: call.id, why },
    createdAt: now,
  });
  await announce(tx, deps, {
    workspaceId,
    campaignId: campaign.id,
    channelId: campaign.channelId,
    key: `abandoned:${campaign.id}:${why}:${Math.floor(now.getTime() / HOUR_MS)}`,
    content: {
      kind: 'note',
      level: 'warning',
      text:
        `A call to ${maskPhone(call.contactNumber)} ${why === 'silence' ? 'counts as abandoned' : 'was answered and hung up'}: ${ABANDONED[why]}. ` +
        'What else of this kind happens within the hour is counted and not told again.',
      buttons: [],
    },
  });
}
