import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll } from 'vitest';
import { createHolidays } from '#calendar/holidays.ts';
import { startWorker } from '#jobs/worker.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import type { Clock } from '#ports/clock.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import type { StandInOptions } from '#sandbox/slack/options.ts';
import { createSlack, type Slack } from '#slack/app.ts';
import { createChat } from '#slack/chat.ts';
import { createTestDatabase } from '#support/database.ts';
import { addContacts, NOON, scriptedCarrier } from '#support/engine.ts';
import { noMeters } from '#support/meters.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  SIGNING_SECRET,
  type SlackDriver,
  startSlack,
  textOf,
} from '#support/slack.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import { recordingLog } from './log.ts';

export type StageOptions = { slack?: Partial<StandInOptions>; delivery?: 'http' | 'socket' };

/**
 * The real edge with a real database and worker, against the stand-in Slack over HTTP or a socket. Time runs as it does
 * outside, from a Tuesday noon on. Called at the top of a test file; everything is closed after its last test.
 */
export async function setStage({ slack: options = {}, delivery = 'http' }: StageOptions = {}) {
  const database = await createTestDatabase();
  const slack = await startSlack(options);
  const log = recordingLog();
  const access = { botToken: BOT_TOKEN, apiUrl: slack.apiUrl };
  const carrier = scriptedCarrier();
  const deps: Deps = {
    db: database.client.db,
    databaseUrl: database.url,
    clock: clockFrom(NOON),
    telephony: carrier,
    chat: createChat(access, log),
    log,
    randomToken: () => randomBytes(12).toString('hex'),
    defaultSender: { kind: 'number', phoneNumber: '+15005550006' },
    holidays: createHolidays(),
    meters: noMeters,
    defaultCaller: '+15005550006',
    model: null,
    webhooks: createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000 }),
  };
  const edge = createSlack(deps, {
    ...access,
    signingSecret: SIGNING_SECRET,
    appToken: delivery === 'socket' ? APP_TOKEN : undefined,
  });
  const server = createAdaptorServer({ fetch: edge.routes.fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  if (delivery === 'http')
    slack.pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  const worker = await startWorker({ deps, handleChatDelivery: edge.handleDelivery }, database.url);
  await edge.start();
  afterAll(async () => {
    await slack.close();
    await edge.stop();
    await worker.stop();
    server.closeAllConnections();
    server.close();
  });
  const { workspaceId } = await workspaceOf(deps, slack.standIn.context.workspace.team.id);
  return {
    deps,
    slack,
    edge,
    log,
    carrier,
    database,
    workspaceId,
    people: slack.people,
    channels: slack.channels,
    /** Sends a form body to the bot once more, signed as Slack signs. */
    resend: (body: string) => resend(edge, body),
    ...watching(slack),
    ...making(deps, workspaceId, slack.people.admin),
  };
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

async function workspaceOf(deps: Deps, slackTeamId: string): Promise<{ workspaceId: number }> {
  const { id } = await ensureWorkspace(deps, { slackTeamId });
  return { workspaceId: id };
}

function resend(edge: Slack, body: string): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
  return Promise.resolve(edge.routes.request('/slack/events', { method: 'POST', body, headers }));
}

function watching(slack: SlackDriver) {
  let seen = new Set<string>();
  const keyOf = (message: SlackMessage) => `${message.id} ${textOf(message)}`;
  return {
    /** From here on `told` looks only at what was said afterwards. */
    forget(userId: string) {
      seen = new Set(slack.ephemerals(userId).map(keyOf));
    },
    /** The modal a person has open, once it says these words. */
    modal: (userId: string, words: string) =>
      slack.waitFor(
        () => [slack.openView(userId)].find((view) => view && textOf(view).includes(words)),
        `a modal with “${words}”`,
      ),
    /** What was said to this person alone, once something with these words was. */
    told: (userId: string, words: string) =>
      slack.waitFor(
        () =>
          slack
            .ephemerals(userId)
            .findLast((message) => !seen.has(keyOf(message)) && textOf(message).includes(words)),
        `“${words}” for one person`,
      ),
    /** A message in a channel, once one says these words. */
    shown: (channelId: string, words: string) =>
      slack.waitFor(
        () => slack.messages(channelId).findLast((message) => textOf(message).includes(words)),
        `“${words}” in the channel`,
      ),
    /** A reply in a thread, once one says these words. */
    replied: (parent: SlackMessage, words: string) =>
      slack.waitFor(
        () => slack.thread(parent).findLast((message) => textOf(message).includes(words)),
        `“${words}” in the thread`,
      ),
  };
}

let made = 0;

function making(deps: Deps, workspaceId: number, userId: string) {
  return {
    /** A text campaign with contacts as an import leaves them. */
    async campaign(
      name: string,
      options: { phones?: string[]; template?: string | null; channelId?: string | null } = {},
    ) {
      made += 1;
      const { campaignId } = await createCampaign(deps, {
        workspaceId,
        actor: { kind: 'slack_user', userId },
        creationKey: `stage-${made}`,
        channelId: options.channelId ?? null,
        name,
        campaignType: 'sms',
        smsMessageTemplate: options.template === undefined ? 'Hello {{ name }}' : options.template,
        settings: { rateLimitPerMinute: 6000, concurrentLimit: 500 },
      });
      await addContacts(deps, campaignId, options.phones ?? []);
      return campaignId;
    },
    statusOf: async (campaignId: number) => (await showCampaign(deps, { campaignId })).status,
  };
}

function clockFrom(start: Date): Clock {
  const begun = Date.now();
  const now = () => new Date(start.getTime() + Date.now() - begun);
  return {
    now,
    realDelay: (ms) => new Date(now().getTime() + ms),
    toReal: (at) => new Date(at.getTime() - now().getTime() + Date.now()),
  };
}
