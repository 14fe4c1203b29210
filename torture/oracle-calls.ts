import type postgres from 'postgres';
import type { AcceptedCall, Evidence } from './oracle.ts';

/** A call in the ledger: its attempt and what is known of the call itself. */
type LedgerCall = {
  id: string;
  token: string;
  contact: string;
  campaign: number;
  phone: string;
  outcome: string | null;
  ref: string | null;
  voicemail_left_at: Date | null;
};

type Person = {
  id: string;
  campaign: number;
  phone: string;
  status: string;
  skip_reason: string | null;
  wait_reason: string | null;
  callbacks: number;
  was_tried: boolean;
  has_promise: boolean;
  max_attempts: number;
};

type Known = { call: AcceptedCall; ledger: LedgerCall };

/** What the lists of the carrier and the ledger say about calls, held against each other. */
export async function findBrokenCalls(sql: postgres.Sql, evidence: Evidence): Promise<string[]> {
  const ids = [...evidence.campaignIds];
  const ledger = await sql<LedgerCall[]>`
    select a.id, a.token, a.contact_id as contact, a.campaign_id as campaign, a.phone_number as phone, a.outcome,
      k.provider_ref as ref, k.voicemail_left_at
    from attempts a join calls k on k.attempt_id = a.id where a.channel = 'call'`;
  const people = await sql<Person[]>`
    select c.id, c.campaign_id as campaign, c.phone_number as phone, c.status, c.skip_reason, c.wait_reason, c.callbacks,
      p.max_attempts, exists (select from attempts a where a.contact_id = c.id
        and a.outcome not in ('withdrawn', 'not_placed', 'throttled', 'canceled')) as was_tried,
      exists (select from calls k where k.contact_id = c.id and k.callback_at is not null) as has_promise
    from contacts c join campaigns p on p.id = c.campaign_id
    where p.id = any(${ids}) and p.campaign_type <> 'sms'`;
  const byToken = new Map(ledger.map((row) => [row.token, row]));
  const known = evidence.calls.flatMap((call) => {
    const row = byToken.get(call.token);
    return row ? [{ call, ledger: row }] : [];
  });
  const limits = await sql<{ campaign: number; concurrent: number }[]>`
    select id as campaign, concurrent_limit as concurrent from campaigns where id = any(${ids})`;
  return [
    ...judgeLedger(evidence.calls, byToken),
    ...judgeTokens(known),
    ...known.flatMap(judgeOutcome),
    ...known.flatMap(judgeWords),
    ...judgePeople(people, known),
    ...judgeNumbers(known),
    ...judgePlaces(known, limits),
    ...judgePace(evidence),
    ...(await judgeListed(sql, evidence)),
  ];
}

/** Every call that the carrier took on is one of ours, to the person whom it is for. */
function judgeLedger(calls: readonly AcceptedCall[], byToken: Map<string, LedgerCall>): string[] {
  return calls.flatMap((call) => {
    const row = byToken.get(call.token);
    if (!row) return [`UNKNOWN: the ledger knows nothing of call ${call.sid} to ${call.to}`];
    if (row.phone !== call.to)
      return [`STRANGER: call ${call.sid} went to ${call.to} and was for ${row.phone}`];
    return call.endedAt === null
      ? [`call ${call.sid} to ${call.to} is still ${call.status} at the carrier`]
      : [];
  });
}

/** One attempt is one call; a second one is the carrier's own doing, and then one of both is ours. */
function judgeTokens(known: readonly Known[]): string[] {
  return [...Map.groupBy(known, ({ call }) => call.token).values()].flatMap((calls) => {
    const asked = calls.filter(({ call }) => !call.isTwin);
    const sids = calls.map(({ call }) => call.sid).join(', ');
    const [first] = calls;
    const who = `attempt ${first?.ledger.id} to ${first?.ledger.phone}`;
    return [
      ...(asked.length > 1 ? [`DOUBLE: ${who} was placed ${asked.length} times: ${sids}`] : []),
      ...(calls.some(isOurs) ? [] : [`UNKNOWN: ${who} is none of the calls ${sids} that were made for it`]),
    ];
  });
}

