import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHolidays } from '#calendar/holidays.ts';
import { sandboxClock } from '#clock.ts';
import { openDatabase } from '#db/client.ts';
import type { Deps } from '#operations/deps.ts';
import type { Chat } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Telephony } from '#ports/telephony.ts';
import { REALISTIC } from '#sandbox/carrier/options.ts';
import { startSlackStandIn } from '#sandbox/slack/server.ts';
import { ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBERS, startCarrier } from '#support/carrier.ts';
import { freePort } from '#support/free-port.ts';
import { noMeters } from '#support/meters.ts';
import { BOT_TOKEN, SIGNING_SECRET } from '#support/slack.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import { type Bot, startBot } from './bot.ts';
import { openFrontDoor } from './front-door.ts';
import { type Happening, listenAtDoor, listenToCarrier } from './happenings.ts';

/** A Tuesday, 11:00 in New York: however fast the time of a round runs, no contact's evening begins in it. */
const MORNING = Date.UTC(2026, 10, 24, 16);
const SLOW_ANSWER_SHARE = 1.4;
/** How long the bot waits for the carrier's answer, before haste. */
export const REQUEST_DEADLINE_MS = 10_000;
/** What an account may dial in a second of product time unless it has asked for more (telephony.md §2). */
export const CALLS_PER_SECOND = 1;
const SECRET = /xoxb-\S+/g;

export type Pace = {
  /** How fast product time runs. */
  speed: number;
  /** How many times sooner waits for machines end. */
  haste: number;
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

export type StageOptions = {
  databaseUrl: string;
  seed: string;
  pace: Pace;
  /** Arguments of node that start a bot. */
  script: readonly string[];
};

/** A carrier, a Slack workspace and a public address in this process, and a database; bots come and go around them. */
export async function openStage({ databaseUrl, seed, pace, script }: StageOptions) {
  const setting = { realEpochMs: Date.now(), productEpochMs: MORNING, ...pace };
  const clock = sandboxClock(setting);
  const listeners = new Set<(happening: Happening) => void>();
  const tell = (happening: Happening) => {
    for (const listener of [...listeners]) listener(happening);
  };
  const door = await openFrontDoor();
  const carrier = await startCarrier({
    clock: { now: () => clock.now().getTime(), speed: pace.speed },
    seed,
    latency: REALISTIC,
    callsPerSecond: CALLS_PER_SECOND,
    slowAnswerMs: (SLOW_ANSWER_SHARE * REQUEST_DEADLINE_MS) / pace.haste,
  });
  carrier.deliverTo(`${door.url}/twilio/sms#rc=5&rp=all`);
  carrier.putThroughTo(`${door.url}/twilio/voice#rc=5&rp=all`);
  const slack = await startSlackStandIn({
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    botRequestUrl: `${door.url}/slack/events`,
    tierMultiplier: 0,
    observeCall: ({ method }) => tell({ kind: 'slack_called', method }),
  });
  listenToCarrier(carrier, tell);
  listenAtDoor(door, tell);
  const client = openDatabase(databaseUrl, { maxConnections: 4 });
  const complaints = new Map<string, number>();
  const losses: string[] = [];
  const bots = new Set<Bot>();
  const env = {
    PATH: process.env.PATH ?? '',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: door.url,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: `${slack.url}/api/`,
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_PHONE_NUMBER: OUR_NUMBERS.first,
    TWILIO_API_URL: carrier.url,
    TWILIO_CALLS_PER_SECOND: String(CALLS_PER_SECOND),
    SANDBOX_CLOCK: `${setting.realEpochMs},${setting.productEpochMs},${pace.speed},${pace.haste}`,
  };
  return {
    carrier,
    clock,
    client,
    deps: setUpDeps(client.db, databaseUrl, clock),
    door,
    slack,
    pace,
    bots,
    /** What the bots logged as errors, with how often. */
    complaints,
    /** Bots that ended although nobody had killed them. */
    losses,
    on(listener: (happening: Happening) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Starts one more bot; the door leads to it once it listens. */
    async addBot(): Promise<Bot> {
      const bot = startBot({
        script,
        env,
        port: await freePort(),
        onLine: (line) => keepComplaint(complaints, line),
        onLost: (how) => void losses.push(how.replace(SECRET, '[token]')),
      });
      bots.add(bot);
      void bot.ready.then((isReady) => isReady && bot.isAlive() && door.admit(bot.port));
      void bot.gone.then(() => {
        bots.delete(bot);
        door.dismiss(bot.port);
      });
      return bot;
    },
    async close() {
      await Promise.all([...bots].map((bot) => endFirmly(bot)));
      await slack.close();
      await carrier.stop();
      await door.close();
      await client.close();
    },
  };
}

/** The product's own verbs make the campaign and press its buttons; they ask nobody outside for that. */
function setUpDeps(db: Deps['db'], databaseUrl: string, clock: Clock): Deps {
  const telephony = { provider: 'twilio', ownsNumber: async () => true } as unknown as Telephony;
  const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
  return {
    db,
    databaseUrl,
    clock,
    telephony,
    chat: {} as Chat,
    log: quiet,
    randomToken: () => randomBytes(16).toString('base64url'),
    defaultSender: { kind: 'number', phoneNumber: OUR_NUMBERS.first },
    holidays: createHolidays(),
    meters: noMeters,
    defaultCaller: OUR_NUMBERS.first,
    model: null,
    webhooks: createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000 }),
  };
}

function keepComplaint(complaints: Map<string, number>, line: string): void {
  if (!line.startsWith('{')) return;
  const entry = JSON.parse(line) as { level: number; msg?: string; cause?: { message?: string } };
  if (entry.level < 50) return;
  const text = [entry.msg, entry.cause?.message].filter(Boolean).join(': ').slice(0, 300);
  complaints.set(text, (complaints.get(text) ?? 0) + 1);
}

async function endFirmly(bot: Bot): Promise<void> {
  bot.thaw();
  const stopped = await Promise.race([bot.stop().then(() => true), sleep(15_000, false)]);
  if (stopped) return;
  bot.kill();
  await bot.gone;
}
