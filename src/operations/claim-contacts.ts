import { keepClaimCursor } from '#db/campaigns.ts';
import {
  type ClaimCursor,
  type ClaimedContact,
  type DueContact,
  keepDialingFrom,
  type lockCampaign,
  moveClaimedContacts,
  nextWaiting,
  readAnswered,
  readCounts,
  readObstacles,
  takeDueContacts,
} from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type GateVerdict, judgeContact } from '#domain/gate.ts';
import type { WaitReason } from '#domain/hold.ts';
import { channelOf } from '#domain/mixed.ts';
import { campaignHoursOf, reachOf } from '#domain/reach.ts';
import { readCapacity } from './claim-capacity.ts';
import { type CallComposer, composeCall } from './compose-call.ts';
import { type Composer, composeText } from './compose-text.ts';
import type { Deps } from './deps.ts';
import { readPolicy } from './read-policy.ts';
import {
  type ClaimedAttempt,
  IN_FLIGHT_RECHECK_MS,
  newAttempt,
  type Row,
  writeAttempts,
} from './write-attempts.ts';

/** Contacts looked at in one claim; a claim of 50 costs hardly more than one of 10 (performance.md §5). */
const BATCH = 50;
const HELD_RECHECK_MS = 60 * 60_000;

type Locked = NonNullable<Awaited<ReturnType<typeof lockCampaign>>>;
type Channel = 'sms' | 'call';

/** How the contacts of a campaign are written to and called: what its type needs, both for a mixed one. */
export type Composers = { text: Composer | null; call: CallComposer | null };

/**
 * What one claim came to. `limit`: which limit left due contacts where they are. `nextAt`: when something can happen
 * again, null when only a report can bring it about.
 */
export type Claim = {
  attempts: ClaimedAttempt[];
  limit: 'rate' | 'concurrency' | null;
  /** The rate that bound is the pace of calls, a matter of less than a second. */
  isPaced: boolean;
  nextAt: Date | null;
  /** What the contact that falls due next waits for; null when due contacts remain or none waits. */
  waitsFor: WaitReason | null;
};

/**
 * Claims due contacts of a running, locked campaign: judges each at the gate, writes the attempts of those who may be
 * contacted, and moves the others on with their reason. Nothing is asked of the provider here (design §4).
 */
export async function claimContacts(
  deps: Deps,
  tx: Transaction,
  locked: Locked,
  composers: Composers,
): Promise<Claim> {
  const now = deps.clock.now();
  const capacity = await readCapacity(deps, tx, locked, { now, most: BATCH });
  const { due, behind } = await takeDue(tx, locked, now);
  const judged = await judge(deps, tx, locked, due, now);
  const sorted = sortOut(deps, locked, judged, { ...capacity, behind, composers, now });
  const attempts = await writeAttempts(tx, sorted.rows, sorted.decisions, now);
  const dialingIds = [capacity.oldestDialingId ?? [], attempts.map(({ id }) => id)].flat();
  if (dialingIds.length > 0) await keepDialingFrom(tx, locked.workspace, Math.min(...dialingIds));
  await moveClaimedContacts(tx, sorted.decisions, now);
  const isPaced = sorted.cut === 'pace';
  const nextTokenAt = await capacity.spend({ all: sorted.rows.length, calls: sorted.calls }, isPaced);
  const limit = sorted.cut === null ? null : isPaced ? 'rate' : capacity.binds;
  await keepClaimCursor(tx, locked.campaign.id, sorted.cursor);
  const next = await nextMoment(tx, locked, { looked: due.length, limit, nextTokenAt, now });
  return { attempts, limit, isPaced, nextAt: next?.at ?? null, waitsFor: next?.why ?? null };
}

type Judged = { contact: DueContact; channel: Channel; verdict: GateVerdict | { kind: 'answered' } };
type Sorting = {
  free: number;
  freeCalls: number;
  behind: ClaimCursor | null;
  composers: Composers;
  now: Date;
};

/** What becomes of each contact, in order, up to the first that may be contacted but for which nothing is free. */
function sortOut(deps: Deps, locked: Locked, judged: Judged[], given: Sorting) {
  const decisions: ClaimedContact[] = [];
  const rows: Row[] = [];
  let cursor = given.behind;
  let calls = 0;
  for (const one of judged) {
    const { contact, channel, verdict } = one;
    const cut = verdict.kind === 'go' ? cutOf(channel, { rows: rows.length, calls }, given) : null;
    if (cut) return { decisions, rows, calls, cursor, cut };
    if (contact.nextAttemptAt) cursor = { at: contact.nextAttemptAt, id: contact.id };
    if (verdict.kind !== 'go') {
      decisions.push(withoutAttempt(one, given.now));
      continue;
    }
    const composed = compose(given.composers, channel, contact);
    if (composed.kind === 'refused') {
      decisions.push({ id: contact.id, kind: 'skip', reason: composed.reason });
      continue;
    }
    rows.push(newAttempt(deps, locked, contact, verdict, composed, given.now));
    if (channel === 'call') calls += 1;
  }
  return { decisions, rows, calls, cursor: judged.length === BATCH ? cursor : null, cut: null };
}

