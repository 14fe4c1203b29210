import { and, eq, sql } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { campaignSpend } from '#db/policy-schema.ts';
import { attempts } from '#db/schema.ts';
import { readSpend } from '#db/spend.ts';
import { changeStatus } from '#operations/change-status.ts';
import { dispatchCampaign } from '#operations/dispatch-campaign.ts';
import { lookAtAttempts } from '#operations/look-at-attempts.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import { recover } from '#operations/recover.ts';
import { settleAttempts } from '#operations/settle-attempts.ts';
import type { PlaceResult, ProviderEvent, TextStatus } from '#ports/telephony.ts';
import { ANNA, createEngine } from '#support/engine.ts';
import { CALL_STATUSES } from '#support/reported-statuses.ts';
import { freshPhones, statusOf } from './calls.ts';

const engine = await createEngine();
const { deps, carrier, clock } = engine;
const { db } = deps;
const [acceptText, acceptCall] = [carrier.answer, carrier.answerCall];

/** What the rows of the attempts say that a run has reserved and spent. */
async function recount(campaignId: number) {
  const [row] = await db
    .select({
      reservedMicros: sql<number>`coalesce(sum(${attempts.reservedMicros}), 0)`.mapWith(Number),
      settledMicros: sql<number>`coalesce(sum(${attempts.priceMicros})
        filter (where ${attempts.priceCurrency} = 'USD'), 0)`.mapWith(Number),
      settledAttempts: sql<number>`count(*) filter (where ${attempts.priceCurrency} = 'USD')`.mapWith(Number),
    })
    .from(attempts)
    .where(and(eq(attempts.campaignId, campaignId), eq(attempts.runNumber, 1)));
  return row;
}

async function kept(campaignId: number) {
  const [row] = await db.select().from(campaignSpend).where(eq(campaignSpend.campaignId, campaignId));
  const { reservedMicros = 0, settledMicros = 0, settledAttempts = 0 } = row ?? {};
  return { reservedMicros, settledMicros, settledAttempts };
}

/** Every attempt reckoned anew from its rows: where each change was settled at once, that changes nothing. */
async function settledAgain(campaignId: number) {
  const rows = await db.select({ id: attempts.id }).from(attempts).where(eq(attempts.campaignId, campaignId));
  const again = db.transaction(async (tx) => {
    await settleAttempts(
      tx,
      rows.map(({ id }) => id),
    );
    const counted = await readSpend(tx, { id: campaignId, runNumber: 1 });
    const { settledReserveMicros: _, ...spend } = counted;
    throw Object.assign(new Error('rolled back'), { spend });
  });
  return again.catch((error: { spend: unknown }) => error.spend);
}

type Step =
  | { kind: 'dispatch' | 'merge' | 'look' | 'recover' }
  | { kind: 'pass'; minutes: number }
  | {
      kind: 'report';
      isHonest: boolean;
      at: number;
      status: number;
      price: Price | null;
      seconds: number;
      segments: number | null;
    };
type Report = Extract<Step, { kind: 'report' }>;
type Price = { percent: number; currency: 'USD' | 'EUR' };

const TEXT_STATUSES: TextStatus[] = ['sent', 'delivered', 'undelivered', 'failed'];
const PLACED_STATUSES = CALL_STATUSES.filter((status) => status !== 'canceled');

/** A report on some attempt, with a price that is a share of the dearest one; an honest provider has only what it took. */
async function reportOn(campaignIds: number[], step: Report) {
  const rows = (await db.select().from(attempts).orderBy(attempts.id)).filter(
    ({ campaignId, askedAt, providerRef }) =>
      campaignIds.includes(campaignId) && (step.isHonest ? providerRef : askedAt) !== null,
  );
  const attempt = rows[step.at % Math.max(1, rows.length)];
  if (attempt) await engine.report(eventOn(attempt, step.isHonest ? honest(attempt.id, step) : step));
}

function eventOn(attempt: typeof attempts.$inferSelect, step: Report): ProviderEvent {
  const ref = attempt.providerRef ?? `late-${attempt.token}`;
  const priced = (dearest: number) =>
    step.price && {
      amount: `-${((dearest * step.price.percent) / 100_000_000).toFixed(6)}`,
      currency: step.price.currency,
    };
  if (attempt.channel === 'sms') {
    const status = TEXT_STATUSES[step.status % TEXT_STATUSES.length] ?? 'sent';
    const { segments } = step;
    const price = priced(13_300 * (attempt.segments ?? 1));
    return { kind: 'text_status', token: attempt.token, ref, status, refusal: null, segments, price };
  }
  const status = PLACED_STATUSES[step.status % PLACED_STATUSES.length] ?? 'ringing';
  const durationSeconds = status === 'completed' ? step.seconds : null;
  const price = priced(14_000 * Math.ceil(step.seconds / 60));
  return statusOf({ token: attempt.token, ref }, status, { durationSeconds, price });
}

