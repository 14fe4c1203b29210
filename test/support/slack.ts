/** Drives the stand-in Slack as people do, for tests; what the bot did is recorded with its time. */

import type { JsonObject, SlackFile, SlackHome, SlackMessage, SlackView } from '#sandbox/page-protocol.ts';
import type { ApiCall } from '#sandbox/slack/api-call.ts';
import type { DeliveryRecord } from '#sandbox/slack/delivery.ts';
import { switchFault } from '#sandbox/slack/fault-switches.ts';
import type { FaultId } from '#sandbox/slack/faults.ts';
import { toMessageRow, toViewRow } from '#sandbox/slack/feed.ts';
import type { StandInOptions } from '#sandbox/slack/options.ts';
import { type DroppedFile, draftFile, dropFile } from '#sandbox/slack/people-actions.ts';
import { CHANNELS, PEOPLE } from '#sandbox/slack/seed.ts';
import { type StartedSlackStandIn, startSlackStandIn } from '#sandbox/slack/server.ts';
import type { VerbAnswer } from '#sandbox/slack/verbs.ts';
import {
  type Answer,
  type Answers,
  chooseAction,
  findAction,
  readable,
  stateFor,
} from '#support/slack-forms.ts';

export const BOT_TOKEN = 'xoxb-test-bot-token';
export const APP_TOKEN = 'xapp-1-test-app-token';
export const SIGNING_SECRET = 'test-signing-secret';

/** A channel or a place in one: replies go to `threadTs`. */
type FileExtras = Pick<DroppedFile, 'threadTs' | 'comment' | 'mode' | 'externalUrl'>;
type FaultAim = { count?: number; methods?: readonly string[] };
type Wait = { timeoutMs?: number };

/** As long as a machine may take that is busy with something else; nothing waits that long unless it is broken. */
const PATIENCE_MS = 60_000;

export type SlackDriver = Awaited<ReturnType<typeof startSlack>>;

/**
 * Options are the stand-in's own; the default is quick retries, no tiers, and more than three seconds for answers, because a
 * busy machine may need them. Tests that want Slack's own say so.
 */
export async function startSlack(options: Partial<StandInOptions> = {}) {
  const calls: ApiCall[] = [];
  const deliveries: DeliveryRecord[] = [];
  const standIn = await startSlackStandIn({
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    tierMultiplier: 0,
    ackDeadlineMs: 20_000,
    triggerLifeMs: 20_000,
    eventRetryDelaysMs: [0, 50, 100],
    lateEventMs: 100,
    ...options,
    observeCall: (call) => calls.push(call),
    observeDelivery: (delivery) => deliveries.push(delivery),
  });
  return {
    standIn,
    url: standIn.url,
    /** For `SLACK_API_URL` or WebClient's `slackApiUrl`. */
    apiUrl: `${standIn.url}/api/`,
    people: PEOPLE,
    channels: CHANNELS,
    /** Every Web API call and use of a response_url, oldest first; `status` 0 where the answer was lost. */
    calls,
    callsTo: (method: string) => calls.filter((call) => call.method === method),
    /** Every event, command and interaction sent to the bot, with what came back. */
    deliveries,
    deliveriesOf: (type: string) => deliveries.filter((delivery) => deliveryType(delivery) === type),
    pointAt: (botRequestUrl: string | null) => standIn.setBotRequestUrl(botRequestUrl),
    ...inChannels(standIn),
    ...inViews(standIn),
    ...failures(standIn),
    waitFor: <T>(find: () => T | null | undefined | false, what: string, wait?: Wait) =>
      waitFor(standIn, find, what, wait),
    settled: () => standIn.settled(),
    close: () => standIn.close(),
  };
}

/** Everything a person reads in a message or view: its text and the texts of its blocks. */
export function textOf(shown: SlackMessage | SlackView | SlackHome): string {
  return 'view' in shown
    ? readable(shown.view)
    : [shown.text, readable(shown.blocks)].filter(Boolean).join('\n');
}

