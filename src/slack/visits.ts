import type { BlockAction, MessageShortcut, SlackViewAction } from '@slack/bolt';
import { parseActionId } from './action-ids.ts';
import type { Press, PressedMessage, PressedView } from './actions/action.ts';
import { answerAt, answerInModal } from './answer.ts';
import type { Block } from './blocks/kit.ts';
import type { SlackContext, Visitor } from './context.ts';
import type { Submission } from './modals/modal.ts';
import type { FormState } from './modals/state.ts';

/**
 * Slack's payloads, read into what our handlers work with. Reading asks nobody, so that there is a way to answer the
 * person before anything can go wrong.
 */

type CommandBody = { user_id: string; channel_id: string; trigger_id: string; response_url: string };

export function readCommand(slack: SlackContext, body: CommandBody): Visitor {
  return {
    userId: body.user_id,
    channelId: body.channel_id,
    triggerId: body.trigger_id,
    answer: answerAt(body.response_url, slack.deps.log),
  };
}

export type PressFacts = Pick<Press, 'detail' | 'value' | 'at' | 'message' | 'view'>;

export function readPress(slack: SlackContext, body: BlockAction): Visitor & PressFacts {
  const [action] = body.actions;
  const message = messageOf(body);
  const threadTs = message && message.threadTs !== message.ts ? message.threadTs : null;
  const { trigger_id: triggerId, response_url: responseUrl } = body;
  const userId = body.user.id;
  const isInModal = body.view?.type === 'modal';
  const place = { triggerId, userId, isFromModal: isInModal };
  return {
    userId,
    isInModal,
    channelId: body.channel?.id ?? null,
    triggerId,
    answer: responseUrl
      ? answerAt(responseUrl, slack.deps.log, threadTs)
      : answerInModal(slack.clients.interactive, place, slack.deps.log),
    detail: parseActionId(action?.action_id ?? '')?.detail ?? null,
    value: chosenValue(action),
    at: action?.action_ts ?? '',
    message,
    view: viewOf(body),
  };
}

type FormFacts = Pick<Submission, 'viewId' | 'metadata' | 'state'>;

export function readForm(slack: SlackContext, body: SlackViewAction): Visitor & FormFacts {
  const triggerId = 'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : '';
  const { id, private_metadata, state } = body.view;
  return {
    ...inModal(slack, { user: body.user, trigger_id: triggerId }),
    viewId: id,
    metadata: readMetadata(private_metadata),
    state: (state?.values ?? {}) as FormState,
  };
}

export function readMessageShortcut(slack: SlackContext, body: MessageShortcut): Visitor {
  return {
    userId: body.user.id,
    channelId: body.channel.id,
    triggerId: body.trigger_id,
    answer: answerAt(body.response_url, slack.deps.log),
  };
}

/** Where there is no channel to answer in. */
export function inModal(slack: SlackContext, body: { user: { id: string }; trigger_id: string }): Visitor {
  const place = { triggerId: body.trigger_id, userId: body.user.id, isFromModal: false };
  return {
    userId: body.user.id,
    channelId: null,
    triggerId: body.trigger_id || null,
    answer: answerInModal(slack.clients.interactive, place, slack.deps.log),
  };
}

function chosenValue(action: BlockAction['actions'][number] | undefined): string | null {
  if (!action) return null;
  if ('value' in action && typeof action.value === 'string') return action.value;
  const chosen = 'selected_option' in action ? action.selected_option : null;
  return chosen && 'value' in chosen ? (chosen.value ?? null) : null;
}

type Container = { message_ts?: string; thread_ts?: string } | undefined;

function messageOf({ message, container, channel }: BlockAction): PressedMessage | null {
  const place = container as Container;
  const ts = message?.ts ?? place?.message_ts;
  if (!ts || !channel) return null;
  const threadTs = message?.thread_ts ?? place?.thread_ts ?? null;
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
