import type { WebClient } from '@slack/web-api';
import {
  type ChatFile,
  type ChatPlace,
  type ChatResult,
  ChatUnavailable,
  FileUnavailable,
} from '#ports/chat.ts';
import type { SlackAccess } from './clients.ts';
import { failureCode, readFailure } from './errors.ts';
import { LIMITS } from './limits.ts';
import { clip } from './mrkdwn.ts';

const PRODUCTION_FILES_ORIGIN = 'https://files.slack.com';
const HEADERS_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;
const UPLOAD_TIMEOUT_MS = 120_000;
const MAX_REDIRECTS = 3;
const TRY_AGAIN_MS = 5000;

/** The only address that ever sees the bot's token besides the API itself (slack.md §4.1). */
export function filesOrigin({ apiUrl }: Pick<SlackAccess, 'apiUrl'>): string {
  return apiUrl ? new URL(apiUrl).origin : PRODUCTION_FILES_ORIGIN;
}

type SlackFile = NonNullable<Awaited<ReturnType<WebClient['files']['info']>>['file']>;

/** What Slack says of a file. Throws `FileUnavailable` when it does not show it to us, `ChatUnavailable` when it cannot be asked. */
export async function lookUpFile(web: WebClient, fileId: string): Promise<ChatFile> {
  const file = await askForFile(web, fileId);
  return {
    id: fileId,
    name: file.name || file.title || 'file',
    fileType: file.filetype ?? '',
    size: file.size ?? 0,
    userId: file.user ?? '',
    problem: problemOf(file),
    shares: sharesOf(file),
  };
}

/** The bytes as they arrive, at most `maxBytes` of them. Throws `FileUnavailable` with a sentence, also half-way. */
export async function downloadFile(
  web: WebClient,
  access: SlackAccess,
  fileId: string,
  maxBytes: number,
): Promise<{ name: string; size: number; stream: AsyncIterable<Uint8Array> }> {
  const file = await askForFile(web, fileId);
  const problem = problemOf(file);
  if (problem) throw new FileUnavailable(problem);
  const size = file.size ?? 0;
  if (size > maxBytes) throw new FileUnavailable(tooLarge(maxBytes));
  const address = file.url_private_download ?? file.url_private;
  if (!address) throw new FileUnavailable('Slack offers no way to download this file. Upload it again.');
  const response = await fetchFile(address, access);
  return { name: file.name || 'file', size, stream: readCapped(response, maxBytes) };
}

async function askForFile(web: WebClient, fileId: string): Promise<SlackFile> {
  try {
    const { file } = await web.files.info({ file: fileId });
    if (file) return file;
  } catch (error) {
    const code = failureCode(error);
    const sentence = FILE_PROBLEMS[code];
    if (sentence) throw new FileUnavailable(sentence);
    throw new ChatUnavailable(`Slack cannot be asked about a file (${code}).`, { cause: error });
  }
  throw new ChatUnavailable('Slack’s answer holds no file.');
}

const NOT_SHOWN =
  'I cannot see this file: it was deleted, or it is in a channel that I am not in. Invite me there, or upload the file here.';

const FILE_PROBLEMS: Record<string, string> = {
  file_not_found: NOT_SHOWN,
  file_deleted: 'This file was deleted. Upload it again.',
  not_visible: NOT_SHOWN,
  access_denied: NOT_SHOWN,
  missing_scope:
    'The app may not read files here (files:read). Ask whoever installed it to install it again.',
};

/** Files that Slack lists but holds no bytes of. */
const MODE_PROBLEMS: Record<string, string> = {
  external:
    'This is a link to an online document, of which Slack holds no copy. Download it as CSV and drop that file here.',
  tombstone: 'This file was deleted. Upload it again.',
  hidden_by_limit: 'Slack hides this file because the workspace is over its limit. Upload it again.',
  file_access: NOT_SHOWN,
  canvas: 'This is a canvas, not a file of contacts. Save the table as CSV and drop that file here.',
  quip: 'This is a canvas, not a file of contacts. Save the table as CSV and drop that file here.',
  docs: 'This is a post, not a file of contacts. Save the table as CSV and drop that file here.',
};

function problemOf(file: SlackFile): string | null {
  return (file.mode && MODE_PROBLEMS[file.mode]) || null;
}

function sharesOf(file: SlackFile): ChatPlace[] {
  return [file.shares?.public, file.shares?.private].flatMap((byChannel) =>
    Object.entries(byChannel ?? {}).flatMap(([channelId, shares]) =>
      (Array.isArray(shares) ? shares : []).map((share) => ({
        channelId,
        threadTs: share.thread_ts ?? share.ts ?? null,
      })),
    ),
  );
}

