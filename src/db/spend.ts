import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm/sql';
import { calls } from './call-schema.ts';
import type { CampaignRow } from './campaigns.ts';
import type { Executor, Transaction } from './client.ts';
import { campaignSpend } from './policy-schema.ts';
import { attempts, campaigns } from './schema.ts';

/** What a run has reserved and spent, in micro-dollars. `settledReserve`: what the settled attempts had reserved. */
export type Spend = {
  reservedMicros: number;
  settledMicros: number;
  settledAttempts: number;
  settledReserveMicros: number;
};

/** What the present run of a campaign has reserved and spent. */
export async function readSpend(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
): Promise<Spend> {
  const [row] = await executor
    .select({
      reservedMicros: campaignSpend.reservedMicros,
      settledMicros: campaignSpend.settledMicros,
      settledAttempts: campaignSpend.settledAttempts,
      settledReserveMicros: campaignSpend.settledReserveMicros,
    })
    .from(campaignSpend)
    .where(and(eq(campaignSpend.campaignId, id), eq(campaignSpend.runNumber, runNumber)));
  return row ?? NOTHING_SPENT;
}

const NOTHING_SPENT: Spend = {
  reservedMicros: 0,
  settledMicros: 0,
  settledAttempts: 0,
  settledReserveMicros: 0,
};

export type SpendChange = Spend & { campaignId: number; runNumber: number };

const KEPT = ['reservedMicros', 'settledMicros', 'settledAttempts', 'settledReserveMicros'] as const;

/**
 * Adds to what runs have reserved and spent, in the order of their keys. The last rows that a transaction locks: whoever
 * waits for them holds nothing that their holder still wants.
 */
export async function changeSpend(tx: Transaction, changes: readonly SpendChange[]): Promise<void> {
  const rows = changes
    .filter((change) => KEPT.some((key) => change[key] !== 0))
    .sort((a, b) => a.campaignId - b.campaignId || a.runNumber - b.runNumber);
  if (rows.length === 0) return;
  await tx.execute(sql`
    insert into campaign_spend as s
      (campaign_id, run_number, reserved_micros, settled_micros, settled_attempts, settled_reserve_micros)
    select d."campaignId", d."runNumber", d."reservedMicros", d."settledMicros", d."settledAttempts",
      d."settledReserveMicros"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as d(
      "campaignId" integer, "runNumber" integer, "reservedMicros" bigint, "settledMicros" bigint,
      "settledAttempts" integer, "settledReserveMicros" bigint)
    on conflict (campaign_id, run_number) do update set
      reserved_micros = s.reserved_micros + excluded.reserved_micros,
      settled_micros = s.settled_micros + excluded.settled_micros,
      settled_attempts = s.settled_attempts + excluded.settled_attempts,
      settled_reserve_micros = s.settled_reserve_micros + excluded.settled_reserve_micros`);
}

/** The attempts and their calls as what they cost depends on them; the attempts are locked in order. */
export async function lockForSettling(tx: Transaction, attemptIds: readonly number[]) {
  if (attemptIds.length === 0) return [];
  return tx
    .select({
      id: attempts.id,
      workspaceId: attempts.workspaceId,
      campaignId: attempts.campaignId,
      runNumber: attempts.runNumber,
      channel: attempts.channel,
      phoneNumber: attempts.phoneNumber,
      state: attempts.state,
      outcome: attempts.outcome,
      providerRef: attempts.providerRef,
      segments: attempts.segments,
      priceMicros: attempts.priceMicros,
      priceCurrency: attempts.priceCurrency,
      reservedMicros: attempts.reservedMicros,
      maxSeconds: sql<number | null>`(${calls.script} ->> 'maxSeconds')::int`,
      isDetecting: sql<boolean>`coalesce(${calls.script} ->> 'detection', 'off') <> 'off'`,
      durationSeconds: calls.durationSeconds,
      wasAnswered: sql<boolean>`${calls.answeredAt} is not null`,
      wasSpokenOn: sql<boolean>`coalesce(${calls.sessions}, 0) > 0`,
      wasJudged: sql<boolean>`${calls.answeredBy} is not null`,
    })
    .from(attempts)
    .leftJoin(calls, eq(calls.attemptId, attempts.id))
    .where(inArray(attempts.id, [...attemptIds]))
    .orderBy(asc(attempts.id))
    .for('no key update', { of: attempts });
}
export type SettlingRow = Awaited<ReturnType<typeof lockForSettling>>[number];

/** What is kept of one attempt when it is settled. */
export type Settlement = {
  id: number;
  reservedMicros: number;
  priceMicros: number | null;
  priceCurrency: string | null;
  segments: number | null;
};

/** Keeps what attempts cost, how many segments the provider billed, and what stays reserved for them. */
export async function keepSettlements(tx: Transaction, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await tx.execute(sql`
    update attempts a set reserved_micros = d."reservedMicros", price_micros = d."priceMicros",
      price_currency = d."priceCurrency", segments = d.segments
    from jsonb_to_recordset(${JSON.stringify(settlements)}::text::jsonb) as d(
      id bigint, "reservedMicros" bigint, "priceMicros" bigint, "priceCurrency" text, segments smallint)
    where a.id = d.id`);
}

/** What of a run's reservations belongs to attempts that are under way. */
export async function readOpenReserve(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
): Promise<number> {
  const [row] = await executor
    .select({ micros: sql<string>`coalesce(sum(${attempts.reservedMicros}), 0)` })
    .from(attempts)
    .where(and(eq(attempts.campaignId, id), eq(attempts.runNumber, runNumber), ne(attempts.state, 'ended')));
  return Number(row?.micros ?? 0);
}

/** Keeps what a run is expected to cost; false when it has an estimate or another run has begun. */
export async function keepEstimate(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
  estimate: { low: number; high: number; contacts: number },
): Promise<boolean> {
  const rows = await executor
    .update(campaigns)
    .set({
      estimateLowMicros: estimate.low,
      estimateHighMicros: estimate.high,
      estimateContacts: estimate.contacts,
    })
    .where(and(eq(campaigns.id, id), eq(campaigns.runNumber, runNumber), isNull(campaigns.estimateContacts)))
    .returning({ id: campaigns.id });
  return rows.length > 0;
}

/** Whether a call of the campaign is under way, whose end will give back a part of what it has reserved. */
export async function hasOpenCalls(executor: Executor, campaignId: number): Promise<boolean> {
  const rows = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(
      and(
        eq(attempts.campaignId, campaignId),
        eq(attempts.channel, 'call'),
        inArray(attempts.state, ['dialing', 'ringing', 'in_progress', 'unknown']),
      ),
    )
    .limit(1);
  return rows.length > 0;
}
