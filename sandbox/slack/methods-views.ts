import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, invalidArguments, optionalText, parsed, requiredText } from './api-call.ts';
import type { ApiMethods } from './api-method.ts';
import { checkRollout } from './block-check.ts';
import type { SlackContext } from './context.ts';
import { blockRefusal } from './message-content.ts';
import {
  mustMatchHash,
  openView,
  publishHome,
  pushView,
  readView,
  replaceView,
  toViewObject,
} from './views.ts';
import type { View } from './workspace.ts';

export const viewMethods: ApiMethods = {
  'views.open': { scopes: [], run: open },
  'views.push': { scopes: [], run: push },
  'views.update': { scopes: [], run: update },
  'views.publish': { scopes: [], run: publish },
};

function open(slack: SlackContext, args: JsonObject): JsonObject {
  const view = viewArgument(slack, args, 'modal');
  const trigger = slack.triggers.find(optionalText(args, 'trigger_id'));
  const opened = openView(slack, trigger.userId, trigger.channelId, view);
  slack.triggers.markUsed(trigger);
  return { view: toViewObject(slack, opened) };
}

/** Only an interaction inside an open modal gives a trigger that can push. */
function push(slack: SlackContext, args: JsonObject): JsonObject {
  const view = viewArgument(slack, args, 'modal');
  const trigger = slack.triggers.find(optionalText(args, 'trigger_id'));
  const below = trigger.viewId ? slack.workspace.views.get(trigger.viewId) : undefined;
  if (!below) throw new ApiRefusal('not_found');
  const pushed = pushView(slack, below, view);
  slack.triggers.markUsed(trigger);
  return { view: toViewObject(slack, pushed) };
}

function update(slack: SlackContext, args: JsonObject): JsonObject {
  const old = viewToUpdate(slack, args);
  const view = viewArgument(slack, args, 'modal');
  mustMatchHash(optionalText(args, 'hash'), old.hash);
  return { view: toViewObject(slack, replaceView(slack, old, view)) };
}

function publish(slack: SlackContext, args: JsonObject): JsonObject {
  const userId = requiredText(args, 'user_id');
  const view = viewArgument(slack, args, 'home');
  const user = slack.workspace.users.get(userId);
  if (!user || user.isBot) throw invalidArguments('invalid `user_id` [json-pointer:/user_id]');
  const current = slack.workspace.homes.get(userId);
  if (current) mustMatchHash(optionalText(args, 'hash'), current.hash);
  return { view: toViewObject(slack, publishHome(slack, userId, view)) };
}

function viewToUpdate({ workspace }: SlackContext, args: JsonObject): View {
  const id = optionalText(args, 'view_id');
  const externalId = optionalText(args, 'external_id');
  if (id === null && externalId === null) throw invalidArguments('missing required field: view_id');
  const found =
    id === null
      ? [...workspace.views.values()].find((view) => view.externalId === externalId)
      : workspace.views.get(id);
  if (!found) throw new ApiRefusal('not_found');
  return found;
}

function viewArgument(slack: SlackContext, args: JsonObject, type: 'modal' | 'home'): JsonObject {
  if (args.view === undefined || args.view === null) throw invalidArguments('missing required field: view');
  const view = readView(parsed(args.view), type);
  const unknown = checkRollout(view.blocks as JsonObject[]);
  if (unknown.length > 0 && slack.faults.strikes('slack-refuse-new-blocks')) {
    throw blockRefusal(
      'invalid_arguments',
      unknown.map(({ pointer, message }) => ({ pointer: `/view${pointer}`, message })),
    );
  }
  return view;
}
