/** The stand-in Slack workspace: what the bot, the page and the tests meet. */

import { upgradeWebSocket } from '@hono/node-server';
import { Hono } from 'hono';
import type { WebSocket } from 'ws';
import type { FeedMessage, SlashCommandHelp, Tables } from '#sandbox/page-protocol.ts';
import { changeChannelId, deleteChannel, setGroupMembers } from './channel-changes.ts';
import type { SlackContext } from './context.ts';
import { createDeliver } from './delivery.ts';
import { createEventQueue } from './event-queue.ts';
import { faultRows } from './fault-switches.ts';
import { createFaults } from './faults.ts';
import { createFeed, toChannelRow, toHomeRow, toMessageRow, toUserRow, toViewRow } from './feed.ts';
import { fileRoutes } from './file-routes.ts';
import { createFileStore } from './file-store.ts';
import { destroyFile } from './methods-files.ts';
import { resolveOptions, type StandInOptions } from './options.ts';
import { loadWorkspace, type SavedWorkspace, saveWorkspace } from './persistence.ts';
import { responseUrlRoutes } from './response-urls.ts';
import { BOT_USER_ID, TEAM_ID } from './seed.ts';
import { createSockets, type RefreshReason } from './socket-mode.ts';
import { createTiers } from './tiers.ts';
import { createTrafficLog } from './traffic.ts';
import { createTriggers } from './triggers.ts';
import { uiRoutes } from './ui-routes.ts';
import { createUploads } from './uploads.ts';
import { verifyRequestUrl } from './url-verification.ts';
import { createVerbs, type SlackVerbs } from './verbs.ts';
import { webApiRoutes } from './web-api.ts';
import { createWorkspace } from './workspace.ts';

const APP = { id: 'A00RINGMASTER', botId: 'B00RINGMASTER', botUserId: BOT_USER_ID };

export type SlackTableName = 'users' | 'channels' | 'messages' | 'views' | 'homes' | 'traffic' | 'faults';
export type SlackSnapshot = { [K in SlackTableName]: Tables[K][] };

export type SlackStandIn = {
  /** `/api/…`, uploads, downloads, `response_url`, `/link` (Socket Mode), `/ui/…`; to be mounted at the root. */
  routes: Hono;
  /** For a server that upgrades sockets itself; `/link` in `routes` does the same. */
  connectSocket(socket: WebSocket): void;
  snapshot(): SlackSnapshot;
  subscribe(listener: (message: FeedMessage) => void): () => void;
  verbs: SlackVerbs;
  slashCommands: SlashCommandHelp[];
  botUserId: string;
  save(): SavedWorkspace;
  load(saved: SavedWorkspace): void;
  setBaseUrl(url: string): void;
  setBotRequestUrl(url: string | null): void;
  /** 1 is Slack's own pace, 0 switches the tiers off. */
  setTierMultiplier(multiplier: number): void;
  refreshSockets(reason: RefreshReason): void;
  /** The same channel under a new id, as when Slack converts one. */
  changeChannelId(channelId: string): string;
  deleteChannel(channelId: string): void;
  setGroupMembers(groupId: string, userIds: readonly string[]): void;
  deleteFile(fileId: string): Promise<void>;
  /** Slack's handshake before it sends events to a new address: true when the challenge came back. */
  verifyRequestUrl(): Promise<boolean>;
  /** Resolves when no event is being delivered. */
  settled(): Promise<void>;
  close(): Promise<void>;
  /** The inside, for the test driver. */
  context: SlackContext;
};

export function createSlackStandIn(given: Partial<StandInOptions> = {}): SlackStandIn {
  const options = resolveOptions(given);
  const closing = new AbortController();
  const slack = createContext(options, options.files.dir, closing.signal);
  const verbs = createVerbs(slack);
  return {
    routes: routesOf(slack, verbs),
    connectSocket: (socket) => slack.sockets.connect(socket),
    snapshot: () => snapshotOf(slack),
    subscribe: (listener) => slack.feed.subscribe(listener),
    verbs,
    slashCommands: options.slashCommands,
    botUserId: BOT_USER_ID,
    save: () => saveWorkspace(slack.workspace),
    load: (saved) => loadWorkspace(slack.workspace, saved),
    setBaseUrl(url) {
      options.baseUrl = url;
    },
    setBotRequestUrl(url) {
      options.botRequestUrl = url;
    },
    setTierMultiplier: (multiplier) => slack.tiers.setMultiplier(multiplier),
    refreshSockets: (reason) => slack.sockets.refresh(reason),
    changeChannelId: (channelId) => changeChannelId(slack, channelId),
    deleteChannel: (channelId) => deleteChannel(slack, channelId),
    setGroupMembers: (groupId, userIds) => setGroupMembers(slack, groupId, userIds),
    async deleteFile(fileId) {
      const file = slack.workspace.files.get(fileId);
      if (file) await destroyFile(slack, file);
    },
    verifyRequestUrl: () => verifyRequestUrl(slack),
    settled: () => slack.events.settled(),
    async close() {
      closing.abort();
      slack.events.close();
      await slack.sockets.close();
      await slack.events.settled();
      if (options.files.isOurs) await slack.files.removeAll();
    },
    context: slack,
  };
}

function createContext(options: StandInOptions, fileDir: string, closing: AbortSignal): SlackContext {
  const team = { id: TEAM_ID, name: options.teamName, domain: options.teamDomain };
  const workspace = createWorkspace(options.seed, team, APP);
  const feed = createFeed();
  const faults = createFaults(feed);
  const traffic = createTrafficLog(feed, options.productClock, options.trafficMax);
  const sockets = createSockets(options, APP.id);
  const deliver = createDeliver({ options, traffic, sockets, closing });
  return {
    options,
    workspace,
    feed,
    faults,
    traffic,
    sockets,
    deliver,
    tiers: createTiers(options.tierMultiplier),
    triggers: createTriggers(options.clock, options.triggerLifeMs),
    files: createFileStore(fileDir),
    uploads: createUploads(),
    events: createEventQueue({ options, workspace, faults, deliver }),
  };
}

function routesOf(slack: SlackContext, verbs: SlackVerbs): Hono {
  const app = new Hono();
  app.route('/', webApiRoutes(slack));
  app.route('/', fileRoutes(slack));
  app.route('/', responseUrlRoutes(slack));
  app.route('/', uiRoutes(slack, verbs));
  app.get(
    '/link/',
    async (c, next) => {
      if (slack.sockets.takeTicket(c.req.query('ticket') ?? '')) return await next();
      return c.text('invalid ticket', 403);
    },
    upgradeWebSocket(() => ({
      onOpen: (_event, socket) => slack.sockets.connect(socket.raw as WebSocket),
    })),
  );
  return app;
}

function snapshotOf(slack: SlackContext): SlackSnapshot {
  const { workspace, traffic } = slack;
  return {
    users: [...workspace.users.values()].map(toUserRow),
    channels: [...workspace.channels.values()].map(toChannelRow),
    messages: [...workspace.messages.values()].map((message) => toMessageRow(workspace, message)),
    views: [...workspace.views.values()].map(toViewRow),
    homes: [...workspace.homes.values()].map(toHomeRow),
    traffic: traffic.rows(),
    faults: faultRows(slack),
  };
}
