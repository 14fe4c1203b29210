import { and, eq, gte, ne, or, sql } from 'drizzle-orm/sql';
import { isBetweenRuns } from '#domain/schedule.ts';
import type { CampaignRow } from './campaigns.ts';
import type { Executor } from './client.ts';
import { imports } from './import-schema.ts';
import { hasContacted } from './listed.ts';
import { contacts } from './schema.ts';

/** What stands against the waiting contacts of a campaign, beside their hours; `ready` when nothing does. */
export type Standing =
  | 'ready'
  | 'do_not_call'
  | 'no_consent'
  | 'contacted_recently'
  | 'held_for_review'
  | 'frequency_cap';

export type AudienceQuestion = {
  campaign: Pick<CampaignRow, 'id' | 'workspaceId' | 'status' | 'startedAt'>;
  now: Date;
  /** Entries of the do-not-call list for these channels count. */
  listedFor: readonly string[];
  /** A consent is demanded for each of these channels. */
  consentFor: readonly ('voice' | 'sms')[];
  /** Whoever another campaign contacted since then is left out. */
  contactedSince: Date | null;
  /** So many attempts since then are enough for now. */
  cap: { limit: number; since: Date } | null;
};

/**
 * Waiting contacts by what stands against them and by where they are: the beginning of their number and what they were
 * imported with. Each is counted once, in the order in which the gate asks (design §4).
 */
export async function readAudience(executor: Executor, asked: AudienceQuestion) {
  return executor.execute<{
    standing: Standing;
    prefix: string;
    ownZones: string[] | null;
    ownRegion: string | null;
    contacts: number;
  }>(sql`
    select case
        when ${listedIn(asked)} then 'do_not_call'
        when ${lacksConsent(asked)} then 'no_consent'
        when ${contactedElsewhere(asked)} then 'contacted_recently'
        when exists (
          select from contact_holds h where h.workspace_id = ${asked.campaign.workspaceId}
            and h.phone_number = c.phone_number and h.decided_at is null) then 'held_for_review'
        when ${isCapped(asked)} then 'frequency_cap'
        else 'ready' end as standing,
      substr(c.phone_number, 1, 8) as prefix, c.own_zones as "ownZones", c.own_region as "ownRegion",
      count(*)::int as contacts
    from contacts c where c.campaign_id = ${asked.campaign.id} and ${isWaiting(asked)}
    group by 1, 2, 3, 4`);
}

/** Between two runs of a recurring campaign everybody waits for the next one (campaign-api §7.14). */
function isWaiting({ campaign }: AudienceQuestion) {
  return isBetweenRuns(campaign) ? sql`true` : sql`c.status = 'pending'`;
}

function listedIn({ campaign, listedFor }: AudienceQuestion) {
  const channels = sql`in (select jsonb_array_elements_text(${JSON.stringify(listedFor)}::text::jsonb))`;
  return sql`(exists (
      select from suppressions s where s.workspace_id = ${campaign.workspaceId} and s.phone_number = c.phone_number
        and s.lifted_at is null and s.only_campaign_id is null and s.channel ${channels})
    or exists (
      select from suppressions s where s.only_campaign_id = ${campaign.id} and s.phone_number = c.phone_number
        and s.lifted_at is null and s.channel ${channels})
    or exists (
      select from suppression_prefixes p where p.workspace_id = ${campaign.workspaceId}
        and starts_with(c.phone_number, p.prefix) and p.lifted_at is null and p.channel ${channels}
        and (p.only_campaign_id is null or p.only_campaign_id = ${campaign.id})))`;
}

function lacksConsent({ campaign, consentFor, now }: AudienceQuestion) {
  const lacks = consentFor.map(
    (channel) => sql`not exists (
      select from consents k where k.workspace_id = ${campaign.workspaceId} and k.phone_number = c.phone_number
        and k.channel in ('all', ${channel}) and k.withdrawn_at is null
        and k.given_at <= ${now.toISOString()}::timestamptz)`,
  );
  return or(...lacks) ?? sql`false`;
}

function contactedElsewhere({ campaign, contactedSince }: AudienceQuestion) {
  if (!contactedSince) return sql`false`;
  return sql`exists (
    select from attempts o where o.workspace_id = ${campaign.workspaceId} and o.phone_number = c.phone_number
      and o.campaign_id <> ${campaign.id} and o.asked_at > ${contactedSince.toISOString()}::timestamptz
      and ${hasContacted('o')})`;
}

function isCapped({ campaign, cap }: AudienceQuestion) {
  if (!cap) return sql`false`;
  return sql`(
    select count(*) from attempts o where o.workspace_id = ${campaign.workspaceId} and o.phone_number = c.phone_number
      and o.asked_at > ${cap.since.toISOString()}::timestamptz and ${hasContacted('o')}) >= ${cap.limit}::int`;
}

/** Rows of a campaign's files that did not become contacts: because the number came twice, or is none. */
export async function countLeftOut(executor: Executor, campaignId: number) {
  const [row] = await executor
    .select({
      duplicates: sql<number>`coalesce(sum(${imports.duplicateCount} + ${imports.existingCount}), 0)::int`,
      invalid: sql<number>`coalesce(sum(${imports.invalidCount}), 0)::int`,
    })
    .from(imports)
    .where(and(eq(imports.campaignId, campaignId), eq(imports.status, 'completed')));
  return row ?? { duplicates: 0, invalid: 0 };
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

/** Whom a run that has begun has tried or is trying, without those who wait, by number prefix. */
export async function readTriedPrefixes(
  executor: Executor,
  { id, startedAt }: { id: number; startedAt: Date },
) {
  const prefix = sql<string>`substr(${contacts.phoneNumber}, 1, 8)`;
  const isTried = or(eq(contacts.status, 'in_progress'), gte(contacts.lastAttemptAt, startedAt));
  return executor
    .select({ prefix, contacts: sql<number>`count(*)::int` })
    .from(contacts)
    .where(and(eq(contacts.campaignId, id), ne(contacts.status, 'pending'), isTried))
    .groupBy(sql`1`);
}

/**
 * Contacts of a campaign, spread evenly over the whole of it, to render what they will read and hear: those who wait, or
 * where a run has begun also those whom it has tried.
 */
export async function readSample(
  executor: Executor,
  { id, startedAt }: Pick<CampaignRow, 'id' | 'startedAt'>,
  limit: number,
) {
  const isTried = startedAt
    ? sql`or status = 'in_progress' or last_attempt_at >= ${startedAt.toISOString()}::timestamptz`
    : sql``;
  const rows = await executor.execute<{ phoneNumber: string; variableValues: Record<string, string> }>(sql`
    with waiting as (
      select id, row_number() over (order by id) - 1 as place, count(*) over () as total
      from contacts where campaign_id = ${id} and (status = 'pending' ${isTried}))
    select c.phone_number as "phoneNumber", c.variable_values as "variableValues"
    from waiting join contacts c on c.id = waiting.id
    where place % greatest(1, ceil(total / ${limit}::float8))::int = 0
    order by c.id limit ${limit}`);
  return [...rows];
}
