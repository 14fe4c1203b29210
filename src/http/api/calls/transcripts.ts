import { createRoute, z } from '@hono/zod-openapi';
import { csvRow } from '#domain/csv-export.ts';
import type { Api } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import type { CallName } from '#operations/show-call-record.ts';
import { showTranscript } from '#operations/show-transcript.ts';
import { presentUtterance } from './present.ts';
import { CallPath, SidPath, TranscriptExportQuery, TranscriptQuery, TranscriptRow } from './schemas.ts';

const path = '/api/v1/calls';
const tags = ['Calls'];
const Rows = z.array(TranscriptRow);
type Row = z.output<typeof TranscriptRow>;

const read = createRoute({
  method: 'get',
  path: `${path}/{id}/transcripts`,
  tags,
  ...needs('read'),
  summary: 'Read what was said on a call',
  request: { params: CallPath, query: TranscriptQuery },
  responses: { 200: json(Rows, 'What was said so far, in order.'), ...REFUSED },
});

const readBySid = createRoute({
  method: 'get',
  path: `${path}/sid/{sid}/transcripts`,
  tags,
  ...needs('read'),
  summary: 'Read what was said on a call, by the id that the provider gave it',
  request: { params: SidPath, query: TranscriptQuery },
  responses: { 200: json(Rows, 'What was said so far, in order.'), ...REFUSED },
});

const exported = createRoute({
  method: 'get',
  path: `${path}/{id}/transcripts/export`,
  tags,
  ...needs('read'),
  summary: 'Download what was said on a call as text, JSON or CSV',
  request: { params: CallPath, query: TranscriptExportQuery },
  responses: {
    200: {
      content: {
        'text/plain': { schema: { type: 'string', example: '[10:00:05] assistant: Hi John.' } },
        'application/json': { schema: Rows },
        'text/csv': { schema: { type: 'string' } },
      },
      description: 'A file.',
    },
    ...REFUSED,
  },
});

/** What was said on calls. */
export function transcriptRoutes(api: Api, deps: Deps): void {
  const rowsOf = async (workspaceId: number, call: CallName, speaker: Row['speaker'] | undefined) => {
    const { record, utterances } = await showTranscript(deps, { workspaceId, call });
    const rows = utterances.map((utterance) => presentUtterance(record.call.id, utterance));
    return rows.filter((row) => speaker === undefined || row.speaker === speaker);
  };
  api.openapi(readBySid, async (c) => {
    const { speaker } = c.req.valid('query');
    return c.json(await rowsOf(c.get('token').workspaceId, c.req.valid('param'), speaker), 200);
  });
  api.openapi(read, async (c) => {
    const { speaker } = c.req.valid('query');
    return c.json(await rowsOf(c.get('token').workspaceId, c.req.valid('param'), speaker), 200);
  });
  api.openapi(exported, async (c) => {
    const { id } = c.req.valid('param');
    const { speaker, format } = c.req.valid('query');
    const rows = await rowsOf(c.get('token').workspaceId, { id }, speaker);
    const { contentType, write } = WRITERS[format];
    return c.body(write(rows), 200, {
      'content-type': contentType,
      'content-disposition': `attachment; filename="call_${id}_transcript.${format}"`,
    });
  });
}

const COLUMNS = ['created_at', 'speaker', 'content', 'segment_start'] as const;

type Format = z.output<typeof TranscriptExportQuery>['format'];
const WRITERS: Record<Format, { contentType: string; write: (rows: Row[]) => string }> = {
  txt: { contentType: 'text/plain; charset=utf-8', write: (rows) => rows.map(lineOf).join('') },
  json: { contentType: 'application/json', write: (rows) => JSON.stringify(rows) },
  csv: {
    contentType: 'text/csv; charset=utf-8',
    write: (rows) =>
      [
        csvRow(COLUMNS),
        ...rows.map((row) => csvRow(COLUMNS.map((column) => String(row[column] ?? '')))),
      ].join(''),
  },
};

/** `[10:00:05] assistant: …`, in UTC like every other time here. */
function lineOf({ created_at, speaker, content }: Row): string {
  return `[${created_at.slice(11, 19)}] ${speaker}: ${content}\n`;
}
