import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlashCommandHelp } from '#sandbox/page-protocol.ts';
import type { ApiCall } from './api-call.ts';
import type { DeliveryRecord } from './delivery.ts';
import { defaultSeed } from './seed.ts';
import type { Seed } from './workspace.ts';

export type StandInOptions = {
  /** The wall clock: signatures, deadlines and limits are in it, as they are Slack's own. */
  clock: { now(): number };
  /** The time people live in, which a sandbox may run faster: messages and files are dated by it. */
  productClock: { now(): number };
  /** Where this stand-in is reached; may be set later, when the port is known. */
  baseUrl: string;
  /** Where events, commands and interactions go; null while nobody listens. A connected Socket Mode client comes first. */
  botRequestUrl: string | null;
  signingSecret: string;
  botToken: string;
  appToken: string;
  /** What Slack calls the verification token; sent in every payload, good for nothing. */
  verificationToken: string;
  teamName: string;
  teamDomain: string;
  seed: Seed;
  scopes: string[];
  slashCommands: SlashCommandHelp[];
  /** Turns `@name` and `#channel` in commands into `<@U…|name>` and `<#C…|name>`, like the manifest's switch. */
  shouldEscapeCommands: boolean;
  subscribedEvents: string[];
  /** Files live here; without it, in a directory of the system's that `close` removes. */
  dataDir: string | null;
  /** 1 is Slack's own pace, 10 allows ten times as much, 0 switches the tiers off. */
  tierMultiplier: number;
  latencyMs: number;
  ackDeadlineMs: number;
  triggerLifeMs: number;
  /** Slack's waits before the three repetitions of an event. */
  eventRetryDelaysMs: number[];
  slowAnswerMs: number;
  lateEventMs: number;
  /** How long a new share stays invisible in `files.info`. */
  fileShareLagMs: number;
  isPaidPlan: boolean;
  trafficMax: number;
  /** Sees every Web API call and every delivery, whole; for tests. */
  observeCall: (call: ApiCall) => void;
  observeDelivery: (delivery: DeliveryRecord) => void;
};

/** What the app asks for in its manifest, and no more: a call that needs another permission fails here as it would there. */
const SUBSCRIBED_EVENTS = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'channel_archive',
  'channel_deleted',
  'channel_id_changed',
  'channel_left',
  'channel_unarchive',
  'file_shared',
  'group_archive',
  'group_deleted',
  'group_left',
  'group_unarchive',
  'member_joined_channel',
  'tokens_revoked',
];

const SCOPES = [
  'app_mentions:read',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:read',
  'im:read',
  'im:write',
  'mpim:read',
  'usergroups:read',
  'users:read',
];

const CAMPAIGN_COMMAND: SlashCommandHelp = {
  command: '/campaign',
  description: 'Create, launch and watch campaigns (try "help")',
  usageHint:
    '[new | list | show | import | preview | test | rehearse | start | schedule | unschedule | pause | resume | cancel | why | calls | contact | redial | best-time | evidence | export | assistant | dnc | consent | privacy | law | rates | roles | settings | audit | help]',
};

export function resolveOptions(
  given: Partial<StandInOptions>,
): StandInOptions & { files: { dir: string; isOurs: boolean } } {
  const options: StandInOptions = {
    clock: { now: () => Date.now() },
    productClock: given.clock ?? { now: () => Date.now() },
    baseUrl: 'http://127.0.0.1',
    botRequestUrl: null,
    signingSecret: 'sandbox-signing-secret',
    botToken: 'xoxb-sandbox-bot-token',
    appToken: 'xapp-1-sandbox-app-token',
    verificationToken: 'sandbox-verification-token',
    teamName: 'Sandbox',
    teamDomain: 'sandbox',
    seed: defaultSeed(),
    scopes: SCOPES,
    slashCommands: [CAMPAIGN_COMMAND],
    shouldEscapeCommands: true,
    subscribedEvents: SUBSCRIBED_EVENTS,
    dataDir: null,
    tierMultiplier: 1,
    latencyMs: 0,
    ackDeadlineMs: 3000,
    triggerLifeMs: 3000,
    eventRetryDelaysMs: [0, 60_000, 300_000],
    slowAnswerMs: 5000,
    lateEventMs: 3000,
    fileShareLagMs: 0,
    isPaidPlan: true,
    trafficMax: 500,
    observeCall: () => undefined,
    observeDelivery: () => undefined,
    ...given,
  };
  const isOurs = options.dataDir === null;
  const dir =
    options.dataDir === null
      ? mkdtempSync(join(tmpdir(), 'stand-in-slack-'))
      : join(options.dataDir, 'slack-files');
  return { ...options, files: { dir, isOurs } };
}