function inChannels(standIn: StartedSlackStandIn) {
  const { workspace } = standIn.context;
  const all = () => [...workspace.messages.values()].map((message) => toMessageRow(workspace, message));
  const messages = (channelId: string) =>
    all().filter((message) => message.channelId === channelId && !message.threadTs && !message.ephemeralFor);
  return {
    say: async (userId: string, channelId: string, text: string, extras: { threadTs?: string } = {}) => {
      const { ts } = expectOk(
        await standIn.verbs['post-message']({ userId, channelId, text, threadTs: extras.threadTs ?? null }),
      );
      return one(all(), channelId, String(ts));
    },
    dropFile: async (
      userId: string,
      channelId: string,
      name: string,
      bytes: Uint8Array | string,
      extras: FileExtras = {},
    ) => {
      const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const { message } = await dropFile(standIn.context, {
        userId,
        channelId,
        name,
        bytes: content,
        ...extras,
      });
      return one(all(), channelId, message.ts);
    },
    slash: async (userId: string, channelId: string, text: string) =>
      expectOk(await standIn.verbs['run-slash-command']({ userId, channelId, text })),
    /** Presses a button, or picks the entry of a menu, by action_id or by its words. */
    click: async (
      message: SlackMessage,
      wanted: string,
      userId: string = PEOPLE.admin,
      state: JsonObject = {},
    ) =>
      expectOk(
        await standIn.verbs['act-in-message']({
          userId,
          channelId: message.channelId,
          ts: message.ts,
          action: findAction(current(standIn, message).blocks, wanted),
          state,
        }),
      ),
    runMessageShortcut: async (message: SlackMessage, callbackId: string, userId: string = PEOPLE.admin) =>
      expectOk(
        await standIn.verbs['run-message-shortcut']({
          userId,
          channelId: message.channelId,
          ts: message.ts,
          callbackId,
        }),
      ),
    runShortcut: async (callbackId: string, userId: string = PEOPLE.admin) =>
      expectOk(await standIn.verbs['run-shortcut']({ userId, callbackId })),
    /** What stands in the channel itself, oldest first; replies are in their threads. */
    messages,
    thread: (message: SlackMessage) =>
      all().filter(
        ({ channelId, threadTs, ephemeralFor }) =>
          channelId === message.channelId && threadTs === message.ts && !ephemeralFor,
      ),
    ephemerals: (userId: string) => all().filter((message) => message.ephemeralFor === userId),
    /** The message as it stands now; throws when it is gone. */
    current: (message: SlackMessage) => current(standIn, message),
    directMessage: (userId: string) =>
      [...workspace.channels.values()].find((channel) => channel.imUserId === userId)?.id ?? '',
  };
}

function inViews(standIn: StartedSlackStandIn) {
  const { workspace } = standIn.context;
  const states = new Map<string, JsonObject>();
  const stateOf = (view: SlackView | SlackHome) => states.get(view.id) ?? {};
  const openView = (userId: string): SlackView | undefined => {
    const mine = [...workspace.views.values()].filter((view) => view.userId === userId);
    const top = mine.sort((a, b) => a.depth - b.depth).at(-1);
    return top && toViewRow(top);
  };
  const fill = (view: SlackView, answers: Answers) => {
    const now = workspace.views.get(view.id)?.view ?? view.view;
    const added = stateFor((now.blocks ?? []) as JsonObject[], answers);
    const old = stateOf(view);
    const merged = Object.fromEntries(
      Object.keys({ ...old, ...added }).map((id) => [
        id,
        { ...(old[id] as JsonObject), ...(added[id] as JsonObject) },
      ]),
    );
    states.set(view.id, merged);
  };
  return {
    /** The modal on top of what this person has open. */
    openView,
    /** Types and chooses without sending; keyed by label, block_id or action_id. */
    fill,
    submit: async (view: SlackView, answers: Answers = {}) => {
      fill(view, answers);
      expectOk(
        await standIn.verbs['submit-view']({ userId: view.userId, viewId: view.id, state: stateOf(view) }),
      );
      return openView(view.userId);
    },
    clickInView: async (view: SlackView | SlackHome, wanted: string) =>
      expectOk(
        await standIn.verbs['act-in-view']({
          userId: view.userId,
          viewId: view.id,
          action: findAction(currentBlocks(standIn, view), wanted),
          state: stateOf(view),
        }),
      ),
    /** Chooses in a menu, picker or dispatching input and tells the bot at once. */
    choose: async (view: SlackView | SlackHome, wanted: string, answer: Answer) => {
      const blocks = currentBlocks(standIn, view);
      if ('rootId' in view) fill(view, { [wanted]: answer });
      expectOk(
        await standIn.verbs['act-in-view']({
          userId: view.userId,
          viewId: view.id,
          action: chooseAction(blocks, wanted, answer),
          state: stateOf(view),
        }),
      );
    },
    /** Offers of an external menu for what was typed. */
    suggestions: async (view: SlackView, blockId: string, actionId: string, value: string) =>
      expectOk(
        await standIn.verbs['suggest-options']({
          userId: view.userId,
          viewId: view.id,
          channelId: null,
          ts: null,
          blockId,
          actionId,
          value,
        }),
      ),
    closeView: async (view: SlackView, isCleared = false) =>
      expectOk(await standIn.verbs['close-view']({ userId: view.userId, viewId: view.id, isCleared })),
    /** A file for a modal's file_input; hand the result to `fill`. */
    chooseFile: async (userId: string, name: string, bytes: Uint8Array | string) => {
      const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const { file } = await draftFile(standIn.context, { userId, name, bytes: content });
      return file as unknown as SlackFile & JsonObject;
    },
    openHome: async (userId: string) => expectOk(await standIn.verbs['open-home']({ userId })),
    home: (userId: string): SlackHome | undefined => workspace.homes.get(userId),
  };
}

