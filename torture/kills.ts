import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from './bot.ts';
import type { Kind } from './campaigns.ts';
import type { Dice } from './dice.ts';
import type { Happening } from './happenings.ts';
import type { Stage } from './stage.ts';

/** Somewhere a bot can be killed: waits for its moment, at most `PATIENCE_MS`, and returns whether it came. */
type Aim = (stage: Stage, bot: Bot, dice: Dice) => Promise<boolean>;
export type KillName = keyof typeof AIMS | keyof typeof AIMS_AT_CALLS;

const PATIENCE_MS = 5_000;
const LOCK_POLL_MS = 3;
const MOST_TEXTS_A_LIFE = 14;

/** Tables that the engine writes or reads in its transactions, and a lock that makes it wait there. */
const LOCKS = [
  ['campaign_counts', 'exclusive'],
  ['contacts', 'exclusive'],
  ['attempts', 'exclusive'],
  ['rate_buckets', 'exclusive'],
  ['provider_events', 'exclusive'],
  ['suppressions', 'access exclusive'],
  ['campaigns', 'exclusive'],
  ['cards', 'exclusive'],
  ['posts', 'exclusive'],
  ['graphile_worker._private_jobs', 'exclusive'],
] as const;

const LOCKS_OF_CALLS = [
  ...LOCKS,
  ['calls', 'exclusive'],
  ['call_turns', 'exclusive'],
  ['call_actions', 'exclusive'],
] as const;

const AIMS = {
  'right after the carrier accepted': (stage, _bot, dice) =>
    nth(stage, 'text_accepted', dice.between(1, MOST_TEXTS_A_LIFE)),
  'with the answer to a create under way': (stage, _bot, dice) =>
    nth(stage, 'create_answered', dice.between(1, MOST_TEXTS_A_LIFE), dice.between(0, 8)),
  'while a callback arrives': (stage, bot, dice) =>
    nth(stage, 'callback_arrived', dice.between(1, 30), dice.between(0, 6), bot.port),
  'after a callback was answered': (stage, bot, dice) =>
    nth(stage, 'callback_answered', dice.between(1, 30), dice.between(0, 40), bot.port),
  'while Slack is spoken to': (stage, _bot, dice) => nth(stage, 'slack_called', dice.between(1, 6)),
  'inside a transaction': (stage, bot, dice) => insideTransaction(stage, bot, dice, LOCKS),
  'at any moment': async (_stage, bot, dice) => {
    await bot.ready;
    await sleep(dice.between(0, 1_500));
    return true;
  },
  'while it starts': async (_stage, bot, dice) => {
    await Promise.race([bot.ready, sleep(dice.between(50, 700))]);
    return true;
  },
} satisfies Record<string, Aim>;

const MOST_CALLS_A_LIFE = 6;
const MOST_FRAMES_A_LIFE = 40;

const AIMS_AT_CALLS = {
  'right after the carrier took a call': (stage, _bot, dice) =>
    nth(stage, 'call_accepted', dice.between(1, MOST_CALLS_A_LIFE)),
  'with the answer to a call under way': (stage, _bot, dice) =>
    nth(stage, 'call_create_answered', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 8)),
  'while a call is reported on': (stage, bot, dice) =>
    nth(stage, 'report_arrived', dice.between(1, 4 * MOST_CALLS_A_LIFE), dice.between(0, 6), bot.port),
  'after a report on a call was answered': (stage, bot, dice) =>
    nth(stage, 'report_answered', dice.between(1, 4 * MOST_CALLS_A_LIFE), dice.between(0, 40), bot.port),
  'while instructions are asked for': (stage, bot, dice) =>
    nth(stage, 'instructions_asked', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 6), bot.port),
  'after instructions were given': (stage, bot, dice) =>
    nth(stage, 'instructions_answered', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 10), bot.port),
  'while a verdict arrives': (stage, bot, dice) =>
    nth(stage, 'verdict_arrived', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 6), bot.port),
  'after a verdict was answered': (stage, bot, dice) =>
    nth(stage, 'verdict_answered', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 40), bot.port),
  'as a conversation opens': (stage, bot, dice) =>
    nth(stage, 'conversation_opened', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 10), bot.port),
  'as somebody has said something': (stage, bot, dice) =>
    nth(stage, 'heard', dice.between(1, MOST_FRAMES_A_LIFE), dice.between(0, 6), bot.port),
  'as the assistant speaks': (stage, bot, dice) =>
    nth(stage, 'spoken', dice.between(1, MOST_FRAMES_A_LIFE), dice.between(0, 10), bot.port),
  'while it is asked how to go on': (stage, bot, dice) =>
    nth(stage, 'action_asked', dice.between(1, MOST_CALLS_A_LIFE), dice.between(0, 6), bot.port),
  'inside a transaction about calls': (stage, bot, dice) =>
    insideTransaction(stage, bot, dice, LOCKS_OF_CALLS),
} satisfies Record<string, Aim>;

const ALL_AIMS: Record<KillName, Aim> = { ...AIMS, ...AIMS_AT_CALLS };

/** The moments of a kind of round; a round of texts keeps to those of texts. */
export function killNames(kind: Kind): KillName[] {
  return Object.keys(kind === 'texts' ? AIMS : ALL_AIMS) as KillName[];
}

/** Lets a bot live until the moment comes, then kills it with SIGKILL; the name of what it was killed in. */
export async function killAt(name: KillName, stage: Stage, bot: Bot, dice: Dice): Promise<KillName> {
  const aim = ALL_AIMS[name];
  const hasCome = await aim(stage, bot, dice);
  bot.kill();
  await bot.gone;
  return hasCome ? name : 'at any moment';
}

/** The `count`th happening of a kind from now on; kills at once, or some milliseconds later. */
async function nth(
  stage: Stage,
  kind: Happening['kind'],
  count: number,
  laterMs = 0,
  port?: number,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let left = count;
  const off = stage.on((happening) => {
    if (happening.kind !== kind) return;
    if (port !== undefined && 'port' in happening && happening.port !== port) return;
    left -= 1;
    if (left === 0) resolve(true);
  });
  const patience = setTimeout(resolve, PATIENCE_MS, false);
  const hasCome = await promise;
  clearTimeout(patience);
  off();
  if (laterMs > 0) await sleep(laterMs);
  return hasCome;
}

/** Bars the way into one table until a bot waits there in the middle of what it does, and kills it on the spot. */
async function insideTransaction(
  stage: Stage,
  bot: Bot,
  dice: Dice,
  locks: readonly (readonly [table: string, mode: string])[],
): Promise<boolean> {
  await bot.ready;
  await sleep(dice.between(0, 300));
  const [table, mode] = dice.pick(locks);
  return stage.client.sql.begin(async (sql) => {
    await sql.unsafe(`set local lock_timeout = '${PATIENCE_MS}ms'`);
    await sql.unsafe(`lock table ${table} in ${mode} mode`);
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const [row] = await sql<{ waiting: number }[]>`
        select count(*)::int as waiting from pg_locks where not granted and relation = ${table}::regclass`;
      if ((row?.waiting ?? 0) > 0) break;
      if (performance.now() > deadline) return false;
      await sleep(LOCK_POLL_MS);
    }
    bot.kill();
    await bot.gone;
    return true;
  });
}
