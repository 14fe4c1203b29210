import type postgres from 'postgres';
import { findBrokenCalls } from './oracle-calls.ts';
import { findBrokenFigures } from './oracle-figures.ts';
import { findBrokenMixes } from './oracle-mixed.ts';

/**
 * Judges a round by two lists that the engine has no hand in judging: what the carrier took on, and what the tables say.
 * It shares no code with the engine; every sentence it returns is a promise that was broken.
 */

export type AcceptedText = { sid: string; to: string; body: string; at: number };
/** A call that the carrier took on; what it dialled a second time by mistake is a twin of another with the same token. */
export type AcceptedCall = {
  sid: string;
  /** Of the attempt, as the addresses say that the bot gave for it. */
  token: string;
  to: string;
  at: number;
  answeredAt: number | null;
  endedAt: number | null;
  status: string;
  answeredBy: string | null;
  isTwin: boolean;
  /** What our side said on it. */
  said: readonly string[];
  /** What the person, or the machine, said on it. */
  heard: readonly string[];
};

/** A contact said stop, and the bot had confirmed hearing it at this instant. */
export type Stop = { phone: string; heardAt: number };
/** A contact texted us, and the bot had confirmed taking it. */
export type Reply = { phone: string; takenAt: number };

/** A message as people see it in Slack. */
export type ShownMessage = {
  channelId: string;
  ts: string;
  threadTs: string | null;
  words: string;
  files: number;
};

export type Evidence = {
  campaignIds: readonly number[];
  accepted: readonly AcceptedText[];
  calls: readonly AcceptedCall[];
  stops: readonly Stop[];
  replies: readonly Reply[];
  /** A request that was on its way when the stop was heard may still arrive within this time. */
  graceMs: number;
  /** What the account may dial. */
  callsPerSecond: number;
  /** How long a call that was begun may be on its way to the carrier. */
  wayMs: number;
  messages: readonly ShownMessage[];
};

type ContactRow = {
  id: string;
  campaign: number;
  name: string;
  type: 'call' | 'sms' | 'mixed';
  phone: string;
  status: string;
  skip_reason: string | null;
  wait_reason: string | null;
};

export async function findBrokenPromises(sql: postgres.Sql, evidence: Evidence): Promise<string[]> {
  const contacts = await sql<ContactRow[]>`
    select c.id, c.campaign_id as campaign, p.name, p.campaign_type as type, c.phone_number as phone,
      c.status, c.skip_reason, c.wait_reason
    from contacts c join campaigns p on p.id = c.campaign_id
    where c.campaign_id = any(${[...evidence.campaignIds]})`;
  return [
    ...judgeTexts(contacts, evidence.accepted),
    ...(await findBrokenCalls(sql, evidence)),
    ...(await findBrokenMixes(sql, evidence)),
    ...judgeStops(evidence),
    ...(await judgeCampaigns(sql, contacts, evidence.campaignIds)),
    ...(await findBrokenFigures(sql, evidence.campaignIds)),
    ...(await judgeCards(sql, evidence)),
    ...(await judgeLeftovers(sql)),
  ];
}

/** Whoever is only texted has exactly one text, or a reason why not; nobody has more, and no text went to a stranger. */
function judgeTexts(contacts: readonly ContactRow[], accepted: readonly AcceptedText[]): string[] {
  const textsOf = Map.groupBy(accepted, ({ body, to }) => `${body.split(':', 1)[0]} ${to}`);
  const broken = contacts.flatMap((contact) => {
    if (contact.type === 'call') return [];
    const key = `${contact.name} ${contact.phone}`;
    const texts = textsOf.get(key) ?? [];
    textsOf.delete(key);
    return contact.type === 'sms' ? judgeContact(contact, texts) : [];
  });
  const strangers = [...textsOf.keys()].map((key) => `STRANGER: nobody in this campaign is meant by ${key}`);
  return [...broken, ...strangers];
}

function judgeContact(contact: ContactRow, texts: readonly AcceptedText[]): string[] {
  const who = `contact ${contact.id} (${contact.phone}, ${contact.name})`;
  const sids = texts.map(({ sid }) => sid).join(', ');
  const hasText = contact.status === 'completed' || contact.status === 'failed';
  const isExcused = contact.status === 'skipped' && contact.skip_reason !== null;
  const rules: [boolean, string][] = [
    [texts.length > 1, `DOUBLE: ${who} was texted ${texts.length} times: ${sids}`],
    [!hasText && !isExcused, `LOST: ${who} ended as ${contact.status} without a reason`],
    [hasText && texts.length === 0, `LOST: ${who} is ${contact.status} and was never texted`],
    [
      isExcused && texts.length > 0,
      `WRONG: ${who} was texted (${sids}) and is told as ${contact.skip_reason}`,
    ],
  ];
  return rules.flatMap(([isBroken, sentence]) => (isBroken ? [sentence] : []));
}