function isOurs({ call, ledger }: Known): boolean {
  return ledger.ref === call.sid;
}

const OUTCOMES: Record<string, readonly string[]> = {
  completed: ['answered', 'voicemail', 'machine', 'hung_up'],
  busy: ['busy'],
  'no-answer': ['no_answer'],
  failed: ['invalid', 'carrier_failed'],
  canceled: ['canceled'],
};

function judgeOutcome(known: Known): string[] {
  const { call, ledger } = known;
  if (!isOurs(known) || ledger.outcome === null || call.endedAt === null) return [];
  return OUTCOMES[call.status]?.includes(ledger.outcome)
    ? []
    : [`WRONG: call ${call.sid} to ${call.to} was ${call.status} and is told as ${ledger.outcome}`];
}

/** Beginning of what is left on machines, in the campaigns of a round. */
const MESSAGE = 'This is the message for';

/** What answering machines say and people do not. */
const GREETING = /my voicemail|leave a message/;

/** Nothing is said on a stray call, and a message is left once, and only on a machine. */
function judgeWords(known: Known): string[] {
  const { call, ledger } = known;
  const where = `call ${call.sid} to ${call.to}`;
  const messages = call.said.filter((words) => words.includes(MESSAGE)).length;
  const isMachine =
    call.answeredBy?.startsWith('machine') || call.heard.some((words) => GREETING.test(words));
  const rules: [boolean, string][] = [
    [
      !isOurs(known) && call.said.length > 0,
      `STRAY: on ${where}, which is not ours, was said: ${call.said[0]}`,
    ],
    [messages > 1, `VOICEMAIL: on ${where} the message was left ${messages} times`],
    [messages > 0 && !isMachine, `VOICEMAIL: on ${where} the message was left for ${call.answeredBy}`],
    [
      messages > 0 && ledger.voicemail_left_at === null,
      `VOICEMAIL: ${where} is told as one without a message`,
    ],
  ];
  return rules.flatMap(([isBroken, sentence]) => (isBroken ? [sentence] : []));
}

/** Outcomes of attempts for which nobody's phone was to ring. */
const NOBODY_ASKED = ['withdrawn', 'not_placed', 'throttled', 'rejected'];

/** Everybody has an end with a reason, or a promise; nobody is called more often than allowed. */
function judgePeople(people: readonly Person[], known: readonly Known[]): string[] {
  const callsOf = Map.groupBy(known.filter(isOurs), (one) => one.ledger.contact);
  return people.flatMap((person) => {
    const calls = callsOf.get(person.id) ?? [];
    const rang = calls.filter(({ ledger: { outcome } }) => outcome !== 'canceled').length;
    const wrongly = calls.filter(({ ledger: { outcome } }) => NOBODY_ASKED.includes(outcome ?? ''));
    const who = `contact ${person.id} (${person.phone}, campaign ${person.campaign})`;
    const most = person.max_attempts + person.callbacks;
    const hasEnd = isEnd(person);
    const rules: [boolean, string][] = [
      [!hasEnd, `LOST: ${who} ended as ${person.status} without a reason`],
      [
        hasEnd && person.status !== 'skipped' && !person.was_tried,
        `LOST: ${who} is ${person.status} and was never tried`,
      ],
      [rang > most, `TOO OFTEN: ${who} was called ${rang} times, ${most} are allowed`],
      [wrongly.length > 0, `WRONG: ${who} was called (${wrongly[0]?.call.sid}) and that is told as no call`],
    ];
    return rules.flatMap(([isBroken, sentence]) => (isBroken ? [sentence] : []));
  });
}

