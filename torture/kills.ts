import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from './bot.ts';
import type { Dice } from './dice.ts';
import type { Happening, Stage } from './stage.ts';

/** Somewhere a bot can be killed: waits for its moment, at most `PATIENCE_MS`, and returns whether it came. */
type Aim = (stage: Stage, bot: Bot, dice: Dice) => Promise<boolean>;
export type KillName = keyof typeof AIMS;

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
  'inside a transaction': insideTransaction,
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

export const KILL_NAMES = Object.keys(AIMS) as KillName[];

/** Lets a bot live until the moment comes, then kills it with SIGKILL; the name of what it was killed in. */
export async function killAt(name: KillName, stage: Stage, bot: Bot, dice: Dice): Promise<KillName> {
  const aim: Aim = AIMS[name];
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
async function insideTransaction(stage: Stage, bot: Bot, dice: Dice): Promise<boolean> {
  await bot.ready;
  await sleep(dice.between(0, 300));
  const [table, mode] = dice.pick(LOCKS);
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
