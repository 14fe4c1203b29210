import { keepClaimCursor } from '#db/campaigns.ts';
import {
  type ClaimCursor,
  type ClaimedContact,
  countDialing,
  type DueContact,
  insertAttempts,
  keepDialingFrom,
  type lockCampaign,
  moveClaimedContacts,
  type NewAttempt,
  nextWaiting,
  readCounts,
  readObstacles,
  takeDueContacts,
} from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { lockBuckets, saveBuckets } from '#db/rate-buckets.ts';
import { type GateVerdict, judgeContact, reachOf } from '#domain/gate.ts';
import type { WaitReason } from '#domain/hold.ts';
import { freeSlots, freshBucket, takeTokens } from '#domain/pacing.ts';
import { senderText } from '#domain/sender.ts';
import { hoursOf } from '#domain/settings.ts';
import { type Composer, composeText } from './compose-text.ts';
import type { Deps } from './deps.ts';

/** Contacts looked at in one claim; a claim of 50 costs hardly more than one of 10 (performance.md §5). */
const BATCH = 50;
const LEASE_REAL_MS = 30_000;
const IN_FLIGHT_RECHECK_MS = 60_000;
const HELD_RECHECK_MS = 60 * 60_000;

type Locked = NonNullable<Awaited<ReturnType<typeof lockCampaign>>>;

/** An attempt that is written and waits for its last check. `closesAt`: when the contact's hours end. */
export type ClaimedAttempt = {
  id: number;
  campaignId: number;
  token: string;
  to: string;
  sender: string;
  body: string;
  closesAt: Date;
};

/**
 * What one claim came to. `limit`: which limit left due contacts where they are. `nextAt`: when something can happen
 * again, null when only a report can bring it about.
 */
export type Claim = {
  attempts: ClaimedAttempt[];
  limit: 'rate' | 'concurrency' | null;
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
  composer: Composer,
): Promise<Claim> {
  const now = deps.clock.now();
  const capacity = await readCapacity(tx, locked, now);
  const { due, behind } = await takeDue(tx, locked, now);
  const judged = await judge(tx, locked, due, now);
  const sorted = sortOut(deps, locked, judged, { left: capacity.free, behind, composer, now });
  const attempts = await writeAttempts(tx, sorted.rows, sorted.decisions, now);
  const dialingIds = [capacity.oldestDialingId ?? [], attempts.map(({ id }) => id)].flat();
  if (dialingIds.length > 0) await keepDialingFrom(tx, locked.workspace, Math.min(...dialingIds));
  await moveClaimedContacts(tx, sorted.decisions, now);
  const nextTokenAt = await capacity.spend(sorted.rows.length);
  const limit = sorted.isCut ? capacity.binds : null;
  await keepClaimCursor(tx, locked.campaign.id, sorted.cursor);
  const next = await nextMoment(tx, locked, { looked: due.length, limit, nextTokenAt, now });
  return { attempts, limit, nextAt: next?.at ?? null, waitsFor: next?.why ?? null };
}

type Row = NewAttempt & { closesAt: Date };
type Judged = { contact: DueContact; verdict: GateVerdict };

/** What becomes of each contact, in order, up to the first that may be contacted but for which nothing is free. */
function sortOut(
  deps: Deps,
  locked: Locked,
  judged: Judged[],
  given: { left: number; behind: ClaimCursor | null; composer: Composer; now: Date },
) {
  const decisions: ClaimedContact[] = [];
  const rows: Row[] = [];
  let cursor = given.behind;
  for (const { contact, verdict } of judged) {
    if (verdict.kind === 'go' && rows.length === given.left) return { decisions, rows, cursor, isCut: true };
    if (contact.nextAttemptAt) cursor = { at: contact.nextAttemptAt, id: contact.id };
    if (verdict.kind !== 'go') {
      decisions.push(postpone(contact.id, verdict, given.now));
      continue;
    }
    const text = composeText(given.composer, contact);
    if (text.kind === 'refused') decisions.push({ id: contact.id, kind: 'skip', reason: text.reason });
    else rows.push(newAttempt(deps, locked, contact, verdict, text, given.now));
  }
  return { decisions, rows, cursor: judged.length === BATCH ? cursor : null, isCut: false };
}