const ENDS = ['completed', 'failed', 'no_answer', 'busy', 'voicemail'];

function isEnd({ status, skip_reason, wait_reason, has_promise }: Person): boolean {
  if (status === 'skipped') return skip_reason !== null;
  if (status === 'pending') return wait_reason === 'callback' && has_promise;
  return ENDS.includes(status);
}

/** No phone rings twice at once, whichever campaigns want it. */
function judgeNumbers(known: readonly Known[]): string[] {
  const ours = known.filter(isOurs).map(({ call }) => call);
  return [...Map.groupBy(ours, ({ to }) => to).values()].flatMap((calls) => {
    const inOrder = calls.toSorted((a, b) => a.at - b.at);
    return inOrder.flatMap((call, index) => {
      const before = inOrder[index - 1];
      if (!before || (before.endedAt !== null && before.endedAt <= call.at)) return [];
      return [
        `AT ONCE: ${call.to} was called (${call.sid}) while another call to them was on (${before.sid})`,
      ];
    });
  });
}

/** At no instant has a campaign more calls under way at the carrier than its limit. */
function judgePlaces(
  known: readonly Known[],
  limits: readonly { campaign: number; concurrent: number }[],
): string[] {
  const byCampaign = Map.groupBy(known.filter(isOurs), ({ ledger }) => ledger.campaign);
  return limits.flatMap(({ campaign, concurrent }) => {
    const most = mostAtOnce((byCampaign.get(campaign) ?? []).map(({ call }) => call));
    return most > concurrent
      ? [`LIMIT: campaign ${campaign} had ${most} calls at once, ${concurrent} are allowed`]
      : [];
  });
}

function mostAtOnce(calls: readonly AcceptedCall[]): number {
  const changes = calls.flatMap(({ at, endedAt }) => [
    { at, by: 1 },
    { at: endedAt ?? Number.POSITIVE_INFINITY, by: -1 },
  ]);
  let open = 0;
  let most = 0;
  for (const { by } of changes.toSorted((a, b) => a.at - b.at || a.by - b.by)) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}

/** Between any two calls the carrier took no more than the account may place, but for how long each was on its way. */
function judgePace({ calls, callsPerSecond, wayMs }: Evidence): string[] {
  const asked = calls.filter(({ isTwin }) => !isTwin).toSorted((a, b) => a.at - b.at);
  let worst: { count: number; ms: number; excess: number } | null = null;
  for (const [from, first] of asked.entries()) {
    for (const [further, last] of asked.slice(from).entries()) {
      const ms = last.at - first.at;
      const excess = further - (callsPerSecond * (ms + wayMs)) / 1_000;
      if (excess > (worst?.excess ?? 0)) worst = { count: further + 1, ms, excess };
    }
  }
  return worst ? [`PACE: the carrier took ${worst.count} calls within ${worst.ms} ms`] : [];
}

/** Whoever was heard saying stop is on the list, and nothing begins after somebody was put on it. */
async function judgeListed(
  sql: postgres.Sql,
  { stops, calls, accepted, graceMs }: Evidence,
): Promise<string[]> {
  const listed = await sql<{ phone: string; at: number }[]>`
    select phone_number as phone, (extract(epoch from created_at) * 1000)::float8 as at from suppressions where lifted_at is null and channel = 'all'`;
  const since = new Map(listed.map(({ phone, at }) => [phone, at]));
  const forgotten = stops.flatMap(({ phone }) =>
    since.has(phone) ? [] : [`STOP FORGOTTEN: ${phone} said stop, was heard, and is not on the list`],
  );
  const late = [...calls, ...accepted].flatMap(({ to, at, sid }) => {
    const listedAt = since.get(to);
    return listedAt !== undefined && at > listedAt + graceMs
      ? [`LISTED: ${to} was contacted (${sid}) ${at - listedAt} ms after being put on the list`]
      : [];
  });
  return [...forgotten, ...late];
}
