import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm/sql';
import { recordings } from './call-schema.ts';
import type { CampaignRow } from './campaigns.ts';
import type { Executor, Transaction } from './client.ts';
import { NOTHING_SAID } from './erase-person.ts';
import { imports } from './import-schema.ts';
import { isDeleted } from './kept.ts';
import { approvals } from './policy-schema.ts';
import { attempts, campaignEvents, campaigns } from './schema.ts';
import { cards, posts } from './slack-schema.ts';
import { webhooks } from './webhook-schema.ts';

/** What a deleted campaign no longer says or does; its name stays for the log. */
const EMPTIED: Partial<CampaignRow> = {
  status: 'cancelled',
  description: null,
  welcomeMessageTemplate: null,
  agendaTemplate: null,
  endCallMessageTemplate: null,
  smsMessageTemplate: null,
  leaveVoicemail: false,
  voicemailMessage: null,
  fallbackValues: {},
  variableMappings: {},
  channelId: null,
  creationKey: null,
  scheduleType: 'immediate',
  scheduledAt: null,
  scheduleZone: null,
  recurringConfig: null,
  nextRunAt: null,
  undoUntil: null,
  resultsDueAt: null,
  lastImportFileName: null,
};

/** Marks a locked campaign as deleted, with everything that is about it alone: from now on it is there for nobody. */
export async function markDeleted(tx: Transaction, campaignId: number, now: Date): Promise<void> {
  await tx
    .update(campaigns)
    .set({
      ...EMPTIED,
      hold: { code: 'deleted', at: now.toISOString() },
      updatedAt: now,
      completedAt: sql`coalesce(${campaigns.completedAt}, ${now.toISOString()}::timestamptz)`,
      version: sql`${campaigns.version} + 1`,
    })
    .where(eq(campaigns.id, campaignId));
  await tx.delete(cards).where(eq(cards.campaignId, campaignId));
  await tx.delete(webhooks).where(eq(webhooks.campaignId, campaignId));
}

/** Campaigns that were deleted and of which something is left. */
export async function deletedCampaignIds(executor: Executor): Promise<number[]> {
  const rows = await executor.select({ id: campaigns.id }).from(campaigns).where(isDeleted);
  return rows.map(({ id }) => id);
}

/** The id and name of a deleted campaign, and when it was deleted; null when there is none with this id. */
export async function readDeleted(executor: Executor, campaignId: number) {
  const [row] = await executor
    .select({ id: campaigns.id, name: campaigns.name, at: sql<string>`${campaigns.hold} ->> 'at'` })
    .from(campaigns)
    .where(and(eq(campaigns.id, campaignId), isDeleted));
  return row ? { id: row.id, name: row.name, deletedAt: new Date(row.at) } : null;
}

/** Whether calls with contacts of a deleted campaign are left: their rows wait for recordings, or go on. */
export async function hasCallsLeft(executor: Executor, campaignId: number): Promise<boolean> {
  const rows = await executor.execute(sql`
    select 1 from calls where campaign_id = ${campaignId} and contact_id is not null limit 1`);
  return rows.length > 0;
}

/** Removes the files, messages and approvals of a deleted campaign; a message that is still to be posted goes with them. */
export async function removePapers(tx: Transaction, campaignId: number): Promise<void> {
  await tx.delete(imports).where(eq(imports.campaignId, campaignId));
  await tx.delete(posts).where(eq(posts.campaignId, campaignId));
  await tx.delete(approvals).where(eq(approvals.campaignId, campaignId));
}

/** Calls that were made since are kept while they last, are worked up, or may have recordings that nobody has told of yet. */
const isAwaited = (since: Date) => sql`(k.created_at > ${since.toISOString()}::timestamptz
  and (k.ended_at is null or k.finished_at is null or coalesce((k.script ->> 'isRecording')::boolean, false)))`;
/** One whose recording is still at the provider is needed to have that deleted. */
const isRecorded = sql`exists (select from recordings r where r.call_id = k.id and r.deleted_at is null)`;

type Emptying = { campaignId: number; afterId: number; limit: number; callsSince: Date };

/**
 * Removes what was known of some contacts of a deleted campaign, from one id on: those whom nobody contacted altogether,
 * of the others what the file said of them and what they were told, and their calls. Returns the last id, null when none
 * were left. Locks in the order of all: attempts, calls, contacts, and those before anything is counted.
 */
