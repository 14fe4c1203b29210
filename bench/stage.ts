import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHolidays } from '#calendar/holidays.ts';
import { sandboxClock } from '#clock.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import type { Chat } from '#ports/chat.ts';
import type { Telephony } from '#ports/telephony.ts';
import { INSTANT, type LatencyProfile } from '#sandbox/carrier/options.ts';
import type { ApiCall } from '#sandbox/slack/api-call.ts';
import { CHANNELS, PEOPLE, TEAM_ID } from '#sandbox/slack/seed.ts';
import { startSlackStandIn } from '#sandbox/slack/server.ts';
import { ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBERS, startCarrier } from '#support/carrier.ts';
import { freePort } from '#support/free-port.ts';
import { noMeters } from '#support/meters.ts';
import { BOT_TOKEN, SIGNING_SECRET } from '#support/slack.ts';
import { startBot } from '#torture/bot.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import type { BenchDatabase } from './database.ts';

export const DANA = { kind: 'slack_user', userId: PEOPLE.admin } as const;
const SMALLINT = 32_767;
const LOOK_MS = 3;
/** A Tuesday, 11:00 in New York: a bench at night must not meet closed hours. Time runs as fast as the wall clock. */
const MORNING = Date.UTC(2026, 10, 24, 16);
/** All in New York's zone. */
const AREA_CODES = ['212', '718', '917', '646', '347', '617', '305', '215', '202', '404'];

/** The clock of a bench, and the setting that gives a bot the same one. */
export function benchClock() {
  const setting = { realEpochMs: Date.now(), productEpochMs: MORNING, speed: 1 };
  return { clock: sandboxClock(setting), variable: `${setting.realEpochMs},${setting.productEpochMs},1` };
}

export type StageOptions = {
  /** Arguments of node that start a bot. */
  script: readonly string[];
  latency?: LatencyProfile;
  /** Slack's own pace by default. */
  tierMultiplier?: number;
  roles?: string;
  /** What the bot believes the account may start; the carrier itself takes calls as fast as they come. */
  callsPerSecond?: number;
  /** What else stands in the bot's environment. */
  env?: Record<string, string>;
};

export type BenchStage = Awaited<ReturnType<typeof openStage>>;

/** Carrier and Slack in this process, and one bot in a process of its own, in real time. */
export async function openStage({ client, sql, url }: BenchDatabase, options: StageOptions) {
  const calls: ApiCall[] = [];
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const { clock, variable } = benchClock();
  const carrier = await startCarrier({
    clock: { now: () => clock.now().getTime(), speed: 1 },
    latency: options.latency ?? INSTANT,
    trafficKept: 0,
    callsPerSecond: Number.POSITIVE_INFINITY,
  });
  carrier.deliverTo(`${publicUrl}/twilio/sms#rc=5&rp=all`);
  const slack = await startSlackStandIn({
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    botRequestUrl: `${publicUrl}/slack/events`,
    tierMultiplier: options.tierMultiplier ?? 1,
    trafficMax: 0,
    observeCall: (call) => void calls.push(call),
  });
  const from = performance.now();
  const bot = startBot({
    script: options.script,
    env: {
      PATH: process.env.PATH ?? '',
      LOG_LEVEL: 'warn',
      DATABASE_URL: url,
      PUBLIC_URL: publicUrl,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: `${slack.url}/api/`,
      TWILIO_ACCOUNT_SID: ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_PHONE_NUMBER: OUR_NUMBERS.first,
      TWILIO_API_URL: carrier.url,
      SANDBOX_CLOCK: variable,
      ...(options.roles ? { ROLES: options.roles } : {}),
      ...options.env,
      ...(options.callsPerSecond ? { TWILIO_CALLS_PER_SECOND: String(options.callsPerSecond) } : {}),
    },
    port,
    onLine: (line) => void (line.startsWith('{') && process.stderr.write(`${line}\n`)),
    onLost: (how) => void process.stderr.write(`the bot was lost: ${how}\n`),
  });
  const listening = untilListening(port).then(() => performance.now() - from);
  if (!(await bot.ready)) throw new Error('the bot did not start');
  const startMs = await listening;
  const deps: Deps = {
    db: client.db,
    databaseUrl: url,
    clock,
    telephony: { provider: 'twilio', ownsNumber: async () => true } as unknown as Telephony,
    chat: {} as Chat,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    randomToken: () => randomBytes(16).toString('base64url'),
    defaultSender: { kind: 'number', phoneNumber: OUR_NUMBERS.first },
    holidays: createHolidays(),
    meters: noMeters,
    defaultCaller: '+15005550006',
    model: null,
    webhooks: createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000 }),
  };
  return {
    bot,
    /** From the start of the bot's process until its port took a connection. */
    startMs,
    carrier,
    slack,
    deps,
    sql,
    url: publicUrl,
    /** Every call of Slack's Web API, with its status. */
    calls,
    campaign: (plan: CampaignPlan) => makeCampaign(deps, sql, plan),
    async close() {
      await Promise.race([bot.stop(), sleep(20_000)]);
      await slack.close();
      await carrier.stop();
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await sleep(LOOK_MS);
  }
}

export type CampaignPlan = {
  name: string;
  contacts: number;
  /** Of the campaign; null: as high as the column takes. */
  ratePerMinute?: number;
  concurrentLimit?: number;
  /** Calls people whose line is busy; texts by default. */
  isCall?: boolean;
};

const SAYS = {
  sms: { smsMessageTemplate: 'Hello {{name}}, your appointment is on {{date}}.' },
  call: { welcomeMessageTemplate: 'Hello {{name}}, your appointment is on {{date}}.' },
};

/** What the carrier makes of numbers that end so: takes texts and is silent; is busy. */
const ENDINGS = { sms: 80, call: 70 };

/** A campaign with contacts who take a text and never answer, or whose line is busy. */
async function makeCampaign(deps: Deps, sql: BenchDatabase['sql'], plan: CampaignPlan): Promise<number> {
  const workspace = await ensureWorkspace(deps, { slackTeamId: TEAM_ID });
  const campaignType = plan.isCall ? 'call' : 'sms';
  await sql`update workspaces set rate_limit_per_minute = 1000000, concurrent_limit = 1000`;
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: DANA,
    creationKey: plan.name,
    channelId: CHANNELS.campaigns,
    name: plan.name,
    campaignType,
    ...SAYS[campaignType],
    ...(plan.isCall && { settings: { maxAttempts: 1 } }),
  });
  await sql`
    update campaigns set rate_limit_per_minute = ${plan.ratePerMinute ?? SMALLINT},
      concurrent_limit = ${plan.concurrentLimit ?? 500}
    where id = ${campaignId}`;
  await addContacts(sql, deps.clock.now(), campaignId, plan.contacts, ENDINGS[campaignType]);
  return campaignId;
}

/** Contacts as an import leaves them, all behaving as their numbers' ending says. */
async function addContacts(
  sql: BenchDatabase['sql'],
  now: Date,
  campaignId: number,
  count: number,
  ending: number,
): Promise<void> {
  const area = AREA_CODES[campaignId % AREA_CODES.length] ?? '';
  await sql`
    insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
    select ${campaignId}, '+1' || ${area}::text || (2000000 + ${ending}::int + place * 100),
      jsonb_build_object('name', 'Person ' || place, 'date', '2026-12-01'), ${now.toISOString()}, ${now.toISOString()}
    from generate_series(1, ${count}) as place`;
}
