import type { BlockAction, MessageShortcut, SlackViewAction } from '@slack/bolt';
import { parseActionId } from './action-ids.ts';
import type { Press, PressedMessage, PressedView } from './actions/action.ts';
import { answerAt, answerInModal } from './answer.ts';
import type { Block } from './blocks/kit.ts';
import { type Entry, enter, type SlackContext } from './context.ts';
import type { Submission } from './modals/modal.ts';
import type { FormState } from './modals/state.ts';

/** Slack's payloads, read into what our handlers work with. */

type CommandBody = { user_id: string; channel_id: string; trigger_id: string; response_url: string };

export function visitByCommand(slack: SlackContext, body: CommandBody): Promise<Entry> {
  return enter(slack, {
    userId: body.user_id,
    channelId: body.channel_id,
    triggerId: body.trigger_id,
    answer: answerAt(body.response_url, slack.deps.log),
  });
}

export async function visitByPress(slack: SlackContext, body: BlockAction): Promise<Press> {
  const [action] = body.actions;
  const message = messageOf(body);
  const threadTs = message && message.threadTs !== message.ts ? message.threadTs : null;
  const place = {
    triggerId: body.trigger_id,
    userId: body.user.id,
    isFromModal: body.view?.type === 'modal',
  };
  const answer = body.response_url
    ? answerAt(body.response_url, slack.deps.log, threadTs)
    : answerInModal(slack.clients.interactive, place, slack.deps.log);
  const channelId = body.channel?.id ?? null;
  const entry = await enter(slack, { userId: body.user.id, channelId, triggerId: body.trigger_id, answer });
  return {
    ...entry,
    detail: parseActionId(action?.action_id ?? '')?.detail ?? null,
    value: chosenValue(action),
    at: action?.action_ts ?? '',
    message,
    view: viewOf(body),
  };
}

export async function visitByView(slack: SlackContext, body: SlackViewAction): Promise<Submission> {
  const triggerId = 'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : '';
  const place = { triggerId, userId: body.user.id, isFromModal: false };
  const answer = answerInModal(slack.clients.interactive, place, slack.deps.log);
  const entry = await enter(slack, {
    userId: body.user.id,
    channelId: null,
    triggerId: triggerId || null,
    answer,
  });
  const { id, private_metadata, state } = body.view;
  return {
    ...entry,
    viewId: id,
    metadata: readMetadata(private_metadata),
    state: (state?.values ?? {}) as FormState,
  };
}

export function visitByShortcut(slack: SlackContext, body: MessageShortcut): Promise<Entry> {
  return enter(slack, {
    userId: body.user.id,
    channelId: body.channel.id,
    triggerId: body.trigger_id,
    answer: answerAt(body.response_url, slack.deps.log),
  });
}

type GlobalShortcutBody = { user: { id: string }; trigger_id: string };

export function visitByGlobalShortcut(slack: SlackContext, body: GlobalShortcutBody): Promise<Entry> {
  const place = { triggerId: body.trigger_id, userId: body.user.id, isFromModal: false };
  return enter(slack, {
    userId: body.user.id,
    channelId: null,
    triggerId: body.trigger_id,
    answer: answerInModal(slack.clients.interactive, place, slack.deps.log),
  });
}

function chosenValue(action: BlockAction['actions'][number] | undefined): string | null {
  if (!action) return null;
  if ('value' in action && typeof action.value === 'string') return action.value;
  const chosen = 'selected_option' in action ? action.selected_option : null;
  return chosen && 'value' in chosen ? (chosen.value ?? null) : null;
}

function messageOf({ message, container, channel }: BlockAction): PressedMessage | null {
  const ts = message?.ts ?? (container as { message_ts?: string }).message_ts;
  if (!ts || !channel) return null;
  const threadTs = message?.thread_ts ?? (container as { thread_ts?: string }).thread_ts ?? null;
  const blocks = Array.isArray(message?.blocks) ? (message.blocks as Block[]) : null;
  return { channelId: channel.id, ts, threadTs, blocks };
}

function viewOf({ view }: BlockAction): PressedView | null {
  if (!view) return null;
  return {
    id: view.id,
    hash: view.hash,
    name: view.callback_id,
    metadata: readMetadata(view.private_metadata),
    state: (view.state?.values ?? {}) as FormState,
  };
}

function readMetadata(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
