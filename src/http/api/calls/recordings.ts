import { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type BytePart, contentRange, readByteRange } from '#domain/byte-range.ts';
import { type Api, actorOf } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { listRecordings } from '#operations/list-recordings.ts';
import { giveBack, openRecording } from '#operations/open-recording.ts';
import { presentRecording } from './present.ts';
import { CallPath, Later, RecordingPath, RecordingRow, SidPath } from './schemas.ts';

const tags = ['Calls'];
const AUDIO = { 'audio/mpeg': { schema: { type: 'string', format: 'binary' } } } as const;

const list = createRoute({
  method: 'get',
  path: '/api/v1/calls/{id}/recordings',
  tags,
  ...needs('read'),
  summary: 'List the recordings of a call',
  request: { params: CallPath },
  responses: { 200: json(z.array(RecordingRow), 'Those that are there or still come.'), ...REFUSED },
});

const listBySid = createRoute({
  ...list,
  path: '/api/v1/calls/sid/{sid}/recordings',
  summary: 'List the recordings of a call, by the id that the provider gave it',
  request: { params: SidPath },
});

const play = createRoute({
  method: 'get',
  path: '/api/v1/calls/{id}/recording/{rid}/play',
  tags,
  ...needs('read'),
  summary: 'Hear a recording',
  description:
    'With `Range: bytes=…`, as players send it to seek, only that part comes. A request for several parts, or for one while nobody knows how long the recording is, brings the whole.',
  request: { params: RecordingPath },
  responses: {
    200: { content: AUDIO, description: 'The audio, while it comes from the provider.' },
    202: json(Later, 'The call is still being recorded.'),
    206: { content: AUDIO, description: 'The part that was asked for; Content-Range says which it is.' },
    ...REFUSED,
    416: json(Later, 'The recording ends before that; Content-Range says how long it is.'),
    503: json(Later, 'The provider does not hand it out right now.'),
  },
});

/** What was recorded of calls. */
export function recordingRoutes(api: Api, deps: Deps): void {
  api.openapi(listBySid, async (c) => {
    const { workspaceId } = c.get('token');
    const rows = await listRecordings(deps, { workspaceId, call: c.req.valid('param') });
    return c.json(rows.map(presentRecording), 200);
  });
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const rows = await listRecordings(deps, { workspaceId, call: c.req.valid('param') });
    return c.json(rows.map(presentRecording), 200);
  });
  api.openapi(play, async (c) => {
    const token = c.get('token');
    const { id: callId, rid: recordingId } = c.req.valid('param');
    const actor = actorOf(token);
    const asked = { workspaceId: token.workspaceId, callId, recordingId, actor, range: rangeAsked(c) };
    const audio = await openRecording(deps, asked);
    if (!audio)
      return c.json({ detail: 'The call is still being recorded. Ask again when it has ended.' }, 202);
    const { size, part = null } = audio;
    if (part === 'beyond')
      return c.json({ detail: BEYOND }, 416, { 'content-range': contentRange(null, size) });
    if (c.req.method === 'HEAD') await giveBack(audio);
    // One piece at a time, as fast as the client listens; who hangs up ends the transfer.
    const body = ReadableStream.from(audio.stream) as unknown as BodyInit;
    return new Response(body, {
      status: part ? 206 : 200,
      headers: {
        'content-type': 'audio/mpeg',
        ...lengthOf(size, part),
        'accept-ranges': 'bytes',
        etag: tagOf(recordingId),
        'content-disposition': `inline; filename="call_${callId}.mp3"`,
        'cache-control': 'no-store',
      },
    });
  });
}

const BEYOND =
  'The recording ends before the part that was asked for. Content-Range says how long it is; ask for a part of that, or for all of it without a Range.';

/** What is recorded never changes. */
function tagOf(recordingId: number): string {
  return `"recording-${recordingId}"`;
}

/** The part that was asked for; none where the client has the beginning of something else (RFC 9110 §13.1.5). */
function rangeAsked(c: Context) {
  const holds = c.req.header('if-range');
  const isOther = holds !== undefined && holds !== tagOf(Number(c.req.param('rid')));
  return isOther ? null : readByteRange(c.req.header('range'));
}

function lengthOf(size: number | null, part: BytePart | null): Record<string, string> {
  if (!part) return size === null ? {} : { 'content-length': String(size) };
  const { first, last } = part;
  return { 'content-length': String(last - first + 1), 'content-range': contentRange(part, size) };
}
