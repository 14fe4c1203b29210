import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, ne, notInArray, or, sql } from 'drizzle-orm/sql';
import { type AttemptOutcome, TEST_RUN, type TextStatusName } from '#domain/attempt.ts';
import type { CallStatusName } from '#domain/call.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { Executor, Transaction } from './client.ts';
import { attempts, contacts } from './schema.ts';

export type AttemptRow = typeof attempts.$inferSelect;

/**
 * Keeps the provider's ids of accepted texts. An attempt whose callback came before the answer already has its id and
 * keeps its state.
 */
export async function keepAccepted(
  tx: Transaction,
  accepted: { id: number; ref: string }[],
  lookAt: Date,
): Promise<{ id: number; providerRef: string | null }[]> {
  if (accepted.length === 0) return [];
  const rows = await tx.execute<{ id: string; provider_ref: string | null }>(sql`
    update attempts a set
      provider_ref = coalesce(a.provider_ref, d.ref),
      state = case when a.state in ('dialing', 'unknown') then 'in_progress' else a.state end,
      lease_until = null,
      look_at = case when a.state = 'ended' then a.look_at else ${lookAt.toISOString()}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(accepted)}::text::jsonb) as d(id bigint, ref text)
    where a.id = d.id
    returning a.id, a.provider_ref`);
  return rows.map((row) => ({ id: Number(row.id), providerRef: row.provider_ref }));
}

/** Marks attempts whose answer was lost; they are looked up from `lookAt` on and stay locked until then. */
export async function keepUnknown(tx: Transaction, ids: number[], lookAt: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(attempts)
    .set({ state: 'unknown', leaseUntil: null, lookAt, emptyLooks: 0 })
    .where(and(inArray(attempts.id, ids), eq(attempts.state, 'dialing')));
}

export type AttemptEnding = {
  id: number;
  outcome: AttemptOutcome;
  providerRef: string | null;
  providerStatus: TextStatusName | CallStatusName | null;
  failureClass: FailureClass | null;
  failureCode: string | null;
};

/** Ends attempts that are still open; returns those that this ended, with their channel. The first ending wins. */
export async function endOpenAttempts(
  tx: Transaction,
  endings: AttemptEnding[],
  now: Date,
  priceLookAt: Record<AttemptRow['channel'], Date>,
): Promise<Map<number, AttemptRow['channel']>> {
  if (endings.length === 0) return new Map();
  const rows = await tx.execute<{ id: string; channel: AttemptRow['channel'] }>(sql`
    update attempts a set
      state = 'ended', outcome = d.outcome, ended_at = ${now.toISOString()}::timestamptz,
      provider_ref = coalesce(a.provider_ref, d."providerRef"),
      provider_status = coalesce(d."providerStatus", a.provider_status),
      failure_class = d."failureClass", failure_code = d."failureCode", lease_until = null, empty_looks = 0,
      look_at = case when a.price_micros is null and coalesce(a.provider_ref, d."providerRef") is not null
        then case a.channel when 'call' then ${priceLookAt.call.toISOString()}::timestamptz
          else ${priceLookAt.sms.toISOString()}::timestamptz end end
    from jsonb_to_recordset(${JSON.stringify(endings)}::text::jsonb) as d(
      id bigint, outcome text, "providerRef" text, "providerStatus" text, "failureClass" text, "failureCode" text)
    where a.id = d.id and a.state <> 'ended'
    returning a.id, a.channel`);
  return new Map(rows.map((row) => [Number(row.id), row.channel]));
}

/** Corrects an ended attempt when a late report proves our own conclusion wrong; null when it is not ended. */
export async function correctEnding(
  tx: Transaction,
  ending: AttemptEnding,
  now: Date,
): Promise<AttemptRow | null> {
  const { id, ...columns } = ending;
  const [row] = await tx
    .update(attempts)
    .set({ ...columns, endedAt: now })
    .where(and(eq(attempts.id, id), eq(attempts.state, 'ended')))
    .returning();
  return row ?? null;
}

/** Puts a contact where a corrected attempt says, if nothing newer has happened to it; false when something has. */
export async function correctContact(
  tx: Transaction,
  attempt: Pick<AttemptRow, 'contactId' | 'n'>,
  change: { from: 'pending' | 'completed'; status: 'completed' | 'failed'; usedChange: number },
): Promise<boolean> {
  const rows = await tx
    .update(contacts)
    .set({
      status: change.status,
      nextAttemptAt: null,
      waitReason: null,
      attempts: sql`${contacts.attempts} + ${change.usedChange}`,
      channelAttempts: sql`${contacts.channelAttempts} + ${change.usedChange}`,
    })
    .where(
      and(
        eq(contacts.id, attempt.contactId),
        eq(contacts.lastN, attempt.n),
        eq(contacts.status, change.from),
      ),
    )
    .returning({ id: contacts.id });
  return rows.length > 0;
}

