import { and, eq, gte, ne, or, type SQL, sql } from 'drizzle-orm/sql';
import { PLACE_LENGTHS } from '#domain/number-zones.ts';
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
 * Contacts who are in the same place as far as is known: by where their numbers belong, and by what they were imported
 * with. `phoneNumber` is that of one of them, which stands for all.
 */
export type PlaceGroup = {
  phoneNumber: string;
  ownZones: string[] | null;
  ownRegion: string | null;
  contacts: number;
};

/**
 * Waiting contacts by what stands against them and by where they are. Each is counted once, in the order in which the gate
 * asks (design §4).
 */
export async function readAudience(executor: Executor, asked: AudienceQuestion) {
  return executor.execute<PlaceGroup & { standing: Standing }>(sql`
    select case
        when ${listedIn(asked)} then 'do_not_call'
        when ${lacksConsent(asked)} then 'no_consent'
        when ${contactedElsewhere(asked)} then 'contacted_recently'
        when exists (
          select from contact_holds h where h.workspace_id = ${asked.campaign.workspaceId}
            and h.phone_number = c.phone_number and h.decided_at is null) then 'held_for_review'
        when ${isCapped(asked)} then 'frequency_cap'
        else 'ready' end as standing,
      c.own_zones as "ownZones", c.own_region as "ownRegion", min(c.phone_number) as "phoneNumber",
      count(*)::int as contacts
    from contacts c where c.campaign_id = ${asked.campaign.id} and ${isWaiting(asked)}
    group by 1, 2, 3, ${placeOf(sql`c.phone_number`)}`);
}

/** What of a number says where it belongs. */
function placeOf(phoneNumber: SQL) {
  const lengths = PLACE_LENGTHS.map(({ beginnings, length }) => {
    const patterns = beginnings.map((beginning) => `${beginning}%`);
    return sql`when ${phoneNumber} like any (${sql.param(`{${patterns.join()}}`)}::text[]) then ${sql.raw(String(length))}`;
  });
  return sql`substr(${phoneNumber}, 1, case ${sql.join(lengths, sql` `)} end)`;
}

/** Between two runs of a recurring campaign everybody waits for the next one (campaign-api §7.14), but who was replaced. */
function isWaiting({ campaign }: AudienceQuestion) {
  return isBetweenRuns(campaign) ? sql`c.skip_reason is distinct from 'replaced'` : sql`c.status = 'pending'`;
}

/** Ranges are few and have no index: they are read once, and not once for each contact. */
function listedIn({ campaign, listedFor }: AudienceQuestion) {
  const isOfChannel = sql`channel = any (${sql.param(`{${listedFor.join()}}`)}::text[])`;
  return sql`(exists (
      select from suppressions s where s.workspace_id = ${campaign.workspaceId} and s.phone_number = c.phone_number
        and s.lifted_at is null and s.only_campaign_id is null and s.${isOfChannel})
    or exists (
      select from suppressions s where s.only_campaign_id = ${campaign.id} and s.phone_number = c.phone_number
        and s.lifted_at is null and s.${isOfChannel})
    or c.phone_number like any (array(
      select p.prefix || '%' from suppression_prefixes p where p.workspace_id = ${campaign.workspaceId}
        and p.lifted_at is null and p.${isOfChannel}
        and (p.only_campaign_id is null or p.only_campaign_id = ${campaign.id}))))`;
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
  return sql`exists (
    select from (
      select o.phone_number from attempts o where o.workspace_id = ${campaign.workspaceId}
        and o.asked_at > ${cap.since.toISOString()}::timestamptz and ${hasContacted('o')}
      group by o.phone_number having count(*) >= ${cap.limit}::int) capped
    where capped.phone_number = c.phone_number)`;
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

/** Waiting contacts by where they are. */
export async function readPlaces(executor: Executor, campaignId: number): Promise<PlaceGroup[]> {
  return executor
    .select({
      phoneNumber: sql<string>`min(${contacts.phoneNumber})`,
      ownZones: contacts.ownZones,
      ownRegion: contacts.ownRegion,
      contacts: sql<number>`count(*)::int`,
    })
    .from(contacts)
    .where(and(eq(contacts.campaignId, campaignId), eq(contacts.status, 'pending')))
    .groupBy(placeOf(sql`${contacts.phoneNumber}`), contacts.ownZones, contacts.ownRegion);
}

/** Whom a run that has begun has tried or is trying, without those who wait, by where their numbers belong. */
export async function readTriedPlaces(
  executor: Executor,
  { id, startedAt }: { id: number; startedAt: Date },
) {
  const isTried = or(eq(contacts.status, 'in_progress'), gte(contacts.lastAttemptAt, startedAt));
  return executor
    .select({ phoneNumber: sql<string>`min(${contacts.phoneNumber})`, contacts: sql<number>`count(*)::int` })
    .from(contacts)
    .where(and(eq(contacts.campaignId, id), ne(contacts.status, 'pending'), isTried))
    .groupBy(placeOf(sql`${contacts.phoneNumber}`));
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