/** Says the same of one attempt each time: how its call ended, how long it was, and what it cost. */
function honest(id: number, step: Report): Report {
  const end = 2 + (id % 4);
  const isOver = step.status % 2 === 0;
  const isCharged = isOver && PLACED_STATUSES[end] === 'completed';
  return {
    ...step,
    status: isOver ? end : step.status % 2,
    seconds: (id * 97) % 601,
    price: isCharged && step.price ? { ...step.price, percent: (id * 37) % 101 } : null,
  };
}

async function take(campaignIds: number[], step: Step): Promise<void> {
  if (step.kind === 'report') return reportOn(campaignIds, step);
  if (step.kind === 'pass') return clock.move(step.minutes * 60_000);
  if (step.kind === 'merge') return mergeProviderEvents(deps);
  if (step.kind === 'look') return lookAtAttempts(deps);
  if (step.kind === 'recover') return recover(deps);
  await Promise.all(campaignIds.map((campaignId) => dispatchCampaign(deps, { campaignId })));
}

const ANSWERS = ['accepted', 'accepted', 'accepted', 'rejected', 'throttled', 'unknown'] as const;
type AnswerKind = (typeof ANSWERS)[number];

/** Answers of the carrier in this order, then acceptances. */
function script(answers: AnswerKind[]) {
  const left = [...answers];
  const answerWith =
    <R>(accept: (request: R) => PlaceResult | Promise<PlaceResult>) =>
    (request: R): PlaceResult | Promise<PlaceResult> => {
      const kind = left.shift() ?? 'accepted';
      if (kind === 'accepted') return accept(request);
      if (kind === 'throttled') return { kind, retryAfterMs: 1_000, code: '429' };
      if (kind === 'unknown') return { kind, cause: 'timeout' };
      return { kind, refusal: { class: 'invalid_number', code: '21211', fix: 'Leave it out.' } };
    };
  carrier.answer = answerWith(acceptText);
  carrier.answerCall = answerWith(acceptCall);
}

async function begin(budgets: { text: number | null; call: number | null }): Promise<number[]> {
  const ids: number[] = [];
  for (const [type, budgetLimitMicros] of [
    ['sms', budgets.text],
    ['call', budgets.call],
  ] as const) {
    const settings = { budgetLimitMicros, retryDelayMinutes: 5 };
    const campaignId = await engine.campaign({ type, phones: freshPhones(8), settings });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    ids.push(campaignId);
  }
  return ids;
}

const step = (most: { percent: number }, currencies: Price['currency'][]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('dispatch' as const, 'merge' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('look' as const, 'recover' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        isHonest: fc.constant(most.percent <= 100),
        at: fc.nat(30),
        status: fc.nat(11),
        price: fc.option(
          fc.record({
            percent: fc.integer({ min: 0, max: most.percent }),
            currency: fc.constantFrom(...currencies),
          }),
          { nil: null },
        ),
        seconds: fc.integer({ min: 0, max: 600 }),
        segments:
          most.percent > 100 ? fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }) : fc.constant(null),
      }),
    },
  );

/** Steps that happen at once, one handful after the other. */
const story = (most: { percent: number }, currencies: Price['currency'][]) =>
  fc.array(fc.array(step(most, currencies), { minLength: 1, maxLength: 4 }), { minLength: 8, maxLength: 16 });

it('what a run has reserved and spent is the sum of its attempts, whatever happens in whichever order at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      story({ percent: 300 }, ['USD', 'USD', 'EUR']),
      fc.array(fc.constantFrom(...ANSWERS), { maxLength: 20 }),
      async (handfuls, answers) => {
        script(answers);
        const campaignIds = await begin({ text: null, call: null });
        for (const handful of handfuls) {
          await Promise.all(handful.map((one) => take(campaignIds, one)));
          for (const id of campaignIds) expect(await kept(id)).toEqual(await recount(id));
        }
        await engine.drain();
        for (const id of campaignIds) {
          expect(await kept(id)).toEqual(await recount(id));
          expect(await settledAgain(id)).toEqual(await kept(id));
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);

it('reserved and spent never pass the budget while prices stay within what was reserved', async () => {
  const budgets = { text: 60_000, call: 2_000_000 };
  await fc.assert(
    fc.asyncProperty(
      story({ percent: 100 }, ['USD']),
      fc.array(fc.constantFrom('accepted', 'rejected', 'throttled'), { maxLength: 20 }),
      async (handfuls, answers) => {
        script(answers);
        const [text = 0, call = 0] = await begin(budgets);
        for (const handful of handfuls) {
          await Promise.all(handful.map((one) => take([text, call], one)));
          for (const [id, limit] of [
            [text, budgets.text],
            [call, budgets.call],
          ] as const) {
            const { reservedMicros, settledMicros } = await kept(id);
            expect(reservedMicros + settledMicros).toBeLessThanOrEqual(limit);
            expect(await kept(id)).toEqual(await recount(id));
          }
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);
