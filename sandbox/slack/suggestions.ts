/** A person types into an external menu: the bot has three seconds to offer options. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { failureOf } from './app-failure.ts';
import { findView } from './block-actions.ts';
import { option, optionGroup } from './block-objects.ts';
import { isObject, list, type Place } from './block-schema.ts';
import type { SlackContext } from './context.ts';
import { channelOf, commonFields, findPerson, messageFields, messageFor } from './interaction-payload.ts';
import { PersonRefusal } from './person-refusal.ts';
import { toViewObject } from './views.ts';
import type { User } from './workspace.ts';

const NOT_LOADED = 'The app did not offer any options. Try again.';

export async function suggestOptions(
  slack: SlackContext,
  input: Verbs['suggest-options'],
): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const { blockId, actionId, value } = input;
  const delivered = await slack.deliver({
    kind: 'interaction',
    title: `block_suggestion ${actionId}`,
    payload: {
      type: 'block_suggestion',
      ...commonFields(slack, user),
      ...whereAsked(slack, user, input),
      block_id: blockId,
      action_id: actionId,
      value,
    },
  });
  if (failureOf(delivered) !== null || delivered.outcome === 'failed') throw new PersonRefusal(NOT_LOADED);
  return readOptions(delivered.body);
}

function whereAsked(
  slack: SlackContext,
  user: User,
  { viewId, channelId, ts }: Verbs['suggest-options'],
): JsonObject {
  if (viewId !== null) {
    const view = findView(slack, viewId, user);
    return { container: { type: 'view', view_id: view.id }, view: toViewObject(slack, view) };
  }
  if (channelId === null || ts === null) throw new PersonRefusal('That menu is no longer there.');
  const channel = channelOf(slack, channelId, user);
  return messageFields(slack, channel, messageFor(slack, channelId, ts, user));
}

function readOptions(body: string): JsonObject {
  const answer = parse(body);
  const place: Place = { pointer: '', surface: 'modal', problems: [] };
  const { options, option_groups: groups } = answer;
  if (groups === undefined) list(option('menu'), { max: 100 })(options, place);
  else list(optionGroup, { max: 100 })(groups, place);
  if (place.problems.length > 0) throw new PersonRefusal(NOT_LOADED);
  return { options: options ?? [], optionGroups: groups ?? [] };
}

function parse(body: string): JsonObject {
  try {
    const answer = JSON.parse(body) as JsonObject;
    return isObject(answer) ? answer : {};
  } catch {
    throw new PersonRefusal(NOT_LOADED);
  }
}