/** Attempts by the tokens or provider ids that reports name, locked. */
export async function lockReported(
  tx: Transaction,
  provider: string,
  tokens: string[],
  refs: string[],
): Promise<AttemptRow[]> {
  if (tokens.length === 0 && refs.length === 0) return [];
  const byToken = tokens.length > 0 ? inArray(attempts.token, tokens) : undefined;
  const byRef =
    refs.length > 0 ? and(eq(attempts.provider, provider), inArray(attempts.providerRef, refs)) : undefined;
  return tx.select().from(attempts).where(or(byToken, byRef)).orderBy(asc(attempts.id)).for('update');
}

/** Locks attempts in one order, so that what settles them and what merges reports on them cannot wait for each other. */
export async function lockAttempts(tx: Transaction, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .select({ id: attempts.id })
    .from(attempts)
    .where(inArray(attempts.id, ids))
    .orderBy(asc(attempts.id))
    .for('update');
}

/**
 * Attempts of a campaign that are written and that nobody has been asked for yet, locked so that nobody is. Those that
 * are being asked for at this very instant are passed over: waiting for them could be a deadlock.
 */
export async function lockUnasked(tx: Transaction, campaignId: number): Promise<number[]> {
  const rows = await tx
    .select({ id: attempts.id })
    .from(attempts)
    .where(
      and(
        eq(attempts.campaignId, campaignId),
        eq(attempts.state, 'dialing'),
        eq(attempts.purpose, 'campaign'),
        isNull(attempts.askedAt),
      ),
    )
    .orderBy(asc(attempts.id))
    .for('update', { skipLocked: true });
  return rows.map(({ id }) => id);
}

/** Keeps how far texts are. One that is under way already keeps its next look: no index changes with each report then. */
export async function advanceTexts(
  tx: Transaction,
  steps: { id: number; ref: string; status: TextStatusName; lookAt: Date }[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.execute(sql`
    update attempts a set state = 'in_progress', provider_ref = coalesce(a.provider_ref, d.ref),
      provider_status = d.status, lease_until = null,
      look_at = case when a.state = 'in_progress' then coalesce(a.look_at, d."lookAt") else d."lookAt" end
    from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as d(id bigint, ref text, status text, "lookAt" timestamptz)
    where a.id = d.id and a.state <> 'ended'`);
}

/** How the last attempts that the provider took since an instant ended, newest first; what the circuit breaker reads. */
export async function lastEndings(executor: Executor, campaignId: number, since: Date, limit: number) {
  return executor
    .select({ outcome: attempts.outcome, failureClass: attempts.failureClass })
    .from(attempts)
    .where(
      and(
        eq(attempts.campaignId, campaignId),
        eq(attempts.state, 'ended'),
        ne(attempts.runNumber, TEST_RUN),
        notInArray(attempts.outcome, ['withdrawn', 'canceled', 'throttled']),
        sql`${attempts.endedAt} >= ${since.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(desc(attempts.endedAt))
    .limit(limit);
}

/** The attempt with this token, with how far it is, or null. */
export async function attemptByToken(executor: Executor, token: string): Promise<AttemptRow | null> {
  const [row] = await executor.select().from(attempts).where(eq(attempts.token, token));
  return row ?? null;
}

/** The id of the attempt with this token, or null. */
export async function attemptIdByToken(executor: Executor, token: string): Promise<number | null> {
  const [row] = await executor.select({ id: attempts.id }).from(attempts).where(eq(attempts.token, token));
  return row?.id ?? null;
}

/** One attempt, locked, or null. */
export async function readAttempt(tx: Transaction, id: number): Promise<AttemptRow | null> {
  const [row] = await tx.select().from(attempts).where(eq(attempts.id, id)).for('update');
  return row ?? null;
}

/** Every attempt to a contact, in order. */
export async function attemptsOfContact(executor: Executor, contactId: number): Promise<AttemptRow[]> {
  return executor.select().from(attempts).where(eq(attempts.contactId, contactId)).orderBy(asc(attempts.id));
}

/** Whether the provider took a later text of the campaign to the same contact. */
export async function hasNewerText(
  executor: Executor,
  attempt: Pick<AttemptRow, 'contactId' | 'n'>,
): Promise<boolean> {
  const rows = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(
      and(
        eq(attempts.contactId, attempt.contactId),
        gt(attempts.n, attempt.n),
        eq(attempts.purpose, 'campaign'),
        isNotNull(attempts.providerRef),
      ),
    )
    .limit(1);
  return rows.length > 0;
}
