import { setTimeout as sleep } from 'node:timers/promises';
import { OUR_NUMBERS } from '#support/carrier.ts';
import { contactPhones, makeCampaign, pressResume, pressStart } from './campaign.ts';
import { createDice, type Dice } from './dice.ts';
import { KILL_NAMES, type KillName, killAt } from './kills.ts';
import { findBrokenPromises, type Stop } from './oracle.ts';
import { openStage, type Pace, type Stage } from './stage.ts';
import { makeWeather } from './weather.ts';

export type RoundOptions = {
  databaseUrl: string;
  seed: string;
  contacts: number;
  kills: number;
  script: readonly string[];
  pace?: Pace;
};

export type RoundReport = {
  seed: string;
  seconds: number;
  kills: Map<KillName, number>;
  /** Kills that fell while the campaign was running. */
  killsWhileRunning: number;
  accepted: number;
  stopsHeard: number;
  resumed: number;
  skipped: number;
  complaints: Map<string, number>;
  deadlocks: number;
  broken: string[];
  /** What was found in the tables, when a promise was broken. */
  evidence: string[];
};

/** Leases of 1.5 s, second looks after 12 s, a quarter of an hour of the carrier's patience in 15 s. */
const PACE: Pace = { speed: 60, haste: 20 };
const MINUTE_MS = 60_000;
const STOP_EVERY_MS = 700;
const STOP_SHARE = 0.06;
const RESUME_EVERY_MS = 400;
const END_PATIENCE_MS = 120_000;
const LAST_WORDS_MS = 30_000;
const CALM_POLL_MS = 100;
const GRACE_REAL_MS = 1_000;
/** The carrier does not know this word for an opt-out, so nobody but the bot keeps the promise. */
const STOP_WORD = 'Stop!';

/** One campaign, killed again and again under a sky full of faults, and what became of everybody in it. */
export async function runRound(options: RoundOptions): Promise<RoundReport> {
  const { seed, contacts, kills, pace = PACE } = options;
  const startedAt = performance.now();
  const stage = await openStage({ ...options, pace });
  const dice = createDice(seed);
  try {
    let bot = await stage.addBot();
    await bot.ready;
    const phones = contactPhones(contacts);
    const concurrentLimit = Math.max(5, Math.ceil((contacts / Math.max(1, kills)) * 1.2));
    const campaignId = await makeCampaign(stage.deps, { name: `Round ${seed}`, phones, concurrentLimit });
    await addContacts(stage, campaignId, phones);
    await pressStart(stage.deps, campaignId);
    const storm = new AbortController();
    const round = watchRound(stage, campaignId);
    const weather = makeWeather(stage, createDice(`${seed} weather`), storm.signal);
    const voices = textStops(stage, createDice(`${seed} stops`), phones, storm.signal);
    const report = { kills: new Map<KillName, number>(), killsWhileRunning: 0 };
    for (let count = 0; count < kills; count += 1) {
      if (await isOver(stage, [campaignId])) break;
      const name = await killAt(dice.pick(KILL_NAMES), stage, bot, dice);
      report.kills.set(name, (report.kills.get(name) ?? 0) + 1);
      if (!(await isOver(stage, [campaignId]))) report.killsWhileRunning += 1;
      bot = await stage.addBot();
    }
    storm.abort();
    await Promise.all([weather, voices]);
    const ended = await waitForEnd(stage, [campaignId]);
    const broken = [
      ...(ended ? [] : [`not over ${END_PATIENCE_MS / 1_000} s after the last kill`]),
      ...stage.losses.map((loss) => `a bot was lost: ${loss}`),
      ...(await judge(stage, [campaignId], round)),
    ];
    round.stop();
    return {
      seed,
      seconds: (performance.now() - startedAt) / 1_000,
      ...report,
      accepted: acceptedTexts(stage).length,
      stopsHeard: round.stops.length,
      resumed: round.resumed(),
      skipped: await countSkipped(stage, campaignId),
      complaints: stage.complaints,
      deadlocks: await countDeadlocks(stage),
      broken,
      evidence: broken.length > 0 ? await gatherEvidence(stage, broken) : [],
    };
  } finally {
    await stage.close();
  }
}

/** Contacts as an import leaves them: due at once. */
export async function addContacts(
  stage: Stage,
  campaignId: number,
  phones: readonly string[],
): Promise<void> {
  const now = stage.clock.now();
  await stage.client.sql`
    insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
    select ${campaignId}, phone, jsonb_build_object('name', 'P' || place), ${now.toISOString()}, ${now.toISOString()}
    from unnest(${[...phones]}::text[]) with ordinality as given (phone, place)`;
}

function acceptedTexts(stage: Stage) {
  return stage.carrier.accepted().map(({ sid, to, body, createdAt }) => ({ sid, to, body, at: createdAt }));
}

function shownMessages(stage: Stage) {
  return stage.slack.snapshot().messages.map(({ channelId, ts, threadTs, blocks, files }) => ({
    channelId,
    ts,
    threadTs,
    words: JSON.stringify(blocks),
    files: files.length,
  }));
}

export type Watch = ReturnType<typeof watchRound>;

