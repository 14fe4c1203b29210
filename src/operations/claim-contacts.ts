import { keepClaimCursor } from '#db/campaigns.ts';
import {
  type ClaimCursor,
  type ClaimedContact,
  type DueContact,
  keepDialingFrom,
  type LockedCampaign,
  moveClaimedContacts,
  nextWaiting,
  readCounts,
} from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import type { WaitReason } from '#domain/hold.ts';
import { type Budget, keepReserved, readBudget } from './budget.ts';
import { type Capacity, readCapacity } from './claim-capacity.ts';
import { type CallComposer, composeCall } from './compose-call.ts';
import { type Composer, composeText } from './compose-text.ts';
import type { Deps } from './deps.ts';
import { BATCH, type Judged, judgeDue, leaveForAnotherDay, takeDue, withoutAttempt } from './take-due.ts';
import { type ClaimedAttempt, type Composed, newAttempt, type Row, writeAttempts } from './write-attempts.ts';

/** How the contacts of a campaign are written to and called: what its type needs, both for a mixed one. */
export type Composers = { text: Composer | null; call: CallComposer | null };

/**
 * What one claim came to. `limit`: which limit left due contacts where they are. `nextAt`: when something can happen
 * again, null when only a report or a person can bring it about.
 */
export type Claim = {
  attempts: ClaimedAttempt[];
  limit: Capacity['binds'] | 'rate' | 'budget' | null;
  /** The rate that bound is the pace of calls, a matter of less than a second. */
  isPaced: boolean;
  nextAt: Date | null;
  /** What the budget left for this claim; null where there is none. */
  leftMicros: number | null;
  /** What the contact that falls due next waits for; null when due contacts remain or none waits. */
  waitsFor: WaitReason | null;
};

/**
 * Claims due contacts of a running, locked campaign: judges each at the gate, writes the attempts of those who may be
 * contacted with the money reserved for them, and moves the others on with their reason. Nothing is asked of the provider
 * here (design §4).
 */
export async function claimContacts(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  composers: Composers,
): Promise<Claim> {
  const now = deps.clock.now();
  const capacity = await readCapacity(deps, tx, locked, { now, most: BATCH });
  const { due, behind } = await takeDue(tx, locked, now);
  const judged = await judgeDue(deps, tx, locked, due, now);
  const budget = await readBudget(tx, locked);
  const sorted = sortOut(deps, locked, judged, { ...capacity, behind, composers, budget, now });
  const { attempts, reservedMicros } = await writeAttempts(tx, sorted.rows, sorted.decisions, now);
  const dialingIds = [capacity.oldestDialingId ?? [], attempts.map(({ id }) => id)].flat();
  if (dialingIds.length > 0) await keepDialingFrom(tx, locked.workspace, Math.min(...dialingIds));
  const left = due.length === 0 ? await leaveForAnotherDay(deps, tx, locked, now) : [];
  await moveClaimedContacts(tx, [...sorted.decisions, ...left], now);
  const isPaced = sorted.cut === 'pace';
  const nextTokenAt = await capacity.spend({ all: sorted.rows.length, calls: sorted.calls }, isPaced);
  const limit = limitOf(sorted.cut, capacity);
  await keepClaimCursor(tx, locked.campaign.id, sorted.cursor);
  const looked = due.length + left.length;
  const next = await nextMoment(tx, locked, { looked, limit, nextTokenAt, now });
  await keepReserved(tx, locked.campaign, reservedMicros);
  const { leftMicros } = budget;
  return { attempts, limit, isPaced, leftMicros, nextAt: next?.at ?? null, waitsFor: next?.why ?? null };
}

type Sorting = {
  free: number;
  freeCalls: number;
  behind: ClaimCursor | null;
  composers: Composers;
  budget: Budget;
  now: Date;
};
type Cut = 'limit' | 'pace' | 'budget' | null;
type Begun = { rows: Row[]; calls: number; reservedMicros: number };

