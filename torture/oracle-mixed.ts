import type postgres from 'postgres';
import type { Evidence } from './oracle.ts';

type Settings = { first: 'call' | 'sms'; followUp: 'always' | 'if_reached' | 'if_not_reached' };
type Person = {
  id: string;
  campaign: number;
  name: string;
  phone: string;
  status: string;
  mixed: Settings;
  max_attempts: number;
  is_listed: boolean;
};
type Try = {
  contact: string;
  channel: 'call' | 'sms';
  outcome: string | null;
  token: string;
};

type Case = {
  person: Person;
  /** How the tries of each channel ended, in order. */
  first: Try[];
  second: Try[];
  /** When the carrier took on what was sent or placed on the second channel. */
  followedAt: number[];
  /** Texts of this campaign that the carrier took on for them. */
  texts: number;
  hasReplied: boolean;
  /** Null, too, where the reply may have been meant for another campaign. */
  repliedAt: number | null;
  graceMs: number;
};

const REACHED = ['answered', 'delivered', 'sent'];
/** Ends of tries that went nowhere near the person. */
const NOBODY_ASKED = ['withdrawn', 'not_placed', 'throttled', 'canceled'];

/** Campaigns of two channels: the second one follows exactly when it is wanted, and never on a reply. */
export async function findBrokenMixes(sql: postgres.Sql, evidence: Evidence): Promise<string[]> {
  const people = await sql<Person[]>`
    select c.id, c.campaign_id as campaign, p.name, c.phone_number as phone, c.status, p.mixed_settings as mixed,
      p.max_attempts,
      exists (select from suppressions s where s.phone_number = c.phone_number and s.lifted_at is null) as is_listed
    from contacts c join campaigns p on p.id = c.campaign_id
    where p.id = any(${[...evidence.campaignIds]}) and p.campaign_type = 'mixed'`;
  const tries = await sql<Try[]>`
    select contact_id as contact, channel, outcome, token from attempts
    where purpose = 'campaign' and contact_id = any(${people.map(({ id }) => id)}) order by id`;
  const campaignsOf = Map.groupBy(
    await sql<{ phone: string }[]>`select phone_number as phone from contacts`,
    ({ phone }) => phone,
  );
  const triesOf = Map.groupBy(tries, ({ contact }) => contact);
  return people.flatMap((person) => {
    const own = triesOf.get(person.id) ?? [];
    const second = own.filter(({ channel }) => channel !== person.mixed.first);
    const reply = evidence.replies.find(({ phone }) => phone === person.phone);
    const isAlone = campaignsOf.get(person.phone)?.length === 1;
    return judge({
      person,
      texts: textsFor(person, evidence).length,
      hasReplied: reply !== undefined,
      first: own.filter(({ channel }) => channel === person.mixed.first),
      second,
      followedAt: acceptedFor(person, second, evidence),
      repliedAt: isAlone ? (reply?.takenAt ?? null) : null,
      graceMs: evidence.graceMs,
    });
  });
}

/** When the carrier took on the second channel's texts or calls for this person. */
function acceptedFor(person: Person, second: readonly Try[], evidence: Evidence): number[] {
  if (person.mixed.first === 'call') return textsFor(person, evidence).map(({ at }) => at);
  const tokens = new Set(second.map(({ token }) => token));
  return evidence.calls.filter((call) => tokens.has(call.token) && !call.isTwin).map(({ at }) => at);
}

function textsFor({ phone, name }: Person, { accepted }: Evidence) {
  return accepted.filter(({ to, body }) => to === phone && body.startsWith(`${name}:`));
}

function judge(given: Case): string[] {
  const { person, first, second, followedAt, texts, repliedAt, graceMs } = given;
  const who = `contact ${person.id} (${person.phone}, campaign ${person.campaign}, ${person.mixed.first} first)`;
  const isFollowed = second.length > 0;
  const last = first.filter(({ outcome }) => !NOBODY_ASKED.includes(outcome ?? '')).at(-1);
  const isReached = REACHED.includes(last?.outcome ?? '');
  const rule = person.mixed.followUp;
  const isWanted = last !== undefined && (rule === 'always' || (rule === 'if_reached') === isReached);
  const rules: [boolean, string][] = [
    [
      isFollowed && last === undefined,
      `MIXED: ${who} was followed up before anything came of the first channel`,
    ],
    [
      isFollowed && last !== undefined && !isWanted,
      `MIXED: ${who} was followed up (${rule}) after the first ended as ${last?.outcome}`,
    ],
    [
      !isFollowed && isWanted && !mayBeLeft(given),
      `MIXED: ${who} is ${person.status} and was not followed up (${rule}) after ${last?.outcome}`,
    ],
    [
      repliedAt !== null && followedAt.some((at) => at > repliedAt + graceMs),
      `MIXED: ${who} was followed up after they had written back`,
    ],
    [texts > person.max_attempts, `DOUBLE: ${who} was texted ${texts} times`],
  ];
  return rules.flatMap(([isBroken, sentence]) => (isBroken ? [sentence] : []));
}

/** Whoever wrote back, asked to be left alone or called again, or was left out for a reason, needs no second channel. */
function mayBeLeft({ person: { status, is_listed }, hasReplied }: Case): boolean {
  return hasReplied || is_listed || status === 'pending' || status === 'skipped';
}
