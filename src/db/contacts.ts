import { and, asc, count, eq, inArray, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { isKept } from './kept.ts';
import { campaigns, contacts } from './schema.ts';

export type ContactRow = typeof contacts.$inferSelect;

/**
 * Turns every waiting contact of a campaign into `skipped` with a reason; returns how many. Whoever only waits
 * for the second channel of a mixed campaign ends as the first one did (campaign-api §7.17).
 */
export async function skipPending(tx: Transaction, campaignId: number, reason: string): Promise<number> {
  const [row] = await tx.execute<{ skipped: number }>(sql`
    with stopped as (
      update contacts set ${leaveOut(reason)} where campaign_id = ${campaignId} and status = 'pending' returning status)
    select count(*)::int as skipped from stopped where status = 'skipped'`);
  return row?.skipped ?? 0;
}

/** What becomes of a contact that waits no more. */
const leaveOut = (reason: string) => sql`
  status = coalesce(first_status, 'skipped'), skip_reason = case when first_status is null then ${reason}::text end,
  next_attempt_at = null, wait_reason = null`;

/**
 * Skips a number wherever it waits in the workspace for a campaign that this entry of the do-not-call list keeps it out of;
 * returns those campaigns. A mixed one is stopped by an entry for all: one for a single channel is the gate's to judge when
 * that channel's turn comes. A contact that is being claimed at
 * this very instant is passed over: its claim's last gate check meets the entry on the list, and the next one skips it.
 * One campaign after the other in order, as all do who change the counts of several.
 */
export async function skipNumber(
  tx: Transaction,
  entry: {
    workspaceId: number;
    phoneNumber: string;
    channel: 'all' | 'voice' | 'sms';
    reason: string;
    onlyCampaignId?: number | null;
  },
) {
  const { workspaceId, phoneNumber, channel, reason, onlyCampaignId } = entry;
  const waiting = await tx
    .select({ id: contacts.id, campaignId: contacts.campaignId, firstStatus: contacts.firstStatus })
    .from(contacts)
    .where(
      and(
        eq(contacts.phoneNumber, phoneNumber),
        eq(contacts.status, 'pending'),
        onlyCampaignId ? eq(contacts.campaignId, onlyCampaignId) : undefined,
        inArray(contacts.campaignId, campaignIdsOf(tx, workspaceId, TYPES_OF[channel])),
      ),
    )
    .orderBy(asc(contacts.campaignId))
    .for('no key update', { skipLocked: true });
  for (const { id, firstStatus } of waiting) {
    // Whom the first channel of a mixed campaign has been through keeps what came of it.
    const end =
      firstStatus === null ? { status: 'skipped' as const, skipReason: reason } : { status: firstStatus };
    await tx
      .update(contacts)
      .set({ ...end, nextAttemptAt: null, waitReason: null })
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

/**
 * Finishes a contact of a mixed campaign whose follow-up waits, because they answered; false when none waits. Waits for
 * whoever holds the contact, so that an answer that comes while the first attempt ends is not overlooked.
 */
export async function finishFollowUp(tx: Transaction, contactId: number): Promise<boolean> {
  const [locked] = await tx
    .select({ status: contacts.status, firstStatus: contacts.firstStatus, waitReason: contacts.waitReason })
    .from(contacts)
    .where(eq(contacts.id, contactId))
    .for('no key update');
  if (locked?.status !== 'pending' || locked.firstStatus === null) return false;
  // A call back that they were promised is no follow-up.
  if (locked.waitReason === 'callback') return false;
  await tx
    .update(contacts)
    .set({ status: 'completed', nextAttemptAt: null, waitReason: null })
    .where(eq(contacts.id, contactId));
  return true;
}

const TYPES = ['call', 'sms', 'mixed'] as const;
const TYPES_OF = { all: TYPES, voice: ['call'], sms: ['sms'] } as const;

function campaignIdsOf(
  tx: Transaction,
  workspaceId: number,
  types: readonly (typeof TYPES)[number][] = TYPES,
) {
  return tx
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.workspaceId, workspaceId), inArray(campaigns.campaignType, [...types])));
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
    .where(and(eq(contacts.campaignId, campaignId), IS_LISTED))
    .orderBy(asc(contacts.id))
    .limit(limit);
}

/** Not replaced by a newer file. */
export const IS_LISTED = sql`${contacts.skipReason} is distinct from 'replaced'`;

/** The contact whose values a test is made with: the one that was chosen, or the first that waits, or any; null without contacts. */
export async function readTestContact(
  executor: Executor,
  campaignId: number,
  contactId: number | null,
): Promise<ContactRow | null> {
  const [row] = await executor
    .select()
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        IS_LISTED,
        contactId === null ? undefined : eq(contacts.id, contactId),
      ),
    )
    .orderBy(sql`${contacts.status} <> 'pending'`, asc(contacts.id))
    .limit(1);
  return row ?? null;
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
    .select({
      contact: contacts,
      campaignName: campaigns.name,
      campaignStatus: campaigns.status,
      campaignType: campaigns.campaignType,
      maxAttempts: campaigns.maxAttempts,
    })
    .from(contacts)
    .innerJoin(campaigns, eq(campaigns.id, contacts.campaignId))
    .where(and(eq(campaigns.workspaceId, workspaceId), isKept, eq(contacts.phoneNumber, phoneNumber)))
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

/**
 * Lets those who wait for an instant that the gate found, or were left out because none would suit, nobody knew where they
 * are, or no consent was on record where one was demanded, be judged anew.
 */
export async function wakeWaitingForHours(tx: Transaction, campaignId: number, now: Date): Promise<void> {
  await tx.execute(sql`
    update contacts set status = 'pending', skip_reason = null, wait_reason = null,
      next_attempt_at = ${now.toISOString()}::timestamptz
    where campaign_id = ${campaignId}
      and (status = 'pending' and wait_reason in ('outside_hours', 'frequency_cap')
        or status = 'skipped' and skip_reason in (
          'no_window', 'no_time_zone', 'no_consent', 'text_expired', 'day_ended', 'contacted_recently'))`);
}

/** Skips whoever still waits in campaigns that were cancelled since an instant: they raced the cancelling. */
export async function skipLeftBehind(executor: Executor, since: Date): Promise<void> {
  await executor.execute(sql`
    update contacts set ${leaveOut('campaign_stopped')}
    where status = 'pending' and campaign_id in (
      select id from campaigns where status = 'cancelled' and completed_at >= ${since.toISOString()}::timestamptz)`);
}
