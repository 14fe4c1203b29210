import { holdRunning } from '#db/campaigns.ts';
import { confirmAttempts } from '#db/confirm-attempts.ts';
import { keepAccepted, keepUnknown, lockAttempts } from '#db/ledger.ts';
import { RING_SECONDS } from '#domain/call.ts';
import { FIRST_RECEIPT_LOOK_MS, FIRST_UNKNOWN_LOOK_REAL_MS } from '#domain/look-times.ts';
import { senderOf } from '#domain/sender.ts';
import type { PlaceResult } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { type Ending, endAttempts } from './end-attempts.ts';
import { keepPlacedCalls } from './keep-placed-calls.ts';
import { stopCampaigns } from './stop-campaigns.ts';
import { lookLater, touchCard } from './wake-campaign.ts';
import type { ClaimedAttempt } from './write-attempts.ts';

/** Requests to the provider under way at once from one dispatch. */
const AT_ONCE = 10;
/** Longer than the adapter's own deadline of 10 s, so that a lease never ends while its request is under way. */
const LEASE_REAL_MS = 20_000;

/**
 * Places attempts that are already committed, a few at a time: the last gate check, then one request each, then what the
 * provider said. No transaction is open while the provider is asked, and nothing is ever asked twice (design §4).
 */
export async function placeAttempts(deps: Deps, claimed: ClaimedAttempt[]): Promise<void> {
  for (let from = 0; from < claimed.length; from += AT_ONCE) {
    const isThrottled = await placeFew(deps, claimed.slice(from, from + AT_ONCE));
    if (isThrottled) return settle(deps, [], claimed.slice(from + AT_ONCE));
  }
}

/** Whether the provider asked to slow down: the rest is better not asked for now. */
async function placeFew(deps: Deps, few: ClaimedAttempt[]): Promise<boolean> {
  const now = deps.clock.now();
  const stillOpen = few.filter((attempt) => attempt.closesAt > now);
  const ids = stillOpen.map((attempt) => attempt.id);
  const confirmed = await confirmAttempts(deps.db, ids, now, deps.clock.realDelay(LEASE_REAL_MS));
  const answers = await Promise.all(
    few
      .filter((attempt) => confirmed.has(attempt.id))
      .map(async (attempt) => ({ attempt, result: await ask(deps, attempt) })),
  );
  const refused = few.filter((attempt) => !confirmed.has(attempt.id));
  await settle(deps, answers, refused);
  return answers.some(({ result }) => result.kind === 'throttled');
}

async function ask(deps: Deps, attempt: ClaimedAttempt): Promise<PlaceResult> {
  const { token, to, sender, body, closesAt, call } = attempt;
  if (call) return deps.telephony.placeCall({ token, to, from: sender, ringSeconds: RING_SECONDS, ...call });
  const validForSeconds = Math.max(1, Math.floor((closesAt.getTime() - deps.clock.now().getTime()) / 1000));
  return deps.telephony.sendText({ token, to, from: senderOf(sender), body, validForSeconds });
}

type Answer = { attempt: ClaimedAttempt; result: PlaceResult };

async function settle(deps: Deps, answers: Answer[], refused: ClaimedAttempt[]): Promise<void> {
  const accepted = answers.flatMap(({ attempt, result }) =>
    result.kind === 'accepted' ? [{ id: attempt.id, ref: result.ref, attempt }] : [],
  );
  const texts = accepted.flatMap(({ attempt, id, ref }) => (attempt.call ? [] : [{ id, ref }]));
  const unknown = answers.filter(({ result }) => result.kind === 'unknown');
  const endings = [...refused.map(withdrawal), ...answers.flatMap(endingOf)];
  const stops = await deps.db.transaction(async (tx) => {
    const now = deps.clock.now();
    await lockAttempts(tx, [...answers.map(({ attempt }) => attempt.id), ...refused.map(({ id }) => id)]);
    await keepAccepted(tx, texts, new Date(now.getTime() + FIRST_RECEIPT_LOOK_MS));
    await keepPlacedCalls(deps, tx, accepted);
    if (unknown.length > 0) {
      const lookAt = deps.clock.realDelay(FIRST_UNKNOWN_LOOK_REAL_MS);
      await keepUnknown(
        tx,
        unknown.map(({ attempt }) => attempt.id),
        lookAt,
      );
      await lookLater(tx, deps, lookAt);
    }
    return endAttempts(deps, tx, endings);
  });
  await stopCampaigns(deps, stops);
  await rest(deps, answers);
  for (const { attempt, result } of unknown) {
    deps.log.warn(
      { attemptId: attempt.id, cause: result.kind === 'unknown' ? result.cause : null },
      'answer of the provider was lost',
    );
  }
}

/** The provider asked to slow down: its campaign rests as long as that, and nobody loses an attempt. */
async function rest(deps: Deps, answers: Answer[]): Promise<void> {
  const asked = answers.flatMap(({ attempt, result }) =>
    result.kind === 'throttled' ? [{ campaignId: attempt.campaignId, ms: result.retryAfterMs }] : [],
  );
  const [first] = asked;
  if (!first) return;
  const until = deps.clock.realDelay(Math.max(...asked.map(({ ms }) => ms)));
  await holdRunning(deps.db, first.campaignId, { code: 'provider_throttled', until: until.toISOString() });
  await touchCard(deps.db, deps, first.campaignId);
}

function withdrawal(attempt: ClaimedAttempt): Ending {
  return { id: attempt.id, outcome: 'withdrawn', ref: null, status: null, refusal: null };
}

function endingOf({ attempt, result }: Answer): Ending[] {
  if (result.kind === 'rejected') {
    return [{ id: attempt.id, outcome: 'rejected', ref: null, status: null, refusal: result.refusal }];
  }
  if (result.kind === 'throttled') {
    return [
      {
        id: attempt.id,
        outcome: 'throttled',
        ref: null,
        status: null,
        refusal: null,
        retryAfterMs: result.retryAfterMs,
      },
    ];
  }
  return [];
}
