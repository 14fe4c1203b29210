import { and, asc, eq, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { contacts } from './schema.ts';

/**
 * How many waiting contacts of a campaign the do-not-call list, by these of its channels, and open questions keep from
 * being reached.
 */
export async function countAgainst(
  executor: Executor,
  workspaceId: number,
  campaignId: number,
  channels: readonly string[],
) {
  const [row] = await executor.execute<{ doNotCall: number; heldForReview: number }>(sql`
    select
      (count(*) filter (where exists (
        select from suppressions s where s.workspace_id = ${workspaceId} and s.phone_number = c.phone_number
          and s.lifted_at is null and s.channel in (select jsonb_array_elements_text(${JSON.stringify(channels)}::text::jsonb)))))::int as "doNotCall",
      (count(*) filter (where exists (
        select from contact_holds h where h.workspace_id = ${workspaceId} and h.phone_number = c.phone_number
          and h.decided_at is null)))::int as "heldForReview"
    from contacts c where c.campaign_id = ${campaignId} and c.status = 'pending'`);
  return { doNotCall: row?.doNotCall ?? 0, heldForReview: row?.heldForReview ?? 0 };
}

/** Waiting contacts by where they are: the beginning of their number and what they were imported with. */
export async function readPrefixes(executor: Executor, campaignId: number) {
  const prefix = sql<string>`substr(${contacts.phoneNumber}, 1, 8)`;
  return executor
    .select({
      prefix,
      ownZones: contacts.ownZones,
      ownRegion: contacts.ownRegion,
      contacts: sql<number>`count(*)::int`,
    })
    .from(contacts)
    .where(and(eq(contacts.campaignId, campaignId), eq(contacts.status, 'pending')))
    .groupBy(sql`1`, contacts.ownZones, contacts.ownRegion);
}

/** The first waiting contacts, to render their texts. */
export async function readPendingSample(executor: Executor, campaignId: number, limit: number) {
  return executor
    .select({ phoneNumber: contacts.phoneNumber, variableValues: contacts.variableValues })
    .from(contacts)
    .where(and(eq(contacts.campaignId, campaignId), eq(contacts.status, 'pending')))
    .orderBy(asc(contacts.id))
    .limit(limit);
}
