import { and, asc, count, eq, inArray, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { campaigns, contacts } from './schema.ts';

export type ContactRow = typeof contacts.$inferSelect;

/** Turns every waiting contact of a campaign into `skipped` with a reason; returns how many. */
export async function skipPending(tx: Transaction, campaignId: number, reason: string): Promise<number> {
  const rows = await tx.execute(sql`
    update contacts set status = 'skipped', skip_reason = ${reason}, next_attempt_at = null, wait_reason = null
    where campaign_id = ${campaignId} and status = 'pending'`);
  return rows.count;
}

/**
 * Skips a number wherever it waits in the workspace; returns the campaigns it waited in. A contact that is being claimed at
 * this very instant is passed over: its claim's last gate check meets the entry on the list, and the next one skips it.
 * One campaign after the other in order, as all do who change the counts of several.
 */
export async function skipNumber(tx: Transaction, workspaceId: number, phoneNumber: string, reason: string) {
  const waiting = await tx
    .select({ id: contacts.id, campaignId: contacts.campaignId })
    .from(contacts)
    .where(
      and(
        eq(contacts.phoneNumber, phoneNumber),
        eq(contacts.status, 'pending'),
        inArray(contacts.campaignId, campaignIdsOf(tx, workspaceId)),
      ),
    )
    .orderBy(asc(contacts.campaignId))
    .for('no key update', { skipLocked: true });
  for (const { id } of waiting) {
    await tx
      .update(contacts)
      .set({ status: 'skipped', skipReason: reason, nextAttemptAt: null, waitReason: null })
      .where(eq(contacts.id, id));
  }
  return waiting.map((contact) => contact.campaignId);
}

/** Lets a number that waits for a decision be judged again now; returns the campaigns it waits in. */
export async function wakeNumber(tx: Transaction, workspaceId: number, phoneNumber: string, now: Date) {
  const rows = await tx
    .update(contacts)
    .set({ nextAttemptAt: now, waitReason: null })
    .where(
      and(
        eq(contacts.phoneNumber, phoneNumber),
        eq(contacts.status, 'pending'),
        eq(contacts.waitReason, 'held_for_review'),
        inArray(contacts.campaignId, campaignIdsOf(tx, workspaceId)),
      ),
    )
    .returning({ campaignId: contacts.campaignId });
  return [...new Set(rows.map((row) => row.campaignId))];
}

function campaignIdsOf(tx: Transaction, workspaceId: number) {
  return tx.select({ id: campaigns.id }).from(campaigns).where(eq(campaigns.workspaceId, workspaceId));
}

/** The first contacts of a campaign in import order, for examples. */
export async function firstContacts(
  executor: Executor,
  campaignId: number,
  limit: number,
): Promise<ContactRow[]> {
  return executor
    .select()
    .from(contacts)
    .where(eq(contacts.campaignId, campaignId))
    .orderBy(asc(contacts.id))
    .limit(limit);
}

/** How many waiting contacts lack a value for each of these variables; a blank one counts as missing. */
export async function countMissing(executor: Executor, campaignId: number, variables: string[]) {
  if (variables.length === 0) return [];
  const rows = await executor.execute<{ name: string; contacts: number }>(sql`
    select v.name, count(*)::int as contacts
    from contacts c cross join jsonb_array_elements_text(${JSON.stringify(variables)}::text::jsonb) as v(name)
    where c.campaign_id = ${campaignId} and c.status = 'pending'
      and coalesce(btrim(c.variable_values ->> v.name), '') = ''
    group by v.name order by v.name`);
  return rows.map((row) => ({ name: row.name, contacts: row.contacts }));
}

/** Every contact with this number in a workspace, newest campaign first. */
export async function findContactEverywhere(executor: Executor, workspaceId: number, phoneNumber: string) {
  return executor
    .select({ contact: contacts, campaignName: campaigns.name, campaignStatus: campaigns.status })
    .from(contacts)
    .innerJoin(campaigns, eq(campaigns.id, contacts.campaignId))
    .where(and(eq(campaigns.workspaceId, workspaceId), eq(contacts.phoneNumber, phoneNumber)))
    .orderBy(sql`${campaigns.id} desc`)
    .limit(10);
}

/** Why contacts were skipped, most frequent first. */
export async function countSkipReasons(executor: Executor, campaignId: number) {
  const total = count();
  return executor
    .select({ reason: contacts.skipReason, contacts: total })
    .from(contacts)
    .where(and(eq(contacts.campaignId, campaignId), eq(contacts.status, 'skipped')))
    .groupBy(contacts.skipReason)
    .orderBy(sql`2 desc`);
}

/** Takes the next attempt number of a contact. */
export async function nextN(tx: Transaction, contactId: number): Promise<number> {
  const [row] = await tx
    .update(contacts)
    .set({ lastN: sql`${contacts.lastN} + 1` })
    .where(eq(contacts.id, contactId))
    .returning({ n: contacts.lastN });
  if (!row) throw new Error(`contact ${contactId} is gone`);
  return row.n;
}

/** Lets those who wait for their hours, or were left out because none would come, be judged anew. */
export async function wakeWaitingForHours(tx: Transaction, campaignId: number, now: Date): Promise<void> {
  await tx.execute(sql`
    update contacts set status = 'pending', skip_reason = null, wait_reason = null,
      next_attempt_at = ${now.toISOString()}::timestamptz
    where campaign_id = ${campaignId}
      and (status = 'pending' and wait_reason = 'outside_hours' or status = 'skipped' and skip_reason = 'no_window')`);
}

/** Skips whoever still waits in campaigns that were cancelled since an instant: they raced the cancelling. */
export async function skipLeftBehind(executor: Executor, since: Date): Promise<void> {
  await executor.execute(sql`
    update contacts set status = 'skipped', skip_reason = 'campaign_stopped', next_attempt_at = null, wait_reason = null
    where status = 'pending' and campaign_id in (
      select id from campaigns where status = 'cancelled' and completed_at >= ${since.toISOString()}::timestamptz)`);
}
