import { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import { type Api, actorOf } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { listRecordings } from '#operations/list-recordings.ts';
import { openRecording } from '#operations/open-recording.ts';
import { presentRecording } from './present.ts';
import { CallPath, Later, RecordingPath, RecordingRow } from './schemas.ts';

const tags = ['Calls'];

const list = createRoute({
  method: 'get',
  path: '/api/v1/calls/{id}/recordings',
  tags,
  ...needs('read'),
  summary: 'List the recordings of a call',
  request: { params: CallPath },
  responses: { 200: json(z.array(RecordingRow), 'Those that are there or still come.'), ...REFUSED },
});

const play = createRoute({
  method: 'get',
  path: '/api/v1/calls/{id}/recording/{rid}/play',
  tags,
  ...needs('read'),
  summary: 'Hear a recording',
  request: { params: RecordingPath },
  responses: {
    200: {
      content: { 'audio/mpeg': { schema: { type: 'string', format: 'binary' } } },
      description: 'The audio, while it comes from the provider.',
    },
    202: json(Later, 'The call is still being recorded.'),
    ...REFUSED,
    503: json(Later, 'The provider does not hand it out right now.'),
  },
});

/** What was recorded of calls. */
export function recordingRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const rows = await listRecordings(deps, { workspaceId, call: c.req.valid('param') });
    return c.json(rows.map(presentRecording), 200);
  });
  api.openapi(play, async (c) => {
    const token = c.get('token');
    const { id: callId, rid: recordingId } = c.req.valid('param');
    const asked = { workspaceId: token.workspaceId, callId, recordingId, actor: actorOf(token) };
    const audio = await openRecording(deps, asked);
    if (!audio)
      return c.json({ detail: 'The call is still being recorded. Ask again when it has ended.' }, 202);
    // One piece at a time, as fast as the client listens; who hangs up ends the transfer.
    const body = ReadableStream.from(audio.stream) as unknown as BodyInit;
    return new Response(body, {
      headers: {
        'content-type': 'audio/mpeg',
        ...(audio.size === null ? {} : { 'content-length': String(audio.size) }),
        'content-disposition': `inline; filename="call_${callId}.mp3"`,
        'cache-control': 'no-store',
      },
    });
  });
}
