import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm/sql';
import type { Suppression } from '#domain/gate.ts';
import type { Executor } from './client.ts';
import { hasContacted } from './listed.ts';
import { callersOnTheLine } from './live-calls.ts';
import { attempts, contactHolds } from './schema.ts';

/** Who is about to be contacted, each number once, and how far back earlier contacts with them matter. */
export type ObstacleQuestion = {
  workspaceId: number;
  campaignId: number;
  people: { phoneNumber: string; channel: 'sms' | 'call' }[];
  now: Date;
  /** Attempts since then may count against a cap. */
  capsSince: Date;
  /** What other campaigns did since then leaves somebody out; null where that does not matter. */
  contactedSince: Date | null;
};

/** What stands against contacting people, and for it their consent, by their numbers. */
export type Obstacles = {
  suppressed: Map<string, Suppression>;
  held: Set<string>;
  /** Another attempt to them is open, or they are on the phone with us because they called. */
  inFlight: Set<string>;
  recent: Map<string, Date[]>;
  lastContactAt: Map<string, Date>;
  consentIds: Map<string, number>;
};

/** Everything the gate must know about people, in one look at each table, whatever their number. */
export async function readObstacles(executor: Executor, asked: ObstacleQuestion): Promise<Obstacles> {
  const { workspaceId, people } = asked;
  const phoneNumbers = people.map(({ phoneNumber }) => phoneNumber);
  const called = people.flatMap(({ phoneNumber, channel }) => (channel === 'call' ? [phoneNumber] : []));
  if (people.length === 0) return NOBODY;
  const [listed, held, inFlight, onTheLine, contacted, consented] = await Promise.all([
    listedNumbers(executor, asked),
    heldNumbers(executor, workspaceId, phoneNumbers),
    numbersInFlight(executor, workspaceId, phoneNumbers),
    called.length > 0 ? callersOnTheLine(executor, workspaceId, called) : [],
    contactsWith(executor, asked),
    consentsOf(executor, asked),
  ]);
  return {
    suppressed: new Map(listed.map(({ phoneNumber, ...entry }) => [phoneNumber, entry])),
    held: new Set(held.map((row) => row.phoneNumber)),
    inFlight: new Set([...inFlight, ...onTheLine].map((row) => row.phoneNumber)),
    recent: new Map(contacted.map((row) => [row.phoneNumber, (row.recent ?? []).map((ms) => new Date(ms))])),
    lastContactAt: new Map(
      contacted.flatMap(({ phoneNumber, lastMs }) =>
        lastMs === null ? [] : [[phoneNumber, new Date(lastMs)] as const],
      ),
    ),
    consentIds: new Map(consented.map((row) => [row.phoneNumber, Number(row.id)])),
  };
}

const NOBODY: Obstacles = {
  suppressed: new Map(),
  held: new Set(),
  inFlight: new Set(),
  recent: new Map(),
  lastContactAt: new Map(),
  consentIds: new Map(),
};

