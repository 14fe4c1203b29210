import type { ChatPostMessageResponse, WebClient } from '@slack/web-api';
import { FILE_LIMITS } from '#domain/contact-import/file-problems.ts';
import type { Chat, ChatContent, ChatPlace, ChatResult } from '#ports/chat.ts';
import type { Log } from '#ports/log.ts';
import { draw } from './blocks/draw.ts';
import type { Block, Message } from './blocks/kit.ts';
import { createClients, type SlackAccess } from './clients.ts';
import { readFailure, type SlackFailure } from './errors.ts';
import { downloadFile, lookUpFile, uploadFile } from './files.ts';
import { createPeople } from './people.ts';

/** The workspace as the product's port. Opens nothing; the first call connects. */
export function createChat(access: SlackAccess, log: Log): Chat {
  const { background: web, interactive } = createClients(access, log);
  const people = createPeople(interactive);
  return {
    post: (place, content) => deliver(content, log, (message) => postMessage(web, place, message)),
    update: (place, content) => deliver(content, log, (message) => updateMessage(web, place, message)),
    uploadFile: (place, file) => uploadFile(web, place, file),
    downloadFile: (fileId) => downloadFile(web, access, fileId, FILE_LIMITS.bytes),
    fileInfo: (fileId) => lookUpFile(web, fileId),
    user: people.user,
    channel: people.channel,
    groups: people.groups,
    groupMembers: people.groupMembers,
    permalink: (place) => permalink(web, place),
  };
}

/** Slack refuses a drawing before it posts anything, so a plainer one may follow; text alone is the last. */
async function deliver(
  content: ChatContent,
  log: Log,
  send: (message: Message) => Promise<ChatResult | SlackFailure>,
): Promise<ChatResult> {
  let refused = 'Slack refused the message.';
  for (const message of draw(content)) {
    const result = await send(message).catch(readFailure);
    if (result.kind !== 'bad_blocks') return result;
    log.error(
      { kind: content.kind, code: result.code, blocks: message.blocks.length },
      'Slack refused a drawing',
    );
    refused = `Slack refused the message with “${result.code}”.`;
  }
  return { kind: 'refused', problem: refused };
}

async function postMessage(web: WebClient, place: ChatPlace, message: Message): Promise<ChatResult> {
  const answer = await web.chat.postMessage({
    channel: place.channelId,
    ...(place.threadTs ? { thread_ts: place.threadTs } : {}),
    ...payload(message),
    unfurl_links: false,
    unfurl_media: false,
  });
  if (place.threadTs && !isThreaded(answer)) return takeBack(web, place.channelId, answer.ts);
  return { kind: 'done', ts: answer.ts ?? '' };
}

async function updateMessage(
  web: WebClient,
  place: { channelId: string; ts: string },
  message: Message,
): Promise<ChatResult> {
  await web.chat.update({ channel: place.channelId, ts: place.ts, ...payload(message) });
  return { kind: 'done', ts: place.ts };
}

/** The charts among our blocks are newer than the published types. */
function payload({ text, blocks }: Message): {
  text: string;
  blocks: Exclude<Block, { type: 'data_visualization' }>[];
} {
  return { text, blocks: blocks as Exclude<Block, { type: 'data_visualization' }>[] };
}

function isThreaded({ message }: ChatPostMessageResponse): boolean {
  return Boolean(message && 'thread_ts' in message && message.thread_ts);
}

/** A reply to a deleted message lands in the channel instead; it must not stay there (slack.md §5). */
async function takeBack(web: WebClient, channelId: string, ts: string | undefined): Promise<ChatResult> {
  if (ts) await web.chat.delete({ channel: channelId, ts }).catch(() => undefined);
  return { kind: 'lost', problem: 'thread_deleted' };
}

async function permalink(web: WebClient, place: { channelId: string; ts: string }): Promise<string | null> {
  try {
    const { permalink } = await web.chat.getPermalink({ channel: place.channelId, message_ts: place.ts });
    return permalink ?? null;
  } catch {
    return null;
  }
}
