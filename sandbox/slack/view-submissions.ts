/** A person submits or closes a modal. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { failureOf, MODAL_TROUBLE, WHOLE_VIEW } from './app-failure.ts';
import { findView } from './block-actions.ts';
import { isObject } from './block-schema.ts';
import type { SlackContext } from './context.ts';
import { toFileObject } from './files.ts';
import { inputErrors } from './input-validation.ts';
import { commonFields, findPerson } from './interaction-payload.ts';
import { PersonRefusal } from './person-refusal.ts';
import { issueResponseUrl } from './response-urls.ts';
import { putView, removeView } from './store.ts';
import { applyAnswer } from './view-answers.ts';
import { completeState, statefulElements } from './view-state.ts';
import { closeStack, stackOf, toViewObject } from './views.ts';
import type { User, View } from './workspace.ts';

export async function submitView(slack: SlackContext, input: Verbs['submit-view']): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const view = topModal(slack, input.viewId, user);
  if (view.isSubmitting) throw new PersonRefusal('This form is being sent already.');
  const values = withFiles(slack, completeState(view.view, input.state, view.channelId));
  const errors = inputErrors(view.view, values);
  const isComplete = Object.keys(errors).length === 0;
  putView(slack, { ...view, errors, isSubmitting: isComplete });
  if (isComplete) await deliverSubmission(slack, user, view, values);
  return {};
}

export async function closeView(slack: SlackContext, input: Verbs['close-view']): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const view = topModal(slack, input.viewId, user);
  const isCleared = input.isCleared || view.view.clear_on_close === true;
  const closed = isCleared ? stackOf(slack, view).reverse() : [view];
  if (isCleared) closeStack(slack, view);
  else removeView(slack, view.id);
  for (const one of closed) {
    if (one.view.notify_on_close !== true) continue;
    await slack.deliver({
      kind: 'interaction',
      title: `view_closed ${String(one.view.callback_id)}`,
      payload: {
        type: 'view_closed',
        ...commonFields(slack, user),
        view: toViewObject(slack, one),
        is_cleared: isCleared,
      },
    });
  }
  return {};
}

async function deliverSubmission(
  slack: SlackContext,
  user: User,
  view: View,
  values: JsonObject,
): Promise<void> {
  const delivered = await slack.deliver({
    kind: 'interaction',
    title: `view_submission ${String(view.view.callback_id)}`,
    payload: {
      type: 'view_submission',
      ...commonFields(slack, user),
      trigger_id: slack.triggers.issue({ userId: user.id, channelId: view.channelId, viewId: view.id }),
      view: { ...toViewObject(slack, view), state: { values } },
      response_urls: responseUrls(slack, user, view, values),
    },
  });
  const current = slack.workspace.views.get(view.id);
  if (!current) return;
  const idle = { ...current, isSubmitting: false };
  const isAnswered = failureOf(delivered) === null && delivered.outcome === 'answered';
  const isUnderstood = isAnswered && applyAnswer(slack, idle, delivered.body);
  if (!isUnderstood) putView(slack, { ...idle, errors: { [WHOLE_VIEW]: MODAL_TROUBLE } });
}

function topModal(slack: SlackContext, viewId: string, user: User): View {
  const view = findView(slack, viewId, user);
  if (!('rootId' in view)) throw new PersonRefusal('The home tab cannot be sent or closed.');
  if (stackOf(slack, view).at(-1)?.id !== view.id)
    throw new PersonRefusal('Another window is open above this one.');
  return view;
}

/** Chosen files become whole file objects, and the bot's to read. */
function withFiles(slack: SlackContext, values: JsonObject): JsonObject {
  for (const block of Object.values(values)) {
    for (const state of isObject(block) ? Object.values(block) : []) {
      if (isObject(state) && state.type === 'file_input') state.files = chosenFiles(slack, state);
    }
  }
  return values;
}

function chosenFiles(slack: SlackContext, state: JsonObject): JsonObject[] {
  const chosen = Array.isArray(state.files) ? state.files.filter(isObject) : [];
  return chosen.map(({ id }) => {
    const file = slack.workspace.files.get(String(id));
    if (!file) throw new PersonRefusal('The chosen file is gone. Choose it again.');
    file.isGivenToBot = true;
    return toFileObject(slack, file);
  });
}

/** One URL per conversation menu that asks for it. */
function responseUrls(slack: SlackContext, user: User, view: View, values: JsonObject): JsonObject[] {
  return statefulElements(view.view)
    .filter(({ element }) => element.response_url_enabled === true)
    .flatMap(({ blockId, actionId }) => {
      const inBlock = values[blockId];
      const state = isObject(inBlock) && isObject(inBlock[actionId]) ? inBlock[actionId] : {};
      const channelId = state.selected_conversation ?? state.selected_channel;
      if (typeof channelId !== 'string') return [];
      const origin = { kind: 'view', userId: user.id, channelId, threadTs: null, messageTs: null } as const;
      return [
        {
          block_id: blockId,
          action_id: actionId,
          channel_id: channelId,
          response_url: issueResponseUrl(slack, origin),
        },
      ];
    });
}