function failures(standIn: StartedSlackStandIn) {
  const turn = (id: FaultId, isOn: boolean, { count, methods }: FaultAim = {}) =>
    switchFault(standIn.context, { id, isOn, count: count ?? null }, methods);
  return {
    /** Until switched off, or `count` times; `methods` narrows it to those Web API methods. */
    switchOn: (id: FaultId, aim?: FaultAim) => turn(id, true, aim),
    switchOff: (id: FaultId) => turn(id, false),
    archive: async (channelId: string, isArchived = true) =>
      expectOk(await standIn.verbs['archive-channel']({ channelId, isArchived })),
    removeBot: async (channelId: string) =>
      expectOk(await standIn.verbs['set-bot-membership']({ channelId, isMember: false })),
    inviteBot: async (channelId: string) =>
      expectOk(await standIn.verbs['set-bot-membership']({ channelId, isMember: true })),
    deleteMessage: async ({ channelId, ts }: SlackMessage) =>
      expectOk(await standIn.verbs['delete-message']({ channelId, ts })),
    changeChannelId: (channelId: string) => standIn.changeChannelId(channelId),
    deleteChannel: (channelId: string) => standIn.deleteChannel(channelId),
    setGroupMembers: (groupId: string, userIds: readonly string[]) =>
      standIn.setGroupMembers(groupId, userIds),
    /** As if its owner deleted it in Slack. */
    deleteFile: (fileId: string) => standIn.deleteFile(fileId),
    refreshSockets: () => standIn.refreshSockets('refresh_requested'),
  };
}

/** Looks again at every change and every few milliseconds; the error tells what the workspace looked like. */
async function waitFor<T>(
  standIn: StartedSlackStandIn,
  find: () => T | null | undefined | false,
  what: string,
  { timeoutMs = PATIENCE_MS }: Wait = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > deadline)
      throw new Error(`Waited ${timeoutMs} ms for ${what}. Slack shows:\n${describe(standIn)}`);
    await nextChange(standIn);
  }
}

function nextChange(standIn: StartedSlackStandIn): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, 20);
    const unsubscribe = standIn.subscribe(() => queueMicrotask(done));
  });
}

function describe(standIn: StartedSlackStandIn): string {
  const { messages, views } = standIn.snapshot();
  const lines = messages.slice(-12).map((message) => {
    const kind = message.ephemeralFor ? 'only to one' : message.threadTs ? 'in a thread' : 'in the channel';
    return `- ${message.channelId} ${message.userId} (${kind}): ${textOf(message).replaceAll('\n', ' / ').slice(0, 300)}`;
  });
  return [
    ...lines,
    ...views.map((view) => `- open window: ${textOf(view).replaceAll('\n', ' / ').slice(0, 300)}`),
  ].join('\n');
}

function current(standIn: StartedSlackStandIn, message: SlackMessage): SlackMessage {
  const { workspace } = standIn.context;
  const found = workspace.messages.get(message.id);
  if (!found) throw new Error('That message is gone.');
  return toMessageRow(workspace, found);
}

function currentBlocks(standIn: StartedSlackStandIn, view: SlackView | SlackHome): JsonObject[] {
  const { workspace } = standIn.context;
  const now = workspace.views.get(view.id) ?? workspace.homes.get(view.userId) ?? view;
  return (now.view.blocks ?? []) as JsonObject[];
}

function one(messages: SlackMessage[], channelId: string, ts: string): SlackMessage {
  const found = messages.find((message) => message.channelId === channelId && message.ts === ts);
  if (!found) throw new Error('The message was not posted.');
  return found;
}

/** `block_actions`, `view_submission`, `command`, or the event's type. */
function deliveryType({ kind, payload }: DeliveryRecord): string {
  if (kind === 'command') return 'command';
  if (kind === 'interaction') return String(payload.type);
  return String((payload.event as JsonObject).type);
}

function expectOk(answer: VerbAnswer): JsonObject {
  if (!answer.ok) throw new Error(String(answer.error));
  return answer as JsonObject;
}