/** Which limit keeps the next contact waiting: rate and places for all, and the pace of calls. */
function cutOf(channel: Channel, begun: { rows: number; calls: number }, given: Sorting) {
  if (begun.rows === given.free) return 'limit';
  return channel === 'call' && begun.calls === given.freeCalls ? 'pace' : null;
}

function compose({ text, call }: Composers, channel: Channel, contact: DueContact) {
  if (channel === 'call' && call) {
    const composed = composeCall(call, contact);
    return composed.kind === 'call'
      ? { ...composed, fromNumber: call.fromNumber, assistantId: call.assistant.id }
      : composed;
  }
  if (channel === 'sms' && text) return composeText(text, contact);
  throw new Error(`a contact is due on the ${channel} channel, which its campaign does not have`);
}

/** The next due contacts from behind the cursor; at its end the walk starts over, for those put back meanwhile. */
async function takeDue(
  tx: Transaction,
  { campaign }: Locked,
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
async function judge(
  deps: Deps,
  tx: Transaction,
  { campaign, workspace }: Locked,
  due: DueContact[],
  now: Date,
): Promise<Judged[]> {
  const onChannel = due.map((contact) => ({ contact, channel: channelFor(campaign, contact) }));
  const obstaclesOf = new Map<Channel, Awaited<ReturnType<typeof readObstacles>>>();
  for (const channel of new Set(onChannel.map((one) => one.channel))) {
    const numbers = onChannel.filter((one) => one.channel === channel);
    const phoneNumbers = numbers.map(({ contact }) => contact.phoneNumber);
    obstaclesOf.set(channel, await readObstacles(tx, workspace.id, phoneNumbers, channel));
  }
  const followed = due
    .filter(({ firstStatus, waitReason }) => firstStatus !== null && waitReason !== 'callback')
    .map(({ id }) => id);
  const answered = await readAnswered(tx, campaign.runNumber, followed);
  const policy = await readPolicy(deps, tx, workspace, now, campaign.holidayPlaces);
  const hours = campaignHoursOf(campaign, policy.holidays);
  return onChannel.map(({ contact, channel }) => ({
    contact,
    channel,
    verdict: answered.has(contact.id)
      ? { kind: 'answered' as const }
      : judgeContact({
          at: now,
          channel,
          suppression: obstaclesOf.get(channel)?.suppressed.get(contact.phoneNumber) ?? null,
          isHeldForReview: obstaclesOf.get(channel)?.held.has(contact.phoneNumber) ?? false,
          isInFlight: obstaclesOf.get(channel)?.inFlight.has(contact.phoneNumber) ?? false,
          reach: reachOf({ who: contact, channel, hours, policy }),
        }),
  }));
}

function channelFor(campaign: Locked['campaign'], contact: DueContact): Channel {
  const { campaignType, mixedSettings } = campaign;
  return campaignType === 'mixed' ? channelOf(mixedSettings, contact.nextChannel) : campaignType;
}

/** What becomes of a contact who is not contacted now. Whom the first channel of a mixed campaign has been through is not skipped. */
function withoutAttempt({ contact, verdict }: Judged, now: Date): ClaimedContact {
  const { id, firstStatus } = contact;
  if (verdict.kind === 'answered') return { id, kind: 'finish', status: 'completed' };
  if (verdict.kind === 'skip') {
    return isFinal(firstStatus)
      ? { id, kind: 'finish', status: firstStatus }
      : { id, kind: 'skip', reason: verdict.reason };
  }
  if (verdict.kind === 'go') throw new Error('a contact who may be contacted was put off');
  if (verdict.until) return { id, kind: 'wait', until: verdict.until, why: verdict.why };
  const recheckMs = verdict.why === 'held_for_review' ? HELD_RECHECK_MS : IN_FLIGHT_RECHECK_MS;
  return { id, kind: 'wait', until: new Date(now.getTime() + recheckMs), why: verdict.why };
}

type FinalStatus = Extract<ClaimedContact, { kind: 'finish' }>['status'];

function isFinal(status: DueContact['firstStatus']): status is FinalStatus {
  return status !== null && !['pending', 'in_progress', 'skipped'].includes(status);
}

async function nextMoment(
  tx: Transaction,
  { campaign }: Locked,
  seen: { looked: number; limit: Claim['limit']; nextTokenAt: Date; now: Date },
): Promise<{ at: Date; why: WaitReason | null } | null> {
  if (seen.limit === 'rate') return { at: seen.nextTokenAt, why: null };
  if (seen.limit === 'concurrency') return null;
  return seen.looked === BATCH ? { at: seen.now, why: null } : nextWaiting(tx, campaign.id);
}

/** Whether a run has nothing left: no contact waiting or in progress. A fact of the rows, never a counter in memory. */
export async function isRunFinished(tx: Transaction, campaignId: number): Promise<boolean> {
  const counts = await readCounts(tx, campaignId);
  return counts !== null && counts.pending === 0 && counts.in_progress === 0;
}