/** People with the channel as the list and consents name it. */
function asRows({ people }: ObstacleQuestion) {
  const rows = people.map(({ phoneNumber, channel }) => ({
    phone: phoneNumber,
    channel: channel === 'sms' ? 'sms' : 'voice',
  }));
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as n(phone text, channel text)`;
}

/**
 * Entries of the workspace, of the campaign alone, and ranges of numbers; an opt-out comes last, so that it is what is told.
 * Number by number, here as below: a join would read whole tables as long as nobody has counted what is in them.
 */
async function listedNumbers(executor: Executor, asked: ObstacleQuestion) {
  const { workspaceId, campaignId } = asked;
  const rows = await executor.execute<{
    phoneNumber: string;
    id: number;
    channel: string;
    source: string;
    prefix: string | null;
  }>(sql`
    select n.phone as "phoneNumber", entry.* from ${asRows(asked)} cross join lateral (
      select s.id, s.channel, s.source, null as prefix from suppressions s
      where s.workspace_id = ${workspaceId} and s.phone_number = n.phone and s.channel in ('all', n.channel)
        and s.lifted_at is null and s.only_campaign_id is null
      union all
      select s.id, s.channel, s.source, null from suppressions s
      where s.only_campaign_id = ${campaignId} and s.phone_number = n.phone and s.channel in ('all', n.channel)
        and s.lifted_at is null
      union all
      select p.id, p.channel, p.source, p.prefix from suppression_prefixes p
      where p.workspace_id = ${workspaceId} and starts_with(n.phone, p.prefix) and p.channel in ('all', n.channel)
        and p.lifted_at is null and (p.only_campaign_id is null or p.only_campaign_id = ${campaignId})
      offset 0) entry`);
  const entries = rows.map(({ prefix, ...entry }) => (prefix === null ? entry : { ...entry, prefix }));
  return entries.sort((a, b) => Number(a.source === 'opt_out') - Number(b.source === 'opt_out'));
}

async function heldNumbers(executor: Executor, workspaceId: number, phoneNumbers: string[]) {
  return executor
    .select({ phoneNumber: contactHolds.phoneNumber })
    .from(contactHolds)
    .where(
      and(
        eq(contactHolds.workspaceId, workspaceId),
        inArray(contactHolds.phoneNumber, phoneNumbers),
        isNull(contactHolds.decidedAt),
      ),
    );
}

async function numbersInFlight(executor: Executor, workspaceId: number, phoneNumbers: string[]) {
  return executor
    .select({ phoneNumber: attempts.phoneNumber })
    .from(attempts)
    .where(
      and(
        eq(attempts.workspaceId, workspaceId),
        inArray(attempts.phoneNumber, phoneNumbers),
        ne(attempts.state, 'ended'),
        eq(attempts.purpose, 'campaign'),
      ),
    );
}

/** An attempt is asked for within seconds of being written, but those are seconds of the real clock. */
const LONGEST_UNASKED_MS = 86_400_000;

/** When these numbers were contacted since the caps began to count, and last by another campaign. */
async function contactsWith(executor: Executor, asked: ObstacleQuestion) {
  const { workspaceId, campaignId, capsSince, contactedSince } = asked;
  const first = contactedSince && contactedSince < capsSince ? contactedSince : capsSince;
  const writtenSince = new Date(first.getTime() - LONGEST_UNASKED_MS);
  const isRecent = sql`a.asked_at > ${capsSince.toISOString()}::timestamptz`;
  const isOther = contactedSince
    ? sql`a.campaign_id <> ${campaignId} and a.asked_at > ${contactedSince.toISOString()}::timestamptz`
    : sql`false`;
  return executor.execute<{ phoneNumber: string; recent: number[] | null; lastMs: number | null }>(sql`
    select n.phone as "phoneNumber", c.* from ${asRows(asked)} cross join lateral (
      select jsonb_agg((extract(epoch from a.asked_at) * 1000)::bigint) filter (where ${isRecent}) as recent,
        (extract(epoch from max(a.asked_at) filter (where ${isOther})) * 1000)::float8 as "lastMs"
      from attempts a
      where a.workspace_id = ${workspaceId} and a.phone_number = n.phone
        and a.created_at > ${writtenSince.toISOString()}::timestamptz and ${hasContacted('a')}) c
    where c.recent is not null or c."lastMs" is not null`);
}

/** The newest consent in force for each number on its channel; one that is to be given later is none yet. */
async function consentsOf(executor: Executor, asked: ObstacleQuestion) {
  return executor.execute<{ phoneNumber: string; id: string }>(sql`
    select n.phone as "phoneNumber", c.id from ${asRows(asked)} cross join lateral (
      select max(k.id) as id from consents k
      where k.workspace_id = ${asked.workspaceId} and k.phone_number = n.phone and k.channel in ('all', n.channel)
        and k.withdrawn_at is null and k.given_at <= ${asked.now.toISOString()}::timestamptz) c
    where c.id is not null`);
}