/** Nothing begins after a stop: on no channel, in no campaign. */
function judgeStops({ accepted, calls, stops, graceMs }: Evidence): string[] {
  const begun = [
    ...accepted.map((text) => ({ ...text, how: 'texted' })),
    ...calls.map((call) => ({ ...call, how: 'called' })),
  ];
  return stops.flatMap(({ phone, heardAt }) =>
    begun
      .filter(({ to, at }) => to === phone && at > heardAt + graceMs)
      .map(
        ({ how, at, sid }) => `STOP IGNORED: ${phone} was ${how} ${at - heardAt} ms after the stop (${sid})`,
      ),
  );
}

const STATUSES = [
  'pending',
  'in_progress',
  'completed',
  'failed',
  'no_answer',
  'busy',
  'voicemail',
  'skipped',
] as const;

async function judgeCampaigns(
  sql: postgres.Sql,
  contacts: readonly ContactRow[],
  campaignIds: readonly number[],
): Promise<string[]> {
  const rows = await sql<({ id: number; campaign_status: string } & Record<string, number>)[]>`
    select p.id, p.status as campaign_status, n.* from campaigns p join campaign_counts n on n.campaign_id = p.id
    where p.id = any(${[...campaignIds]})`;
  return rows.flatMap((row) => {
    const own = contacts.filter((contact) => contact.campaign === row.id);
    const wrong = STATUSES.filter(
      (status) => row[status] !== own.filter((contact) => contact.status === status).length,
    );
    return [
      ...(isRightlyOpen(row.campaign_status, own) ? [] : [`campaign ${row.id} is ${row.campaign_status}`]),
      ...wrong.map(
        (status) => `campaign ${row.id} counts ${row[status]} as ${status}, the rows say otherwise`,
      ),
    ];
  });
}

/** A campaign is over, unless somebody in it was promised a call back. */
function isRightlyOpen(status: string, contacts: readonly ContactRow[]): boolean {
  const open = contacts.filter((contact) => contact.status === 'pending');
  if (open.length === 0) return status === 'completed';
  return status === 'running' && open.every((contact) => contact.wait_reason === 'callback');
}

/** Whoever watches in Slack sees the end, and finds the results in the thread. */
async function judgeCards(sql: postgres.Sql, evidence: Evidence): Promise<string[]> {
  const cards = await sql<{ campaign: number; channel: string; ts: string | null; state: string }[]>`
    select campaign_id as campaign, d.channel_id as channel, ts, state from cards d
    join campaigns p on p.id = d.campaign_id
    where campaign_id = any(${[...evidence.campaignIds]}) and p.status = 'completed'`;
  return cards.flatMap(({ campaign, channel, ts, state }) => {
    const own = evidence.messages.filter((message) => message.channelId === channel);
    const card = own.find((message) => message.ts === ts);
    const files = own.filter((message) => message.threadTs === ts && message.files > 0);
    return [
      ...(card?.words.includes('Completed*')
        ? []
        : [`the ${state} card of campaign ${campaign} does not show its end`]),
      ...(files.length > 0 ? [] : [`the results of campaign ${campaign} are not in its thread`]),
    ];
  });
}

async function judgeLeftovers(sql: postgres.Sql): Promise<string[]> {
  const checks: [string, Promise<{ n: number }[]>][] = [
    ['open attempts', sql`select count(*)::int as n from attempts where state <> 'ended'`],
    ['leases', sql`select count(*)::int as n from attempts where lease_until is not null`],
    ['unmerged reports', sql`select count(*)::int as n from provider_events where merged_at is null`],
    ['calls that are not worked up', sql`select count(*)::int as n from calls where finished_at is null`],
    ['calls without an end', sql`select count(*)::int as n from calls where ended_at is null`],
    ['unposted messages', sql`select count(*)::int as n from posts where state in ('pending', 'sending')`],
  ];
  const found = await Promise.all(checks.map(async ([what, rows]) => ({ what, n: (await rows)[0]?.n ?? 0 })));
  return found.filter(({ n }) => n > 0).map(({ what, n }) => `${n} ${what} left`);
}