/** Follows redirects itself: the token goes to the files host alone, and never to where it points. */
async function fetchFile(address: string, access: SlackAccess): Promise<Response> {
  const origin = filesOrigin(access);
  let url = address;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (!URL.canParse(url) || new URL(url).origin !== origin) {
      throw new FileUnavailable('This file is kept outside Slack, where I do not follow it. Upload it here.');
    }
    const response = await request(url, access.botToken);
    if (response.status < 300 || response.status > 399) return checked(response);
    await response.body?.cancel();
    url = URL.parse(response.headers.get('location') ?? '', url)?.href ?? '';
  }
  throw new FileUnavailable('Slack sent me in circles instead of giving the file. Upload it again.');
}

async function request(url: string, botToken: string): Promise<Response> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), HEADERS_TIMEOUT_MS);
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${botToken}` },
      redirect: 'manual',
      signal: controller.signal,
    });
  } catch (error) {
    throw new ChatUnavailable('Slack’s file server does not answer.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Without the right to read a file Slack answers 200 with its sign-in page (slack.md §4.1). */
async function checked(response: Response): Promise<Response> {
  const isPage = (response.headers.get('content-type') ?? '').includes('text/html');
  if (response.ok && !isPage) return response;
  await response.body?.cancel();
  if (response.status >= 500 || response.status === 429)
    throw new ChatUnavailable(`Slack’s file server answered ${response.status}.`);
  if (isPage) {
    throw new FileUnavailable(
      'Slack gave a web page instead of the file. Either it is one, or I may not read it: invite me to the channel and upload it as CSV.',
    );
  }
  throw new FileUnavailable(NOT_SHOWN);
}

async function* readCapped(response: Response, maxBytes: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await readInTime(reader);
      if (done) return;
      received += value.byteLength;
      if (received > maxBytes) throw new FileUnavailable(tooLarge(maxBytes));
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readInTime(reader: Reader): ReturnType<Reader['read']> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const stalled = () => reject(new FileUnavailable('Slack stopped sending the file half-way. Try again.'));
    timer = setTimeout(stalled, SILENCE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (error) {
    if (error instanceof FileUnavailable) throw error;
    throw new FileUnavailable('The connection broke while Slack sent the file. Try again.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(maxBytes: number): string {
  return `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB. Split it and drop the parts one after the other.`;
}

export type Upload = { name: string; title: string; comment: string; content: Uint8Array };

/**
 * Uploads in Slack's three steps. Only the last one posts: what fails before may be repeated, what fails there may have
 * been posted. The bytes go to the address without the bot's token, which it does not need.
 */
export async function uploadFile(web: WebClient, place: ChatPlace, file: Upload): Promise<ChatResult> {
  if (file.content.byteLength === 0) return { kind: 'refused', problem: 'The file is empty.' };
  try {
    const target = await web.files.getUploadURLExternal({
      filename: file.name,
      length: file.content.byteLength,
    });
    if (!target.upload_url || !target.file_id) return { kind: 'throttled', retryAfterMs: TRY_AGAIN_MS };
    if (!(await sendBytes(target.upload_url, file.content)))
      return { kind: 'throttled', retryAfterMs: TRY_AGAIN_MS };
    return await completeUpload(web, place, file, target.file_id);
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind === 'unknown') return { kind: 'throttled', retryAfterMs: TRY_AGAIN_MS };
    return failure.kind === 'bad_blocks' ? { kind: 'refused', problem: failure.code } : failure;
  }
}

async function sendBytes(url: string, content: Uint8Array): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: content as Uint8Array<ArrayBuffer>,
      redirect: 'error',
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function completeUpload(
  web: WebClient,
  place: ChatPlace,
  file: Upload,
  fileId: string,
): Promise<ChatResult> {
  try {
    await web.files.completeUploadExternal({
      files: [{ id: fileId, title: clip(file.title, LIMITS.fileTitle) }],
      channel_id: place.channelId,
      initial_comment: clip(file.comment, LIMITS.fileComment),
      ...(place.threadTs ? { thread_ts: place.threadTs } : {}),
    });
    // Slack names no message here: a file's own message is never edited, so nobody needs its ts.
    return { kind: 'done', ts: '' };
  } catch (error) {
    const failure = readFailure(error);
    return failure.kind === 'bad_blocks' ? { kind: 'refused', problem: failure.code } : failure;
  }
}
