/** What a message may say: the checks of chat.postMessage, chat.update and response_url, with Slack's error codes. */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, parsed } from './api-call.ts';
import { checkBlocks, checkRollout, isBlockTextTooLong, toSlackMessage } from './block-check.ts';
import { isObject, type Problem } from './block-schema.ts';
import type { SlackContext } from './context.ts';
import { newShortId } from './ids.ts';

/** Posting cuts longer texts, updating refuses them at 4,000 (slack.md §2.3). */
const POST_TEXT_MAX = 40_000;
const UPDATE_TEXT_MAX = 4000;
const METADATA_BYTES_MAX = 16 * 1024;
const BLOCKS_ONLY_TEXT = "This content can't be displayed.";

export type Content = { text: string; blocks: JsonObject[]; metadata: JsonObject | null };

export function readContent(slack: SlackContext, args: JsonObject, use: 'post' | 'update'): Content {
  const text = typeof args.text === 'string' ? args.text : '';
  const blocks = readBlocks(slack, args.blocks);
  if (args.attachments !== undefined && args.attachments !== null) refuseAttachments(args.attachments);
  if (text === '' && blocks.length === 0) throw new ApiRefusal('no_text');
  if (use === 'update' && text.length > UPDATE_TEXT_MAX) throw new ApiRefusal('msg_too_long');
  return {
    text: text === '' ? BLOCKS_ONLY_TEXT : text.slice(0, POST_TEXT_MAX),
    blocks,
    metadata: readMetadata(args.metadata),
  };
}

/** Slack names every block and every interactive element that the app did not name. */
export function withIds(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.map((block) => {
    const named = structuredClone(block);
    if (named.type === 'markdown') delete named.block_id;
    else named.block_id ??= newShortId();
    nameElements(named);
    return named;
  });
}

/** `invalid_blocks` as the API words it, in both of its places. */
export function blockRefusal(code: string, problems: readonly Problem[]): ApiRefusal {
  return new ApiRefusal(code, {
    errors: problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`),
    response_metadata: { messages: problems.map(toSlackMessage) },
  });
}

function readBlocks(slack: SlackContext, given: Json | undefined): JsonObject[] {
  const blocks = parsed(given);
  if (blocks === undefined || blocks === null || blocks === '') return [];
  if (!Array.isArray(blocks) || !blocks.every(isObject)) throw new ApiRefusal('invalid_blocks_format');
  if (isBlockTextTooLong(blocks)) throw new ApiRefusal('msg_blocks_too_long');
  const problems = checkBlocks('message', blocks);
  if (problems.length > 0) throw blockRefusal('invalid_blocks', problems);
  const unknown = checkRollout(blocks);
  if (unknown.length > 0 && slack.faults.strikes('slack-refuse-new-blocks'))
    throw blockRefusal('invalid_blocks', unknown);
  return withIds(blocks);
}

/** The page shows no attachments, so none are taken rather than dropped in silence. */
function refuseAttachments(given: Json): void {
  const attachments = parsed(given);
  if (Array.isArray(attachments) && attachments.length === 0) return;
  const isTooMany = Array.isArray(attachments) && attachments.length > 100;
  throw new ApiRefusal(isTooMany ? 'too_many_attachments' : 'invalid_attachments');
}

function readMetadata(given: Json | undefined): JsonObject | null {
  const metadata = parsed(given);
  if (metadata === undefined || metadata === null || metadata === '') return null;
  if (!isObject(metadata) || typeof metadata.event_type !== 'string' || !isObject(metadata.event_payload)) {
    throw new ApiRefusal('invalid_metadata_format');
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_BYTES_MAX)
    throw new ApiRefusal('metadata_too_large');
  return metadata;
}

const ACTIONLESS = new Set(['image', 'plain_text', 'mrkdwn', 'rich_text']);

function nameElements(block: JsonObject): void {
  const elements = [
    block.element,
    block.accessory,
    ...(['actions', 'context_actions'].includes(String(block.type)) ? listOf(block.elements) : []),
    ...(block.type === 'card' ? listOf(block.actions) : []),
  ];
  for (const element of elements) {
    if (isObject(element) && !ACTIONLESS.has(String(element.type))) element.action_id ??= newShortId();
  }
  const children = block.type === 'carousel' ? listOf(block.elements) : listOf(block.child_blocks);
  for (const child of children) {
    if (!isObject(child)) continue;
    child.block_id ??= newShortId();
    nameElements(child);
  }
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
