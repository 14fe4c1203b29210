/** A person uses a global shortcut, or a shortcut on a message. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { toApiMessage } from './api-message.ts';
import { failureOf } from './app-failure.ts';
import type { SlackContext } from './context.ts';
import {
  actionTs,
  channelField,
  channelOf,
  commonFields,
  findPerson,
  messageFor,
} from './interaction-payload.ts';
import { PersonRefusal } from './person-refusal.ts';
import { issueResponseUrl } from './response-urls.ts';

export async function runShortcut(slack: SlackContext, input: Verbs['run-shortcut']): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  await deliver(slack, input.callbackId, {
    type: 'shortcut',
    ...commonFields(slack, user),
    trigger_id: slack.triggers.issue({ userId: user.id, channelId: null, viewId: null }),
  });
  return {};
}

/** Works in threads, and where the bot is no member. */
export async function runMessageShortcut(
  slack: SlackContext,
  input: Verbs['run-message-shortcut'],
): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const channel = channelOf(slack, input.channelId, user);
  const message = messageFor(slack, channel.id, input.ts, user);
  await deliver(slack, input.callbackId, {
    type: 'message_action',
    ...commonFields(slack, user),
    channel: channelField(channel),
    message_ts: message.ts,
    message: toApiMessage(slack, message),
    trigger_id: slack.triggers.issue({ userId: user.id, channelId: channel.id, viewId: null }),
    response_url: issueResponseUrl(slack, {
      kind: 'message',
      userId: user.id,
      channelId: channel.id,
      threadTs: message.threadTs,
      messageTs: message.ts,
    }),
  });
  return {};
}

async function deliver(slack: SlackContext, callbackId: string, payload: JsonObject): Promise<void> {
  const delivered = await slack.deliver({
    kind: 'interaction',
    title: `${String(payload.type)} ${callbackId}`,
    payload: { ...payload, callback_id: callbackId, action_ts: actionTs(slack) },
  });
  const failure = failureOf(delivered);
  if (failure !== null)
    throw new PersonRefusal(`That did not work: the app failed with the error "${failure}".`);
}
