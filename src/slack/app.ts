import { App, type Receiver } from '@slack/bolt';
import { Hono } from 'hono';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { recordDelivery } from '#operations/record-delivery.ts';
import type { HandleChatDelivery } from '#ports/chat.ts';
import { createClients, type SlackAccess, type SlackClients } from './clients.ts';
import type { SlackContext } from './context.ts';
import { listenToEvents } from './events/index.ts';
import { readIdentity } from './identity.ts';
import { createIntake, type Intake, type SlackBody } from './intake.ts';
import { listenToPeople } from './listeners.ts';
import { slackLogger } from './logger.ts';
import { HttpReceiver } from './receiver.ts';
import { storedAs } from './routing.ts';
import { SocketReceiver } from './socket-receiver.ts';

/** With an app token requests come over a socket, else over HTTP. */
export type SlackConfig = SlackAccess & { signingSecret: string; appToken?: string | undefined };

/** The whole Slack edge but for the chat port (`createChat`), which verbs need before it exists. */
export type Slack = {
  /** `POST /slack/events`, to be mounted at the root; empty when requests come over a socket. */
  routes: Hono;
  /** Works on what was stored before Slack was answered; throws when it should be tried again. */
  handleDelivery: HandleChatDelivery;
  start(): Promise<void>;
  /** Takes nothing new over the socket, and resolves when everything under way is done. */
  stop(): Promise<void>;
};

/** Builds the edge; nothing connects before `start`. */
export function createSlack(deps: Deps, config: SlackConfig): Slack {
  const { log } = deps;
  const slack = createContext(deps, createClients(config, log));
  const intake = createIntake({
    log,
    storedAs,
    store: ({ key, kind, payload }) => recordDelivery(deps, { deliveryKey: key, kind, payload }),
  });
  const { receiver, routes } = openDoor(config, intake, deps);
  const app = createApp(receiver, slack, config);
  return {
    routes,
    handleDelivery: ({ payload }) =>
      app.processEvent({ body: payload as SlackBody, ack: async () => undefined }),
    async start() {
      await receiver.start();
      await slack
        .home()
        .catch((error: unknown) => log.warn({ err: error }, 'Slack could not be reached yet'));
    },
    async stop() {
      await receiver.stop();
    },
  };
}

function openDoor(config: SlackConfig, intake: Intake, { log }: Deps): { receiver: Receiver; routes: Hono } {
  const { appToken, apiUrl, signingSecret } = config;
  if (appToken)
    return { receiver: new SocketReceiver({ intake, appToken, apiUrl, log }), routes: new Hono() };
  const receiver = new HttpReceiver({ intake, signingSecret, log });
  return { receiver, routes: receiver.routes };
}

function createApp(receiver: Receiver, slack: SlackContext, config: SlackConfig): App {
  const app = new App({
    receiver,
    logger: slackLogger(slack.deps.log),
    convoStore: false,
    authorize: async () => {
      const { identity } = await slack.home();
      const { teamId, botUserId, botId } = identity;
      return { botToken: config.botToken, teamId, botUserId, ...(botId ? { botId } : {}) };
    },
  });
  // Without this Bolt swallows what listeners throw, and a job would take its delivery for handled.
  app.error(async (error) => {
    throw error;
  });
  listenToEvents(app, slack);
  listenToPeople(app, slack);
  return app;
}

function createContext(deps: Deps, clients: SlackClients): SlackContext {
  let known: ReturnType<SlackContext['home']> | null = null;
  const forgetHome = () => {
    known = null;
  };
  const look = async () => {
    const identity = await readIdentity(clients.interactive);
    const { teamId, teamName, botUserId } = identity;
    const { id } = await ensureWorkspace(deps, { slackTeamId: teamId, name: teamName, botUserId });
    return { workspaceId: id, identity };
  };
  const home: SlackContext['home'] = () => {
    known ??= look().catch((error: unknown) => {
      forgetHome();
      throw error;
    });
    return known;
  };
  return { deps, clients, home, forgetHome };
}