/** How many more may be started now, by rate and by requests under way, in the campaign and in the workspace. */
async function readCapacity(tx: Transaction, { campaign, workspace }: Locked, now: Date) {
  const limits = new Map([
    [`campaign:${campaign.id}`, campaign.rateLimitPerMinute],
    [`workspace:${workspace.id}`, workspace.rateLimitPerMinute],
  ]);
  const buckets = await lockBuckets(tx, [...limits.keys()], freshBucket(now));
  const take = (scope: string, wanted: number) => {
    const bucket = buckets.get(scope) ?? freshBucket(now);
    return takeTokens(bucket, limits.get(scope) ?? 0, now, wanted);
  };
  const dialing = await countDialing(tx, workspace, campaign.id);
  const slots = freeSlots(
    { limit: campaign.concurrentLimit, taken: dialing.inCampaign },
    { limit: workspace.concurrentLimit, taken: dialing.inWorkspace, campaigns: dialing.runningCampaigns },
  );
  const tokens = Math.min(...[...limits.keys()].map((scope) => take(scope, BATCH).granted));
  return {
    free: Math.min(slots, tokens),
    binds: tokens < slots ? ('rate' as const) : ('concurrency' as const),
    oldestDialingId: dialing.oldestId,
    async spend(count: number): Promise<Date> {
      const taken = new Map([...limits.keys()].map((scope) => [scope, take(scope, count)]));
      await saveBuckets(tx, new Map([...taken].map(([scope, result]) => [scope, result.bucket])));
      return new Date(Math.max(...[...taken.values()].map((result) => result.nextTokenAt.getTime())));
    },
  };
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

async function judge(tx: Transaction, { campaign, workspace }: Locked, due: DueContact[], now: Date) {
  const obstacles = await readObstacles(
    tx,
    workspace.id,
    due.map((contact) => contact.phoneNumber),
    'sms',
  );
  return due.map((contact) => ({
    contact,
    verdict: judgeContact({
      at: now,
      channel: 'sms',
      suppression: obstacles.suppressed.get(contact.phoneNumber) ?? null,
      isHeldForReview: obstacles.held.has(contact.phoneNumber),
      isInFlight: obstacles.inFlight.has(contact.phoneNumber),
      ...reachOf({
        phoneNumber: contact.phoneNumber,
        hours: hoursOf(campaign.allowedHours),
        zone: campaign.timeZone,
        followsContact: campaign.contactTimeZone,
      }),
    }),
  }));
}

function postpone(id: number, verdict: Exclude<GateVerdict, { kind: 'go' }>, now: Date): ClaimedContact {
  if (verdict.kind === 'skip') return { id, kind: 'skip', reason: verdict.reason };
  if (verdict.until) return { id, kind: 'wait', until: verdict.until, why: verdict.why };
  const recheckMs = verdict.why === 'held_for_review' ? HELD_RECHECK_MS : IN_FLIGHT_RECHECK_MS;
  return { id, kind: 'wait', until: new Date(now.getTime() + recheckMs), why: verdict.why };
}

function newAttempt(
  deps: Deps,
  { campaign, workspace }: Locked,
  contact: DueContact,
  verdict: Extract<GateVerdict, { kind: 'go' }>,
  text: { body: string; segments: number; sender: Parameters<typeof senderText>[0] },
  now: Date,
): Row {
  return {
    token: deps.randomToken(),
    workspaceId: workspace.id,
    campaignId: campaign.id,
    contactId: contact.id,
    runNumber: campaign.runNumber,
    channel: 'sms',
    purpose: 'campaign',
    n: contact.lastN + 1,
    phoneNumber: contact.phoneNumber,
    sender: senderText(text.sender),
    body: text.body,
    segments: text.segments,
    state: 'dialing',
    provider: deps.telephony.provider,
    gate: verdict.evidence,
    leaseUntil: deps.clock.realDelay(LEASE_REAL_MS),
    createdAt: now,
    closesAt: verdict.closesAt,
  };
}

/** Writes the attempts; whoever the ledger refused (in flight elsewhere at this very instant) waits instead. */
async function writeAttempts(
  tx: Transaction,
  rows: Row[],
  decisions: ClaimedContact[],
  now: Date,
): Promise<ClaimedAttempt[]> {
  const written = await insertAttempts(
    tx,
    rows.map(({ closesAt: _, ...row }) => row),
  );
  const idOf = new Map(written.map((row) => [row.contactId, row.id]));
  const claimed: ClaimedAttempt[] = [];
  for (const row of rows) {
    const id = idOf.get(row.contactId);
    if (id === undefined) {
      const until = new Date(now.getTime() + IN_FLIGHT_RECHECK_MS);
      decisions.push({ id: row.contactId, kind: 'wait', until, why: 'number_in_flight' });
      continue;
    }
    decisions.push({ id: row.contactId, kind: 'take', n: row.n });
    claimed.push({
      id,
      campaignId: row.campaignId,
      token: row.token,
      to: row.phoneNumber,
      sender: row.sender,
      body: row.body,
      closesAt: row.closesAt,
    });
  }
  return claimed;
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
