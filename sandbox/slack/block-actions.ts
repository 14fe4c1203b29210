/** A person uses a button, menu or picker in a message, a modal or the home tab. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { failureOf, MODAL_TROUBLE, WHOLE_VIEW } from './app-failure.ts';
import type { SlackContext } from './context.ts';
import {
  actionTs,
  channelOf,
  commonFields,
  findPerson,
  messageFields,
  messageFor,
} from './interaction-payload.ts';
import { PersonRefusal } from './person-refusal.ts';
import { issueResponseUrl } from './response-urls.ts';
import { tell } from './slash-commands.ts';
import { putView } from './store.ts';
import { completeState, findElement } from './view-state.ts';
import { toViewObject } from './views.ts';
import type { Home, User, View } from './workspace.ts';

export async function actInMessage(slack: SlackContext, input: Verbs['act-in-message']): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const channel = channelOf(slack, input.channelId, user);
  const message = messageFor(slack, channel.id, input.ts, user);
  const action = completeAction(slack, message.blocks, input.action);
  const delivered = await slack.deliver({
    kind: 'interaction',
    title: `block_actions ${String(action.action_id)}`,
    payload: {
      type: 'block_actions',
      ...commonFields(slack, user),
      ...messageFields(slack, channel, message),
      trigger_id: slack.triggers.issue({ userId: user.id, channelId: channel.id, viewId: null }),
      response_url: issueResponseUrl(slack, {
        kind: 'message',
        userId: user.id,
        channelId: channel.id,
        threadTs: message.threadTs,
        messageTs: message.ts,
      }),
      state: { values: completeState({ blocks: message.blocks }, input.state, channel.id) },
      actions: [action],
    },
  });
  const failure = failureOf(delivered);
  if (failure !== null)
    tell(
      slack,
      user,
      channel,
      `That did not work: the app failed with the error "${failure}"`,
      message.threadTs,
    );
  return {};
}

export async function actInView(slack: SlackContext, input: Verbs['act-in-view']): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const view = findView(slack, input.viewId, user);
  const isModal = 'rootId' in view;
  const action = completeAction(slack, (view.view.blocks ?? []) as JsonObject[], input.action);
  const delivered = await slack.deliver({
    kind: 'interaction',
    title: `block_actions ${String(action.action_id)}`,
    payload: {
      type: 'block_actions',
      ...commonFields(slack, user),
      container: { type: 'view', view_id: view.id },
      trigger_id: slack.triggers.issue({
        userId: user.id,
        channelId: isModal ? view.channelId : null,
        viewId: isModal ? view.id : null,
      }),
      view: toViewObject(slack, view, input.state),
      actions: [action],
    },
  });
  const failure = failureOf(delivered);
  if (failure === null) return {};
  const current = slack.workspace.views.get(view.id);
  if (!current) throw new PersonRefusal(`That did not work: the app failed with the error "${failure}".`);
  putView(slack, { ...current, errors: { ...current.errors, [WHOLE_VIEW]: MODAL_TROUBLE } });
  return {};
}

/** The person's own open modal or home tab. */
export function findView({ workspace }: SlackContext, viewId: string, user: User): View | Home {
  const found =
    workspace.views.get(viewId) ?? [...workspace.homes.values()].find((home) => home.id === viewId);
  if (!found || found.userId !== user.id) throw new PersonRefusal('That window is no longer open.');
  return found;
}

/** What the page says was done, together with what the element itself says. */
function completeAction(slack: SlackContext, blocks: readonly JsonObject[], given: JsonObject): JsonObject {
  const element = findElement(blocks, given.block_id, given.action_id);
  if (!element) throw new PersonRefusal('That button is no longer there.');
  const { type, action_id, text, value, style } = element;
  return {
    type: type ?? null,
    action_id: action_id ?? null,
    ...(text !== undefined && { text }),
    ...(value !== undefined && { value }),
    ...(style !== undefined && { style }),
    ...given,
    action_ts: actionTs(slack),
  };
}