export async function emptyContacts(
  tx: Transaction,
  { campaignId, afterId, limit, callsSince }: Emptying,
): Promise<number | null> {
  const chosen = await tx.execute<{ id: string }>(sql`
    select id from contacts where campaign_id = ${campaignId} and id > ${afterId} order by id limit ${limit}`);
  const last = chosen.at(-1);
  if (!last) return null;
  const some = sql`campaign_id = ${campaignId} and id > ${afterId} and id <= ${last.id}::bigint`;
  const isTheirs = sql`contact_id in (select id from contacts where ${some})`;
  await tx.execute(sql`
    update attempts set body = null where ${isTheirs} and state = 'ended' and body is not null`);
  await emptyCalls(tx, sql`k.${isTheirs}`, callsSince);
  await tx.execute(sql`
    update contacts set variable_values = '{}', custom_fields = '{}'
    where ${some} and (variable_values <> '{}' or custom_fields <> '{}')`);
  await tx.execute(sql`
    delete from contacts c where ${some} and not exists (select from attempts a where a.contact_id = c.id)
      and not exists (select from calls k where k.contact_id = c.id)`);
  return Number(last.id);
}

async function emptyCalls(tx: Transaction, isTheirs: ReturnType<typeof sql>, since: Date): Promise<void> {
  await tx.execute(
    sql`delete from calls k where ${isTheirs} and not ${isAwaited(since)} and not ${isRecorded}`,
  );
  // What is said on one that goes on is still needed to end it well.
  const over = sql`select k.id from calls k where ${isTheirs}
    and (k.finished_at is not null or k.created_at <= ${since.toISOString()}::timestamptz)`;
  await tx.execute(sql`delete from call_turns where call_id in (${over})`);
  await tx.execute(sql`delete from call_actions where call_id in (${over})`);
  await tx.execute(sql`
    update calls set summary = null, answers = '{}', call_meta = '{}', script = script
      || ${JSON.stringify(NOTHING_SAID)}::text::jsonb || jsonb_build_object('isRecording', script -> 'isRecording')
    where id in (${over})`);
}

/** Whether something may still come of calls of a campaign: they go on, or have recordings. */
export async function hasCallsAwaited(
  executor: Executor,
  { campaignId, callsSince }: Pick<Emptying, 'campaignId' | 'callsSince'>,
): Promise<boolean> {
  const rows = await executor.execute(sql`
    select 1 from calls k where k.campaign_id = ${campaignId} and (${isAwaited(callsSince)} or ${isRecorded}) limit 1`);
  return rows.length > 0;
}

/** Makes the recordings of a campaign due to be deleted at the provider; how many are still there. */
export async function hastenRecordings(executor: Executor, campaignId: number, now: Date): Promise<number> {
  const rows = await executor
    .update(recordings)
    .set({ deleteAfter: sql`least(${recordings.deleteAfter}, ${now.toISOString()}::timestamptz)` })
    .where(
      and(
        isNull(recordings.deletedAt),
        sql`${recordings.callId} in (select id from calls where campaign_id = ${campaignId})`,
      ),
    )
    .returning({ id: recordings.id });
  return rows.length;
}

/** Whether a campaign contacted anybody since an instant. */
export async function hasAttemptsSince(
  executor: Executor,
  campaignId: number,
  since: Date,
): Promise<boolean> {
  const rows = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.campaignId, campaignId), gt(attempts.createdAt, since)))
    .orderBy(desc(attempts.id))
    .limit(1);
  return rows.length > 0;
}

/** Removes some contacts of a deleted campaign with all that was done to them; false when none were left. */
export async function removeContacts(tx: Transaction, campaignId: number, limit: number): Promise<boolean> {
  const some = sql`(select id from contacts where campaign_id = ${campaignId} order by id limit ${limit})`;
  const chosen = await tx.execute<{ id: string }>(some);
  if (chosen.length === 0) return false;
  const ids = JSON.stringify(chosen.map(({ id }) => id));
  const among = sql`(select jsonb_array_elements_text(${ids}::text::jsonb)::bigint)`;
  // First whom the others refer to: deleted with their contacts, each attempt would be a statement of its own.
  await tx.execute(sql`delete from attempts where contact_id in ${among}`);
  await tx.execute(sql`delete from contacts where id in ${among}`);
  return true;
}

/** Removes the row of a deleted campaign. What was done with it stays in the log of the workspace, under its name. */
export async function removeCampaignRow(
  tx: Transaction,
  { id, name }: Pick<CampaignRow, 'id' | 'name'>,
): Promise<void> {
  const was = JSON.stringify({ campaign: { id, name } });
  await tx
    .update(campaignEvents)
    .set({ campaignId: null, details: sql`${campaignEvents.details} || ${was}::text::jsonb` })
    .where(eq(campaignEvents.campaignId, id));
  await tx.delete(campaigns).where(eq(campaigns.id, id));
}
