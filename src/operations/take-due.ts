import {
  type ClaimCursor,
  type ClaimedContact,
  type DueContact,
  type LockedCampaign,
  readAnswered,
  takeDueContacts,
  takeLastWaiting,
} from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import type { GateVerdict } from '#domain/gate.ts';
import { channelOf } from '#domain/mixed.ts';
import type { Deps } from './deps.ts';
import { judgePeople, type Person } from './judge-contacts.ts';
import { IN_FLIGHT_RECHECK_MS } from './write-attempts.ts';

/** Contacts looked at in one claim; a claim of 50 costs hardly more than one of 10 (performance.md §5). */
export const BATCH = 50;
const HELD_RECHECK_MS = 60 * 60_000;

/** A due contact, the channel that is its turn, and what the gate says; `answered`: nothing is left to follow up. */
export type Judged = {
  contact: DueContact;
  channel: Person['channel'];
  verdict: GateVerdict | { kind: 'answered' };
};

/** The next due contacts from behind the cursor; at its end the walk starts over, for those put back meanwhile. */
export async function takeDue(
  tx: Transaction,
  { campaign }: LockedCampaign,
  now: Date,
): Promise<{ due: DueContact[]; behind: ClaimCursor | null }> {
  const { claimAfterAt, claimAfterId } = campaign;
  const behind = claimAfterAt && claimAfterId !== null ? { at: claimAfterAt, id: claimAfterId } : null;
  const take = (after: ClaimCursor | null) =>
    takeDueContacts(tx, { campaignId: campaign.id, now, after, limit: BATCH });
  const due = await take(behind);
  return due.length < BATCH && behind ? { due: await take(null), behind: null } : { due, behind };
}

/** Each contact at the gate of its own channel. Who answered meanwhile is not followed up (campaign-api §7.17). */
export async function judgeDue(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  due: DueContact[],
  now: Date,
): Promise<Judged[]> {
  const followed = due
    .filter(({ firstStatus, waitReason }) => firstStatus !== null && waitReason !== 'callback')
    .map(({ id }) => id);
  const answered = await readAnswered(tx, locked.campaign.runNumber, followed);
  const people = due.map((contact) => personOf(locked, contact));
  const verdicts = await judgePeople(deps, tx, locked, people, { now });
  return people.flatMap(({ contact, channel }, i) => {
    const verdict = answered.has(contact.id) ? ({ kind: 'answered' } as const) : verdicts[i];
    return verdict ? [{ contact, channel, verdict }] : [];
  });
}

/**
 * Of a campaign that stops at the end of its day and has nobody due: those whose turn would come on another day, who are
 * left out now rather than then, or the run would stay open until tomorrow.
 */
export async function leaveForAnotherDay(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  now: Date,
): Promise<ClaimedContact[]> {
  if (locked.campaign.endOfDay !== 'stop') return [];
  const waiting = await takeLastWaiting(tx, locked.campaign.id, BATCH);
  const people = waiting.map((contact) => personOf(locked, contact));
  const at = ({ contact }: (typeof people)[number]) => contact.nextAttemptAt ?? now;
  const verdicts = await judgePeople(deps, tx, locked, people, { now, at });
  return people.flatMap(({ contact, channel }, i) => {
    const verdict = verdicts[i];
    const isOver = verdict?.kind === 'skip' && verdict.reason === 'day_ended';
    return isOver ? [withoutAttempt({ contact, channel, verdict }, now)] : [];
  });
}

/** What becomes of a contact who is not contacted now. Whom the first channel of a mixed campaign has been through is not skipped. */
export function withoutAttempt({ contact, verdict }: Judged, now: Date): ClaimedContact {
  const { id, firstStatus, waitReason } = contact;
  if (verdict.kind === 'answered') return { id, kind: 'finish', status: 'completed' };
  if (verdict.kind === 'skip') {
    return isFinal(firstStatus)
      ? { id, kind: 'finish', status: firstStatus }
      : { id, kind: 'skip', reason: verdict.reason };
  }
  if (verdict.kind === 'go') throw new Error('a contact who may be contacted was put off');
  const recheckMs = verdict.why === 'held_for_review' ? HELD_RECHECK_MS : IN_FLIGHT_RECHECK_MS;
  const until = verdict.until ?? new Date(now.getTime() + recheckMs);
  // A call that they were promised stays promised, whatever puts it off.
  return { id, kind: 'wait', until, why: waitReason === 'callback' ? waitReason : verdict.why };
}

function personOf({ campaign }: LockedCampaign, contact: DueContact): Person & { contact: DueContact } {
  const { phoneNumber, ownZones, ownRegion, nextChannel, waitReason } = contact;
  const { campaignType, mixedSettings } = campaign;
  const channel = campaignType === 'mixed' ? channelOf(mixedSettings, nextChannel) : campaignType;
  const why = waitReason === 'callback' ? 'promised' : 'turn';
  return { phoneNumber, ownZones, ownRegion, channel, why, contact };
}

type FinalStatus = Extract<ClaimedContact, { kind: 'finish' }>['status'];

function isFinal(status: DueContact['firstStatus']): status is FinalStatus {
  return status !== null && !['pending', 'in_progress', 'skipped'].includes(status);
}