/** What a watchful person and the minute's round do: stops are noted, a paused campaign is resumed, leftovers are reaped. */
export function watchRound(stage: Stage, ...campaignIds: number[]) {
  const stops: Stop[] = [];
  let resumed = 0;
  const off = stage.on((happening) => {
    if (happening.kind !== 'reply_answered' || happening.body !== STOP_WORD || happening.status !== 200)
      return;
    if (stops.some(({ phone }) => phone === happening.from)) return;
    stops.push({ phone: happening.from, heardAt: stage.clock.now().getTime() });
  });
  const resume = async () => {
    const rows = await stage.client.sql<{ id: number }[]>`
      select id from campaigns where id = any(${campaignIds}) and status = 'paused'`;
    for (const { id } of rows) {
      await pressResume(stage.deps, id);
      resumed += 1;
    }
  };
  const reap = async () => {
    await stage.client.sql`select graphile_worker.add_job('recover', job_key => 'minute')`;
  };
  const timers = [
    setInterval(() => void resume().catch(() => undefined), RESUME_EVERY_MS),
    setInterval(() => void reap().catch(() => undefined), MINUTE_MS / stage.pace.haste),
  ];
  return {
    stops,
    resumed: () => resumed,
    stop() {
      off();
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** Contacts who have not been texted yet ask, now and then, never to be. */
async function textStops(
  stage: Stage,
  dice: Dice,
  phones: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const texted = new Set<string>();
  stage.on((happening) => {
    if (happening.kind === 'text_accepted') texted.add(happening.to);
  });
  for (let left = Math.ceil(phones.length * STOP_SHARE); left > 0 && !signal.aborted; left -= 1) {
    const waiting = phones.filter((phone) => !texted.has(phone));
    if (waiting.length === 0) return;
    const contactNumber = dice.pick(waiting);
    stage.carrier.verbs.textFromPhone({ contactNumber, botNumber: OUR_NUMBERS.first, body: STOP_WORD });
    await sleep(dice.between(STOP_EVERY_MS / 2, STOP_EVERY_MS * 2), undefined, { signal }).catch(
      () => undefined,
    );
  }
}

async function isOver(stage: Stage, campaignIds: readonly number[]): Promise<boolean> {
  const rows = await stage.client.sql`
    select from campaigns where id = any(${[...campaignIds]}) and status in ('running', 'paused')`;
  return rows.length === 0;
}

/** Over is over: nobody open, nothing on its way in either direction, every message posted. */
export async function waitForEnd(stage: Stage, campaignIds: readonly number[]): Promise<boolean> {
  const deadline = performance.now() + END_PATIENCE_MS;
  while (performance.now() < deadline) {
    if ((await isOver(stage, campaignIds)) && (await isQuiet(stage))) {
      await stage.carrier.settled();
      if (await isQuiet(stage)) return true;
    }
    await sleep(CALM_POLL_MS);
  }
  return false;
}

/** The oracle's word, once what is still on its way (a late reply, the last edit of a card) has had time to arrive. */
export async function judge(stage: Stage, campaignIds: number[], watch: Watch): Promise<string[]> {
  const deadline = performance.now() + LAST_WORDS_MS;
  for (;;) {
    const broken = await findBrokenPromises(stage.client.sql, {
      campaignIds,
      accepted: acceptedTexts(stage),
      stops: watch.stops,
      graceMs: GRACE_REAL_MS * stage.pace.speed,
      messages: shownMessages(stage),
    });
    if (broken.length === 0 || performance.now() > deadline) return broken;
    await sleep(CALM_POLL_MS);
  }
}

async function isQuiet(stage: Stage): Promise<boolean> {
  const [row] = await stage.client.sql<{ open: number }[]>`
    select (select count(*) from attempts where state <> 'ended') + (select count(*) from provider_events
      where merged_at is null) + (select count(*) from posts where state in ('pending', 'sending')) as open`;
  return Number(row?.open) === 0;
}

async function countSkipped(stage: Stage, campaignId: number): Promise<number> {
  const [row] = await stage.client.sql<{ n: number }[]>`
    select count(*)::int as n from contacts where campaign_id = ${campaignId} and status = 'skipped'`;
  return row?.n ?? 0;
}

async function countDeadlocks(stage: Stage): Promise<number> {
  const [row] = await stage.client.sql<{ n: string }[]>`
    select deadlocks as n from pg_stat_database where datname = current_database()`;
  return Number(row?.n);
}

const CASES_SHOWN = 5;

/** Everything the tables know about the people whom a broken promise names, and about what is still open. */
export async function gatherEvidence(stage: Stage, broken: readonly string[]): Promise<string[]> {
  const { sql } = stage.client;
  const phones = [...new Set(broken.flatMap((line) => line.match(/\+\d+/g) ?? []))].slice(0, CASES_SHOWN);
  const queries = [
    sql`select id, status, hold, run_number, started_at, resumed_at, completed_at from campaigns`,
    sql`select status, skip_reason, wait_reason, count(*)::int, min(next_attempt_at) from contacts group by 1, 2, 3`,
    sql`select id, campaign_id, state, asked_at, lease_until, look_at, empty_looks, provider_ref, provider_status
      from attempts where state <> 'ended' limit 20`,
    sql`select t.identifier as task, j.key, j.run_at, j.attempts, j.locked_at, j.last_error
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.attempts < j.max_attempts limit 40`,
    sql`select id, state, tries, problem, lease_until from posts where state in ('pending', 'sending') limit 10`,
    sql`select a.* from attempts a where a.phone_number = any(${phones}) order by a.id`,
    sql`select id, event, received_at, merged_at, problem from provider_events
      where event ->> 'token' in (select token from attempts where phone_number = any(${phones})) order by id`,
    sql`select * from inbound_texts where from_number = any(${phones}) order by id`,
  ];
  const found = await Promise.all(queries);
  const lines = found.flatMap((rows) => [...rows.map((row) => JSON.stringify(row)), '']);
  const texts = acceptedTexts(stage).filter(({ to }) => phones.includes(to));
  return [`now ${stage.clock.now().toISOString()}`, ...lines, ...texts.map((text) => JSON.stringify(text))];
}
