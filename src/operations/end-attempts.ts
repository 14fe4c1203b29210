import { afterCommit } from '#db/after-commit.ts';
import { type CallRow, endCalls } from '#db/calls.ts';
import type { Transaction } from '#db/client.ts';
import { type EndingContext, moveEndedContacts, readForEnding } from '#db/endings.ts';
import { endOpenAttempts } from '#db/ledger.ts';
import { enqueue } from '#db/queue.ts';
import type { AttemptOutcome, TextStatusName } from '#domain/attempt.ts';
import type { CallStatusName } from '#domain/call.ts';
import { CONSEQUENCES } from '#domain/failure.ts';
import { FIRST_CALL_PRICE_LOOK_MS, FIRST_PRICE_LOOK_MS } from '#domain/look-times.ts';
import type { ProviderRefusal } from '#ports/telephony.ts';
import { isRunFinished } from './claim-contacts.ts';
import { moveAfter } from './contact-move.ts';
import type { Deps } from './deps.ts';
import { settleAttempts } from './settle-attempts.ts';
import { suppress } from './suppress.ts';
import { tellFailedReply } from './tell-failed-reply.ts';
import { touchTranscript } from './touch-transcript.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

/** How one attempt ended, in the provider's words (`status`, `refusal`) and ours (`outcome`). */
export type Ending = {
  id: number;
  outcome: AttemptOutcome;
  ref: string | null;
  status: TextStatusName | CallStatusName | null;
  refusal: ProviderRefusal | null;
  retryAfterMs?: number;
};

/** A campaign that must stop because of how an attempt of it ended; carried out after the commit by `stopCampaigns`. */
export type CampaignStop = { campaignId: number; move: 'break' | 'pause'; fix: string };

/**
 * Ends attempts and moves their contacts on: done, failed, skipped, waiting for a retry, or back to where they were
 * because nobody was asked. The first ending wins, so a report that comes twice changes nothing. Campaign rows are not
 * touched here: whoever claims holds them while it waits for the counts that this transaction holds.
 */
export async function endAttempts(deps: Deps, tx: Transaction, endings: Ending[]): Promise<CampaignStop[]> {
  const { stops, endedIds } = await endUnsettled(deps, tx, endings);
  await settleAttempts(tx, endedIds);
  return stops;
}

/** Ends attempts for a caller that has more to do with them, and that settles them itself when it has done everything. */
export async function endUnsettled(
  deps: Deps,
  tx: Transaction,
  endings: Ending[],
): Promise<{ stops: CampaignStop[]; endedIds: number[] }> {
  const now = deps.clock.now();
  const ended = await endOpenAttempts(tx, endings.map(rowOf), now, {
    sms: new Date(now.getTime() + FIRST_PRICE_LOOK_MS),
    call: new Date(now.getTime() + FIRST_CALL_PRICE_LOOK_MS),
  });
  const effective = endings.filter((ending) => ended.has(ending.id));
  if (effective.length === 0) return { stops: [], endedIds: [] };
  afterCommit(tx, () => countEnded(deps, effective, ended));
  const calls = await endCallsOf(
    deps,
    tx,
    [...ended].flatMap(([id, channel]) => (channel === 'call' ? id : [])),
  );
  const contexts = await readForEnding(
    tx,
    effective.map((ending) => ending.id),
  );
  const contextOf = new Map(contexts.map((context) => [context.attemptId, context]));
  const pairs = effective.flatMap((ending) => {
    const context = contextOf.get(ending.id);
    return context ? [{ ending, context, call: calls.get(ending.id) ?? null }] : [];
  });
  const campaignIds = [...new Set(contexts.map((context) => context.campaignId))].sort((a, b) => a - b);
  for (const campaignId of campaignIds) await moveContacts(tx, pairs, campaignId, now);
  await suppressOptedOut(deps, tx, pairs);
  for (const pair of pairs) await tellFailedReply(deps, tx, pair);
  for (const campaignId of campaignIds) {
    if (await concernsDispatch(tx, pairs, campaignId)) await wakeCampaign(tx, deps, campaignId);
    await touchCard(tx, deps, campaignId);
  }
  return { stops: pairs.flatMap(stopOf), endedIds: [...ended.keys()] };
}

