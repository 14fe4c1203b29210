/** What people do by themselves: write, drop files, delete, look at the home tab. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { encodeText } from './compose.ts';
import type { SlackContext } from './context.ts';
import { announce } from './events.ts';
import { toFileRow } from './feed.ts';
import { addFile, type NewFile } from './files.ts';
import { channelOf, findChannel, findPerson } from './interaction-payload.ts';
import { addMessage, deleteMessage } from './messages.ts';
import { PersonRefusal } from './person-refusal.ts';
import { removeMessage } from './store.ts';
import { toViewObject } from './views.ts';
import { type Channel, findMessage, type Message, type User } from './workspace.ts';

/** slack.md §4.1: a modal takes files up to this size, a channel takes larger ones. */
const FORM_FILE_BYTES_MAX = 10 * 1024 * 1024;

export function postAsPerson(slack: SlackContext, input: Verbs['post-message']): JsonObject {
  const { user, channel } = whereToWrite(slack, input);
  if (input.text.trim() === '') throw new PersonRefusal('There is nothing to send.');
  const message = addMessage(slack, {
    channelId: channel.id,
    userId: user.id,
    text: encodeText(slack.workspace, input.text),
    threadTs: input.threadTs,
  });
  return { ts: message.ts };
}

export type DroppedFile = Pick<NewFile, 'name' | 'bytes' | 'mode' | 'externalUrl'> & {
  userId: string;
  channelId: string;
  threadTs?: string | null;
  comment?: string;
};

export async function dropFile(
  slack: SlackContext,
  dropped: DroppedFile,
): Promise<{ message: Message; file: JsonObject }> {
  const { user, channel } = whereToWrite(slack, dropped);
  const file = await addFile(slack, { ...dropped, userId: user.id });
  const message = addMessage(slack, {
    channelId: channel.id,
    userId: user.id,
    text: encodeText(slack.workspace, dropped.comment ?? ''),
    threadTs: dropped.threadTs ?? null,
    files: [file],
  });
  return { message, file: toFileRow(file) };
}

/** A file chosen in a form, before the form is sent. */
export async function draftFile(
  slack: SlackContext,
  draft: Pick<NewFile, 'name' | 'bytes' | 'userId'>,
): Promise<JsonObject> {
  const user = findPerson(slack, draft.userId);
  const file = await addFile(slack, { ...draft, userId: user.id });
  if (file.size <= FORM_FILE_BYTES_MAX) return { file: toFileRow(file) };
  slack.workspace.files.delete(file.id);
  await slack.files.remove(file.id);
  throw new PersonRefusal('A file in a form may have at most 10 MB. Drop larger files into a channel.');
}

export function deleteAsPerson(slack: SlackContext, input: Verbs['delete-message']): JsonObject {
  const message = findMessage(slack.workspace, input.channelId, input.ts);
  if (!message) throw new PersonRefusal('That message is gone already.');
  deleteMessage(slack, message);
  return {};
}

export function dismissEphemeral(slack: SlackContext, input: Verbs['dismiss-ephemeral']): JsonObject {
  const message = slack.workspace.messages.get(input.id);
  if (message?.ephemeralFor === input.userId) removeMessage(slack, message);
  return {};
}

export function openHome(slack: SlackContext, input: Verbs['open-home']): JsonObject {
  const user = findPerson(slack, input.userId);
  const direct = [...slack.workspace.channels.values()].find((channel) => channel.imUserId === user.id);
  if (!direct) throw new PersonRefusal(`${user.realName} cannot open this app.`);
  const home = slack.workspace.homes.get(user.id);
  announce(slack, 'app_home_opened', {
    user: user.id,
    channel: direct.id,
    tab: 'home',
    ...(home && { view: toViewObject(slack, home) }),
  });
  return {};
}

function whereToWrite(
  slack: SlackContext,
  { userId, channelId }: { userId: string; channelId: string },
): { user: User; channel: Channel } {
  const user = findPerson(slack, userId);
  const channel = channelOf(slack, channelId, user);
  if (findChannel(slack, channelId).isArchived) throw new PersonRefusal(`#${channel.name} is archived.`);
  return { user, channel };
}
