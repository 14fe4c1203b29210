/** Modals and home tabs: stacks of at most three, hashes against races (slack.md §2.2, §2.4). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import { checkView, isViewTooLarge, toSlackMessage } from './block-check.ts';
import type { SlackContext } from './context.ts';
import { newId, newSecret } from './ids.ts';
import { withIds } from './message-content.ts';
import { putHome, putView, removeView } from './store.ts';
import { completeState } from './view-state.ts';
import type { Home, View } from './workspace.ts';

const STACK_MAX = 3;

/** The view as the app gave it, checked and completed; throws what `views.*` answers for a bad one. */
export function readView(given: unknown, type: 'modal' | 'home'): JsonObject {
  if (isViewTooLarge(given)) throw new ApiRefusal('view_too_large');
  const problems = checkView(given, type);
  if (problems.length > 0) {
    throw new ApiRefusal('invalid_arguments', {
      response_metadata: { messages: problems.map(toSlackMessage) },
    });
  }
  const view = given as JsonObject;
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    ...(type === 'modal' && { submit: null, close: null, clear_on_close: false, notify_on_close: false }),
    ...view,
    blocks: withIds((view.blocks ?? []) as JsonObject[]),
  };
}

export function openView(
  slack: SlackContext,
  userId: string,
  channelId: string | null,
  view: JsonObject,
): View {
  externalIdFree(slack, view, null);
  const id = newId('V');
  const opened = assemble(slack, { id, rootId: id, depth: 0, userId, channelId, previousViewId: null }, view);
  putView(slack, opened);
  return opened;
}

export function pushView(slack: SlackContext, below: View, view: JsonObject): View {
  const stack = stackOf(slack, below);
  if (stack.length >= STACK_MAX) throw new ApiRefusal('push_limit_reached');
  externalIdFree(slack, view, null);
  const top = stack.at(-1) ?? below;
  const { rootId, userId, channelId } = below;
  const pushed = assemble(
    slack,
    { id: newId('V'), rootId, userId, channelId, depth: top.depth + 1, previousViewId: top.id },
    view,
  );
  putView(slack, pushed);
  return pushed;
}

/** The view keeps its id and its place in the stack; the hash changes. */
export function replaceView(slack: SlackContext, old: View, view: JsonObject): View {
  externalIdFree(slack, view, old.id);
  const replaced = assemble(slack, old, view);
  putView(slack, replaced);
  return replaced;
}

export function publishHome(slack: SlackContext, userId: string, view: JsonObject): Home {
  const id = slack.workspace.homes.get(userId)?.id ?? newId('V');
  const home: Home = { id, userId, view, hash: newHash(slack) };
  putHome(slack, home);
  return home;
}

export function mustMatchHash(given: string | null, current: string): void {
  if (given !== null && given !== current) throw new ApiRefusal('hash_conflict');
}

/** From the bottom up. */
export function stackOf({ workspace }: SlackContext, view: View): View[] {
  return [...workspace.views.values()]
    .filter((other) => other.rootId === view.rootId)
    .sort((one, other) => one.depth - other.depth);
}

export function closeStack(slack: SlackContext, view: View): void {
  for (const open of stackOf(slack, view)) removeView(slack, open.id);
}

/** The view as payloads and answers show it. */
export function toViewObject(slack: SlackContext, view: View | Home, state: JsonObject = {}): JsonObject {
  const { team, app } = slack.workspace;
  const isModal = 'rootId' in view;
  return {
    id: view.id,
    team_id: team.id,
    type: isModal ? 'modal' : 'home',
    ...view.view,
    state: { values: completeState(view.view, state, isModal ? view.channelId : null) },
    hash: view.hash,
    ...(!isModal && {
      title: { type: 'plain_text', text: 'View Title', emoji: true },
      close: null,
      submit: null,
    }),
    ...(!isModal && { clear_on_close: false, notify_on_close: false }),
    root_view_id: isModal ? view.rootId : view.id,
    previous_view_id: isModal ? view.previousViewId : null,
    app_id: app.id,
    bot_id: app.botId,
    app_installed_team_id: team.id,
  };
}

type Position = Pick<View, 'id' | 'rootId' | 'depth' | 'userId' | 'channelId' | 'previousViewId'>;

function assemble(slack: SlackContext, position: Position, view: JsonObject): View {
  const { id, rootId, depth, userId, channelId, previousViewId } = position;
  return {
    id,
    rootId,
    depth,
    userId,
    channelId,
    previousViewId,
    hash: newHash(slack),
    view,
    externalId: typeof view.external_id === 'string' && view.external_id !== '' ? view.external_id : null,
    errors: {},
    isSubmitting: false,
  };
}

function newHash({ options }: SlackContext): string {
  return `${Math.floor(options.clock.now() / 1000)}.${newSecret(4)}`;
}

function externalIdFree({ workspace }: SlackContext, view: JsonObject, exceptId: string | null): void {
  if (!view.external_id) return;
  const isTaken = [...workspace.views.values()].some(
    (other) => other.externalId === view.external_id && other.id !== exceptId,
  );
  if (isTaken) throw new ApiRefusal('duplicate_external_id');
}
