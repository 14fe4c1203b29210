import { setTimeout as sleep } from 'node:timers/promises';
import { offerFile } from '#operations/offer-file.ts';
import { type ChatFile, type ChatPlace, FileUnavailable } from '#ports/chat.ts';
import type { SlackContext } from '#slack/context.ts';
import { natureOf } from '#slack/file-names.ts';

/** `files.info` may know of a new message only after a while (slack.md §4.1). */
const SHARE_LOOKS_MS = [0, 300, 700, 1500];

export type SharedFile = { fileId: string; userId: string; channelId: string };

/** A file appeared in a channel: a list of contacts is offered, nothing is read, and our own uploads are left alone. */
export async function onFileShared(slack: SlackContext, shared: SharedFile): Promise<void> {
  const { workspaceId, identity } = await slack.home();
  if (shared.userId === identity.botUserId) return;
  const found = await lookAtShare(slack, shared);
  if (!found) return;
  const nature = natureOf(found.file);
  if ((await slack.deps.chat.channel(shared.channelId)).isExtShared) return;
  await offer(
    slack,
    workspaceId,
    found.file,
    found.place,
    typeof nature === 'object' ? nature.sentence : null,
  );
}

/** Somebody wrote to us with a file: it is offered whatever its name, since they asked. */
export async function offerMentioned(
  slack: SlackContext,
  fileIds: string[],
  place: ChatPlace,
): Promise<void> {
  const { workspaceId } = await slack.home();
  for (const fileId of fileIds) {
    const file = await fileOrNull(slack, fileId);
    if (!file) continue;
    const nature = natureOf(file);
    await offer(slack, workspaceId, file, place, typeof nature === 'object' ? nature.sentence : null);
  }
}

async function offer(
  slack: SlackContext,
  workspaceId: number,
  file: ChatFile,
  place: ChatPlace,
  sentence: string | null,
) {
  const problem = file.problem ?? sentence;
  await offerFile(slack.deps, { workspaceId, fileId: file.id, fileName: file.name, place, problem });
}

/** The file and the message it came with; the channel itself when Slack does not say which message that is. */
async function lookAtShare(slack: SlackContext, { fileId, channelId }: SharedFile) {
  let file: ChatFile | null = null;
  for (const waitMs of SHARE_LOOKS_MS) {
    await sleep(waitMs);
    file = await fileOrNull(slack, fileId);
    const place = file?.shares.findLast((share) => share.channelId === channelId);
    if (file && place && isOffered(file)) return { file, place };
    if (!file || !isOffered(file)) return null;
  }
  return file && { file, place: { channelId, threadTs: null } };
}

/** Unasked we speak up for lists and for what people take for lists. */
function isOffered(file: ChatFile): boolean {
  const nature = natureOf(file);
  return nature === 'list' || typeof nature === 'object';
}

/** A file that was deleted between the event and now is nobody's business any more. */
async function fileOrNull(slack: SlackContext, fileId: string): Promise<ChatFile | null> {
  try {
    return await slack.deps.chat.fileInfo(fileId);
  } catch (error) {
    if (error instanceof FileUnavailable) return null;
    throw error;
  }
}