function countEnded({ meters }: Deps, endings: Ending[], channelOf: Map<number, 'call' | 'sms'>): void {
  for (const { id, outcome } of endings) {
    const channel = channelOf.get(id);
    if (channel) meters.attemptEnded(channel, outcome);
  }
}

const ARRIVED: readonly AttemptOutcome[] = ['delivered', 'sent', 'assumed_done'];

type Pair = { ending: Ending; context: EndingContext; call: CallRow | null };

/** Ends the calls of these attempts, by attempt, and has those worked up that were picked up. */
async function endCallsOf(deps: Deps, tx: Transaction, attemptIds: number[]): Promise<Map<number, CallRow>> {
  const rows = await endCalls(tx, attemptIds, deps.clock.now());
  for (const { id: callId, finishedAt, listenPostId } of rows) {
    if (listenPostId !== null) await touchTranscript(tx, deps, callId);
    if (finishedAt === null)
      await enqueue(tx, deps.clock, 'finish_call', { callId }, { key: `finish:${callId}` });
  }
  return new Map(rows.flatMap((row) => (row.attemptId === null ? [] : [[row.attemptId, row] as const])));
}

function rowOf({ id, outcome, ref, status, refusal }: Ending) {
  return {
    id,
    outcome,
    providerRef: ref,
    providerStatus: status,
    failureClass: refusal?.class ?? null,
    failureCode: refusal?.code ?? null,
  };
}

/** One campaign's contacts in one statement, campaigns in order: two transactions never wait for each other's counts. */
async function moveContacts(tx: Transaction, pairs: Pair[], campaignId: number, now: Date): Promise<void> {
  const own = pairs.filter(
    ({ context }) => context.campaignId === campaignId && context.purpose === 'campaign',
  );
  await moveEndedContacts(
    tx,
    own.map((pair) => moveAfter(pair, now)),
  );
}

/**
 * Whether the dispatch has something to do about these endings: somebody waits again, something failed (which the circuit
 * breaker counts), a call has freed its place, the results of the first attempts are waited for, or nobody is left. A text
 * that arrived in the middle of a run is none of that, unless a call follows it.
 */
async function concernsDispatch(tx: Transaction, pairs: Pair[], campaignId: number): Promise<boolean> {
  const own = pairs.filter(({ context }) => context.campaignId === campaignId);
  if (own.some(({ ending, call }) => call !== null || !ARRIVED.includes(ending.outcome))) return true;
  if (own.some(({ context }) => context.campaignType === 'mixed' || context.canaryLeft === 0)) return true;
  return isRunFinished(tx, campaignId);
}

/** The provider says that this person opted out: our own list must know it too (telephony.md §3, error 21610). */
async function suppressOptedOut(deps: Deps, tx: Transaction, pairs: Pair[]): Promise<void> {
  for (const { ending, context } of pairs) {
    if (ending.refusal?.class !== 'opted_out') continue;
    await suppress(deps, tx, {
      workspaceId: context.workspaceId,
      phoneNumber: context.phoneNumber,
      channel: 'all',
      reason: 'The carrier says they opted out.',
      source: 'provider',
      campaignId: context.campaignId,
      actor: { kind: 'system' },
    });
  }
}

function stopOf({ ending, context }: Pair): CampaignStop[] {
  if (!ending.refusal) return [];
  const { campaign } = CONSEQUENCES[ending.refusal.class];
  if (campaign === 'continue') return [];
  return [
    {
      campaignId: context.campaignId,
      move: campaign === 'fail' ? 'break' : 'pause',
      fix: ending.refusal.fix,
    },
  ];
}