/** What becomes of each contact, in order, up to the first that may be contacted but for which nothing is free. */
function sortOut(deps: Deps, locked: LockedCampaign, judged: Judged[], given: Sorting) {
  const decisions: ClaimedContact[] = [];
  const begun: Begun = { rows: [], calls: 0, reservedMicros: 0 };
  let cursor = given.behind;
  for (const one of judged) {
    const step = stepOf(deps, locked, one, given, begun);
    if ('cut' in step) return { ...begun, decisions, cursor, cut: step.cut };
    const { contact, channel } = one;
    if (contact.nextAttemptAt) cursor = { at: contact.nextAttemptAt, id: contact.id };
    if ('decision' in step) {
      decisions.push(step.decision);
      continue;
    }
    begun.rows.push(step.row);
    begun.reservedMicros += step.row.attempt.reservedMicros;
    if (channel === 'call') begun.calls += 1;
  }
  return { ...begun, decisions, cursor: judged.length === BATCH ? cursor : null, cut: null };
}

type Step = { cut: NonNullable<Cut> } | { decision: ClaimedContact } | { row: Row };

/** What becomes of one contact: something else than an attempt, an attempt, or nothing, because a limit is reached. */
function stepOf(deps: Deps, locked: LockedCampaign, one: Judged, given: Sorting, begun: Begun): Step {
  const { contact, channel, verdict } = one;
  if (verdict.kind !== 'go') return { decision: withoutAttempt(one, given.now) };
  if (begun.rows.length === given.free) return { cut: 'limit' };
  if (channel === 'call' && begun.calls === given.freeCalls) return { cut: 'pace' };
  const composed = compose(given.composers, channel, contact);
  if (composed.kind === 'refused') {
    return { decision: { id: contact.id, kind: 'skip', reason: composed.reason } };
  }
  const { leftMicros, reserveOf } = given.budget;
  const reservedMicros = reserveOf({
    channel,
    phoneNumber: contact.phoneNumber,
    segments: composed.kind === 'text' ? composed.segments : null,
    maxSeconds: composed.kind === 'call' ? composed.script.maxSeconds : null,
  });
  if (leftMicros !== null && begun.reservedMicros + reservedMicros > leftMicros) return { cut: 'budget' };
  return { row: newAttempt(deps, locked, contact, verdict, { composed, reservedMicros, now: given.now }) };
}

function limitOf(cut: Cut, capacity: Capacity): Claim['limit'] {
  if (cut === null || cut === 'budget') return cut;
  return cut === 'pace' ? 'rate' : capacity.binds;
}

function compose(
  { text, call }: Composers,
  channel: Judged['channel'],
  contact: DueContact,
): Composed | { kind: 'refused'; reason: string } {
  if (channel === 'call' && call) {
    const composed = composeCall(call, contact);
    return composed.kind === 'call'
      ? { ...composed, fromNumber: call.fromNumber, assistantId: call.assistant.id }
      : composed;
  }
  if (channel === 'sms' && text) return composeText(text, contact);
  throw new Error(`a contact is due on the ${channel} channel, which its campaign does not have`);
}

async function nextMoment(
  tx: Transaction,
  { campaign }: LockedCampaign,
  seen: { looked: number; limit: Claim['limit']; nextTokenAt: Date; now: Date },
): Promise<{ at: Date; why: WaitReason | null } | null> {
  if (seen.limit === 'rate') return { at: seen.nextTokenAt, why: null };
  if (seen.limit !== null) return null;
  return seen.looked >= BATCH ? { at: seen.now, why: null } : nextWaiting(tx, campaign.id);
}

/** Whether a run has nothing left: no contact waiting or in progress. A fact of the rows, never a counter in memory. */
export async function isRunFinished(tx: Transaction, campaignId: number): Promise<boolean> {
  const counts = await readCounts(tx, campaignId);
  return counts !== null && counts.pending === 0 && counts.in_progress === 0;
}
