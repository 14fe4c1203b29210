import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, invalidArguments, optionalText, parsed, requiredText, wholeNumber } from './api-call.ts';
import type { ApiMethods } from './api-method.ts';
import { isObject } from './block-schema.ts';
import { channelForPost } from './channels.ts';
import type { SlackContext } from './context.ts';
import { announce } from './events.ts';
import { canBotSee, registerFile, toFileObject } from './files.ts';
import { readContent } from './message-content.ts';
import { addMessage, deleteMessage } from './messages.ts';
import { putMessage } from './store.ts';
import type { Channel, StoredFile } from './workspace.ts';

const ALT_TEXT_MAX = 1000;
const CHANNELS_MAX = 100;

export const fileMethods: ApiMethods = {
  'files.info': { scopes: ['files:read'], run: info },
  'files.getUploadURLExternal': { scopes: ['files:write'], run: getUploadUrl },
  'files.completeUploadExternal': { scopes: ['files:write'], run: completeUpload },
  'files.delete': { scopes: ['files:write'], run: remove },
};

/** Turns a file into a tombstone everywhere; a message that was nothing but the file goes with it. */
export async function destroyFile(slack: SlackContext, file: StoredFile): Promise<void> {
  const shares = [...file.shares];
  Object.assign(file, { mode: 'tombstone', shares: [] });
  await slack.files.remove(file.id);
  for (const { channelId, ts } of shares) {
    const message = slack.workspace.messages.get(`${channelId}:${ts}`);
    if (!message) continue;
    const left = { ...message, fileIds: message.fileIds.filter((id) => id !== file.id) };
    const isEmpty = left.fileIds.length === 0 && left.text === '' && left.blocks.length === 0;
    if (isEmpty) deleteMessage(slack, left);
    else putMessage(slack, left);
  }
  announce(slack, 'file_deleted', {
    file_id: file.id,
    channel_ids: shares.map(({ channelId }) => channelId),
  });
}

function info(slack: SlackContext, args: JsonObject): JsonObject {
  const file = slack.workspace.files.get(requiredText(args, 'file'));
  if (!file || !canSeeOrSaw(slack, file)) throw new ApiRefusal('file_not_found');
  if (file.mode === 'tombstone') throw new ApiRefusal('file_deleted');
  return { file: toFileObject(slack, file), comments: [], response_metadata: { next_cursor: '' } };
}

/** A deleted file has no shares left to be seen through. */
function canSeeOrSaw(slack: SlackContext, file: StoredFile): boolean {
  return file.mode === 'tombstone' || canBotSee(slack, file);
}

function getUploadUrl(slack: SlackContext, args: JsonObject): JsonObject {
  const name = requiredText(args, 'filename');
  const length = wholeNumber(args.length, 0);
  if (length <= 0) throw invalidArguments('must be greater than 0 [json-pointer:/length]');
  const altText = optionalText(args, 'alt_text') ?? optionalText(args, 'alt_txt') ?? '';
  if (altText.length > ALT_TEXT_MAX) throw new ApiRefusal('alt_txt_too_large');
  if (slack.faults.strikes('slack-block-upload')) throw new ApiRefusal('file_uploads_disabled');
  const upload = slack.uploads.begin({
    name,
    length,
    altText,
    isSnippet: optionalText(args, 'snippet_type') !== null,
  });
  return { upload_url: `${slack.options.baseUrl}/upload/v1/${upload.ticket}`, file_id: upload.fileId };
}

function completeUpload(slack: SlackContext, args: JsonObject): JsonObject {
  const named = parsed(args.files);
  if (!Array.isArray(named) || named.length === 0) throw invalidArguments('missing required field: files');
  const channels = channelIds(args).map((id) => channelForPost(slack, id));
  if (channels.length > 1 && optionalText(args, 'thread_ts')) throw new ApiRefusal('invalid_thread_ts');
  for (const item of named) {
    const upload = slack.uploads.byFileId(isObject(item) ? String(item.id) : '');
    if (!upload || upload.size === null) throw new ApiRefusal('file_not_found');
  }
  const files = named
    .filter(isObject)
    .map((item) => finish(slack, String(item.id), optionalText(item, 'title')));
  for (const channel of channels) share(slack, channel, files, args);
  return { files: files.map((file) => toFileObject(slack, file)) };
}

function finish(slack: SlackContext, fileId: string, title: string | null): StoredFile {
  const upload = slack.uploads.byFileId(fileId);
  if (!upload || upload.size === null) throw new ApiRefusal('file_not_found');
  slack.uploads.end(fileId);
  return registerFile(slack, {
    id: fileId,
    size: upload.size,
    name: upload.name,
    title: title ?? upload.name,
    userId: slack.workspace.app.botUserId,
    altText: upload.altText,
    mode: upload.isSnippet ? 'snippet' : 'hosted',
  });
}

function share(slack: SlackContext, channel: Channel, files: StoredFile[], args: JsonObject): void {
  const comment = optionalText(args, 'initial_comment') ?? '';
  const blocks =
    comment === '' && args.blocks ? readContent(slack, { blocks: args.blocks }, 'post').blocks : [];
  addMessage(slack, {
    channelId: channel.id,
    userId: slack.workspace.app.botUserId,
    text: comment,
    blocks,
    threadTs: optionalText(args, 'thread_ts'),
    files,
  });
}

function channelIds(args: JsonObject): string[] {
  const one = optionalText(args, 'channel_id');
  const several = optionalText(args, 'channels')?.split(',') ?? [];
  const ids = [...(one === null ? [] : [one]), ...several.map((id) => id.trim())];
  if (ids.length > CHANNELS_MAX) throw new ApiRefusal('too_many_channels');
  return ids;
}

async function remove(slack: SlackContext, args: JsonObject): Promise<JsonObject> {
  const file = slack.workspace.files.get(requiredText(args, 'file'));
  if (!file || !canSeeOrSaw(slack, file)) throw new ApiRefusal('file_not_found');
  if (file.mode === 'tombstone') throw new ApiRefusal('file_deleted');
  if (file.userId !== slack.workspace.app.botUserId) throw new ApiRefusal('cant_delete_file');
  await destroyFile(slack, file);
  return {};
}
