import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm/sql';
import { callActions, calls } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { contacts } from './schema.ts';

export type CallActionRow = typeof callActions.$inferSelect;

/**
 * Takes the right to do something on a call: once for each key. False when it was done already, or is being done by a
 * transaction that commits before this returns.
 */
export async function takeAction(tx: Transaction, action: Omit<CallActionRow, 'result'>): Promise<boolean> {
  const rows = await tx
    .insert(callActions)
    .values({ ...action, result: {} })
    .onConflictDoNothing()
    .returning({ key: callActions.actionKey });
  return rows.length > 0;
}

export async function keepActionResult(
  tx: Transaction,
  { callId, actionKey }: Pick<CallActionRow, 'callId' | 'actionKey'>,
  result: Record<string, unknown>,
): Promise<void> {
  await tx.update(callActions).set({ result }).where(keyOf(callId, actionKey));
}

/** What came of an action that was done before. */
export async function readActionResult(executor: Executor, callId: number, actionKey: string) {
  const [row] = await executor
    .select({ result: callActions.result })
    .from(callActions)
    .where(keyOf(callId, actionKey));
  return row?.result ?? null;
}

/** Everything that was done on a call, in order; what was refused is left out. */
export async function actionsOf(executor: Executor, callId: number): Promise<CallActionRow[]> {
  const rows = await executor
    .select()
    .from(callActions)
    .where(eq(callActions.callId, callId))
    .orderBy(asc(callActions.createdAt), asc(callActions.actionKey));
  return rows.filter(({ result }) => result.ok === true);
}

/** Whether this session is the one that holds a call that still runs. */
export async function holdsCall(executor: Executor, callId: number, sessionRef: string): Promise<boolean> {
  const rows = await executor
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.id, callId), eq(calls.sessionRef, sessionRef), isNull(calls.endedAt)));
  return rows.length > 0;
}

/** Adds an answer to those of a call; false when it has as many as are kept. */
export async function addAnswer(
  tx: Transaction,
  callId: number,
  { key, value, most }: { key: string; value: string; most: number },
): Promise<boolean> {
  const rows = await tx.execute(sql`
    update calls set answers = answers || jsonb_build_object(${key}::text, ${value}::text)
    where id = ${callId} and (answers ? ${key}::text or (select count(*) from jsonb_object_keys(answers)) < ${most})`);
  return rows.count > 0;
}

/** The contact of a call, or null. */
export async function readContact(executor: Executor, id: number) {
  const [row] = await executor.select().from(contacts).where(eq(contacts.id, id));
  return row ?? null;
}

/**
 * Puts a contact who called us back to the time at which they want to be called, where their campaign still calls people;
 * returns the campaign. On calls of ours the end of the attempt does this.
 */
export async function promiseCallback(
  tx: Transaction,
  contactId: number,
  { at, most }: { at: Date; most: number },
): Promise<number | null> {
  const [row] = await tx.execute<{ campaign_id: number }>(sql`
    update contacts c set status = 'pending', next_attempt_at = ${at.toISOString()}::timestamptz, wait_reason = 'callback',
      skip_reason = null, callbacks = c.callbacks + 1,
      next_channel = case when p.campaign_type = 'mixed' then 'call' else c.next_channel end
    from campaigns p
    where c.id = ${contactId} and p.id = c.campaign_id and p.status in ('running', 'paused') and p.campaign_type <> 'sms'
      and c.status not in ('in_progress', 'skipped') and c.callbacks < ${most}
    returning c.campaign_id`);
  return row ? Number(row.campaign_id) : null;
}

/**
 * Ends the wait of a contact for another call, because they called us and talked; returns the campaign. A call that they
 * were promised stays, and so does whoever has not been tried in this run.
 */
export async function completeWaiting(tx: Transaction, contactId: number): Promise<number | null> {
  const [row] = await tx.execute<{ campaign_id: number }>(sql`
    update contacts c set status = 'completed', next_attempt_at = null, wait_reason = null
    from campaigns p
    where c.id = ${contactId} and p.id = c.campaign_id and p.campaign_type = 'call'
      and c.status = 'pending' and c.attempts > 0 and c.wait_reason is distinct from 'callback'
    returning c.campaign_id`);
  return row ? Number(row.campaign_id) : null;
}

/** Keeps that a machine listens: what it “said” was no person’s word. */
export async function markMachine(tx: Transaction, callId: number, now: Date): Promise<void> {
  await tx
    .update(calls)
    .set({
      answeredBy: sql`case when ${calls.answeredBy} in ('machine', 'machine_ready', 'fax') then ${calls.answeredBy} else 'machine' end`,
      answeredByAt: sql`coalesce(${calls.answeredByAt}, ${now.toISOString()}::timestamptz)`,
      // Nobody needs to act on this verdict any more: the session itself ends the call.
      verdictActedAt: sql`coalesce(${calls.verdictActedAt}, ${now.toISOString()}::timestamptz)`,
      spokeAt: null,
      result: 'voicemail',
    })
    .where(eq(calls.id, callId));
}

/** Marks the end of a call as worked up; false when it was, or when the call still runs. */
export async function finishOnce(
  tx: Transaction,
  callId: number,
  end: Pick<typeof calls.$inferSelect, 'finishedAt' | 'result' | 'summary'>,
): Promise<boolean> {
  const rows = await tx
    .update(calls)
    .set(end)
    .where(and(eq(calls.id, callId), isNotNull(calls.endedAt), isNull(calls.finishedAt)))
    .returning({ id: calls.id });
  return rows.length > 0;
}

function keyOf(callId: number, actionKey: string) {
  return and(eq(callActions.callId, callId), eq(callActions.actionKey, actionKey));
}
