import { randomBytes } from 'node:crypto';
import { createConversations } from '#assistant/conversations.ts';
import { createOpenAiModel } from '#assistant/openai-model.ts';
import { createHolidays } from '#calendar/holidays.ts';
import { sandboxClock, systemClock } from '#clock.ts';
import type { Config, ConsoleConfig } from '#config.ts';
import { createChanges } from '#db/changes.ts';
import { openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import type { Secret } from '#domain/secret.ts';
import type { Sender } from '#domain/sender.ts';
import { dashboardRoutes } from '#http/dashboard.ts';
import { createFeed } from '#http/feed/feed.ts';
import { healthRoutes } from '#http/health.ts';
import { lateRoutes } from '#http/late-routes.ts';
import { metricsRoutes } from '#http/metrics.ts';
import { createRoutes, listen } from '#http/server.ts';
import { installJobTables, startWorker, type Worker } from '#jobs/worker.ts';
import { createLog } from '#log.ts';
import { createMetering, type Metering } from '#metering/prometheus.ts';
import { meterTelephony } from '#metering/telephony.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import type { Deps } from '#operations/deps.ts';
import { createEventRecorder } from '#operations/event-recorder.ts';
import { recover } from '#operations/recover.ts';
import type { Log } from '#ports/log.ts';
import type { Meters } from '#ports/meters.ts';
import { createSlack } from '#slack/app.ts';
import { createChat } from '#slack/chat.ts';
import { PROVIDERS } from '#telephony/index.ts';
import { createWebhookDoor } from '#webhooks/door.ts';

const PROVIDER_TIMEOUT_MS = 10_000;
const WEBHOOK_TIMEOUT_MS = 10_000;

export type AppConfig = Config & { databaseUrl: Secret };
type Mounted = ReturnType<typeof createRoutes>;
type Edges = Parameters<typeof createRoutes>[0];
export type App = { url: string; deps: Deps; stop(): Promise<void> };

/** Brings the database to this version, job tables included; returns the migrations applied. */
export async function prepareDatabase(databaseUrl: string): Promise<string[]> {
  return migrate(databaseUrl, { after: installJobTables });
}

/** What a command at the terminal needs of the product: its database and its time. */
export function openConsole(config: ConsoleConfig, databaseUrl: string) {
  const database = openDatabase(databaseUrl, { maxConnections: 1 });
  return { deps: { db: database.db, clock: clockOf(config) }, close: () => database.close() };
}

/**
 * Starts the product: database, HTTP server, Slack, carrier and worker, as far as this process has the role. The same
 * start serves production, the sandbox and the end-to-end tests. What was opened is closed in reverse, also when the
 * start fails half-way.
 */
export async function startApp(config: AppConfig, options: { log?: Log } = {}): Promise<App> {
  const log = options.log ?? createLog(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await open(config, log, closers, stop);
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function open(
  config: AppConfig,
  log: Log,
  closers: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<App> {
  const databaseUrl = config.databaseUrl.reveal();
  await prepareDatabase(databaseUrl);
  const database = openDatabase(databaseUrl);
  closers.push(() => database.close());
  const metering = createMetering();
  const provider = openProvider(config);
  closers.push(async () => provider.telephony.close());
  const webhooks = openWebhookDoor(config);
  closers.push(() => webhooks.close());
  const slackAccess = accessOf(config, metering.meters);
  const deps: Deps = {
    ...settledBy(config),
    db: database.db,
    databaseUrl,
    telephony: meterTelephony(provider.telephony, metering.meters),
    meters: metering.meters,
    chat: createChat(slackAccess, log),
    log,
    randomToken: () => randomBytes(16).toString('base64url'),
    holidays: createHolidays(),
    webhooks,
  };
  const slack = createSlack(deps, { ...slackAccess, ...deliveryOf(config) });
  const calls = { desk: createCallDesk(deps), converse: createConversations(deps), log };
  const feed = createFeed(deps, createChanges(database));
  const ofOperators = operatorRoutes(deps, config, metering, () => server.openSockets());
  const edges = config.roles.includes('web')
    ? [
        slack.routes,
        provider.webhooks(createEventRecorder(deps), calls),
        feed.routes,
        dashboardRoutes(config.publicUrl),
        ...ofOperators,
      ]
    : ofOperators;
  let worker: Worker | null = null;
  closers.push(async () => worker?.stop());
  closers.push(() => slack.stop());
  const routes = routesOf(edges, (all) => createRoutes(all, log, reference, metering.meters), deps, config);
  const server = await listen(routes, config.port, config.publicUrl);
  closers.push(() => server.close());
  closers.push(() => feed.stop());
  if (config.roles.includes('worker')) {
    worker = await startWorker({ deps, handleChatDelivery: slack.handleDelivery }, databaseUrl);
    await recover(deps);
  }
  if (config.roles.includes('web')) await slack.start();
  return { url: `http://127.0.0.1:${server.port}`, deps, stop };
}

function accessOf({ slack }: Config, { slackThrottled }: Meters) {
  return {
    botToken: slack.botToken.reveal(),
    apiUrl: slack.apiUrl ?? undefined,
    onThrottled: slackThrottled,
  };
}

/** How Slack delivers. Only Socket Mode does without a secret, and then nothing arrives that would have to be checked. */
function deliveryOf({ slack }: Config) {
  return { signingSecret: slack.signingSecret?.reveal() ?? '', appToken: slack.appToken?.reveal() };
}

/** What of the collaborators is in the configuration alone. */
function settledBy(config: AppConfig) {
  return {
    clock: clockOf(config),
    defaultSender: defaultSenderOf(config),
    defaultCaller: config.twilio.phoneNumber,
    model: config.llm ? openModel(config.llm) : null,
  };
}

function clockOf({ sandboxClock: setting }: ConsoleConfig) {
  return setting ? sandboxClock(setting) : systemClock;
}

/** What operators ask any process for, whatever its roles. */
function operatorRoutes(
  deps: Deps,
  config: AppConfig,
  { contentType, write }: Metering,
  openSockets: () => number,
) {
  const metrics = metricsRoutes(deps, {
    contentType,
    write: (workload) => write({ workload, openSockets: openSockets() }),
    token: config.metricsToken?.reveal() ?? null,
  });
  return [healthRoutes(deps), metrics];
}

/** The API is loaded when somebody asks it for the first time, and only where anybody may. */
function routesOf(edges: Edges, mount: (edges: Edges) => Mounted, deps: Deps, config: Config) {
  if (!config.roles.includes('web')) return mount(edges);
  const load = async () => {
    const { apiRoutes } = await import('#http/api/mount.ts');
    return mount([apiRoutes(deps, { reference, publicUrl: config.publicUrl }), ...edges]);
  };
  return lateRoutes(mount(edges), { isLate: isOfApi, load });
}

/** How many watch is asked for at the address of the sockets (campaign-api §1.1). */
function isOfApi(path: string): boolean {
  return /^\/api(\/|$)|^\/ws\/.*\/connections\/?$/.test(path);
}

/** What a person is told of a defect, and the log explains. */
function reference(): string {
  return randomBytes(4).toString('hex');
}

function openModel({ baseUrl, apiKey, model }: NonNullable<Config['llm']>) {
  return createOpenAiModel({ baseUrl, apiKey: apiKey?.reveal() ?? null, model });
}

/** Receivers on this machine are let through in a sandbox alone. */
function openWebhookDoor({ isProduction, sandboxClock: sandbox }: AppConfig) {
  return createWebhookDoor({
    allowsLoopback: sandbox !== null && !isProduction,
    timeoutMs: Math.ceil(WEBHOOK_TIMEOUT_MS / (sandbox?.haste ?? 1)),
  });
}

function openProvider(config: AppConfig) {
  const [first, ...rest] = config.twilio.authTokens;
  return PROVIDERS.twilio({
    accountId: config.twilio.accountSid,
    secrets: [first.reveal(), ...rest.map((token) => token.reveal())],
    apiUrl: config.twilio.apiUrl,
    publicUrl: config.publicUrl,
    callsPerSecond: config.twilio.callsPerSecond,
    timeoutMs: Math.ceil(PROVIDER_TIMEOUT_MS / (config.sandboxClock?.haste ?? 1)),
  });
}

/** A pool of senders comes before a single number: the carrier's own rules for choosing among them hold then. */
function defaultSenderOf({ twilio }: AppConfig): Sender | null {
  if (twilio.messagingServiceSid) return { kind: 'pool', poolId: twilio.messagingServiceSid };
  return twilio.phoneNumber ? { kind: 'number', phoneNumber: twilio.phoneNumber } : null;
}
