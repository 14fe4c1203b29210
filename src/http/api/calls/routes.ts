import { createRoute } from '@hono/zod-openapi';
import { csvRow } from '#domain/csv-export.ts';
import { type Api, actorOf } from '#http/api/api.ts';
import { bearer } from '#http/api/bearer.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import { handOut } from '#http/api/hand-out.ts';
import { partAsked, partOf } from '#http/api/skip.ts';
import type { Deps } from '#operations/deps.ts';
import { exportCalls } from '#operations/export-calls.ts';
import { findCalls } from '#operations/find-calls.ts';
import { hangUpCall } from '#operations/hang-up-call.ts';
import { noteOnCall } from '#operations/note-on-call.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import { type CallName, showCallRecord } from '#operations/show-call-record.ts';
import { choiceOf } from './filter.ts';
import { presentCall, presentCosts, type Record, stageOf } from './present.ts';
import { recordingRoutes } from './recordings.ts';
import {
  Call,
  CallCosts,
  CallPath,
  CallQuery,
  Calls,
  ExportQuery,
  Notes,
  SidPath,
  Terminated,
} from './schemas.ts';
import { transcriptRoutes } from './transcripts.ts';

const path = '/api/v1/calls';
const tags = ['Calls'];

const list = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'List calls, the newest first',
  request: { query: CallQuery },
  responses: { 200: json(Calls, 'Some of them.'), ...REFUSED },
});

const exported = createRoute({
  method: 'get',
  path: `${path}/export`,
  tags,
  ...needs('read'),
  summary: 'Download calls as CSV or JSON, the newest first',
  request: { query: ExportQuery },
  responses: {
    200: {
      content: {
        'text/csv': { schema: { type: 'string' } },
        'application/json': { schema: Calls.shape.items },
      },
      description: 'Every call that fits, while it is read.',
    },
    ...REFUSED,
  },
});

const read = createRoute({
  method: 'get',
  path: `${path}/{id}`,
  tags,
  ...needs('read'),
  summary: 'Read a call',
  request: { params: CallPath },
  responses: { 200: json(Call, 'The call as it stands.'), ...REFUSED },
});

const readBySid = createRoute({
  method: 'get',
  path: `${path}/sid/{sid}`,
  tags,
  ...needs('read'),
  summary: 'Read a call by the id that the provider gave it',
  request: { params: SidPath },
  responses: { 200: json(Call, 'The call as it stands.'), ...REFUSED },
});

const terminate = createRoute({
  method: 'post',
  path: `${path}/{sid}/terminate`,
  tags,
  ...needs('stop'),
  summary: 'Hang up a call that is going on',
  description: 'The provider is told to end it; 400 when it is over already.',
  request: { params: SidPath },
  responses: { 200: json(Terminated, 'What became of it.'), ...REFUSED },
});

const note = createRoute({
  method: 'patch',
  path: `${path}/{id}/metadata`,
  tags,
  ...needs('write'),
  summary: 'Keep something with a call',
  description:
    'Free JSON, merged level by level into what is kept: null takes away. A call keeps up to 16 KB. It is erased with the person.',
  request: { params: CallPath, body: { ...json(Notes, 'What to keep.'), required: true } },
  responses: { 200: json(Call, 'The call with all that is kept.'), ...REFUSED },
});

const costs = createRoute({
  method: 'get',
  path: `${path}/{id}/costs`,
  tags,
  ...needs('read'),
  summary: 'Read what a call cost',
  request: { params: CallPath },
  responses: { 200: json(CallCosts, 'What was charged for it.'), ...REFUSED },
});

/** As the reference writes it (campaign-api §6). */
const COSTS_IN_REFERENCE = '/api/calls/{id}/costs';

/** Calls, with what was said and recorded on them (campaign-api §6). */
export function callRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const part = partAsked(query);
    const choice = choiceOf(c.get('token').workspaceId, query);
    const { total, calls } = await findCalls(deps, { ...choice, offset: part.skip, limit: part.limit });
    return c.json({ items: calls.map(presentCall), ...partOf(part, total) }, 200);
  });
  api.openapi(exported, async (c) => {
    const { format, ...filter } = c.req.valid('query');
    const token = c.get('token');
    const { workspaceId } = token;
    // That its calls were handed out is kept with the campaign, so it has to be one's own.
    if (filter.campaign_id) await ownCampaign(deps, { workspaceId, campaignId: filter.campaign_id });
    const choice = { ...choiceOf(workspaceId, filter), actor: actorOf(token) };
    const { write, contentType } = WRITERS[format];
    return handOut(deps, c, () => ({
      pieces: write(exportCalls(deps, choice)),
      contentType,
      fileName: `calls_export.${format}`,
    }));
  });
  // Before the address of a single call, which this one would be taken for.
  api.openapi(readBySid, async (c) => {
    const { workspaceId } = c.get('token');
    const call = { sid: c.req.valid('param').sid };
    return c.json(presentCall(await showCallRecord(deps, { workspaceId, call })), 200);
  });
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    return c.json(presentCall(await showCallRecord(deps, { workspaceId, call: c.req.valid('param') })), 200);
  });
  api.use(COSTS_IN_REFERENCE.replace('{id}', ':id'), bearer(deps));
  for (const route of [costs, { ...costs, path: COSTS_IN_REFERENCE }])
    api.openapi(route, async (c) => {
      const { workspaceId } = c.get('token');
      const call = c.req.valid('param');
      return c.json(presentCosts(await showCallRecord(deps, { workspaceId, call })), 200);
    });
  api.openapi(terminate, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const { call } = await showCallRecord(deps, { workspaceId, call: named(c.req.valid('param').sid) });
    const asked = { workspaceId, callId: call.id, actor: actorOf(token) };
    const { kind, sentence: message } = await hangUpCall(deps, asked);
    return c.json({ success: kind === 'done', message, call_sid: call.providerRef ?? '' }, 200);
  });
  api.openapi(note, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const call = c.req.valid('param');
    const asked = { workspaceId, callId: call.id, actor: actorOf(token) };
    await noteOnCall(deps, { ...asked, changes: c.req.valid('json') });
    return c.json(presentCall(await showCallRecord(deps, { workspaceId, call })), 200);
  });
  transcriptRoutes(api, deps);
  recordingRoutes(api, deps);
}

/** Providers never name a call by digits alone; our own ids are nothing else. */
function named(sid: string): CallName {
  return /^\d{1,15}$/.test(sid) ? { id: Number(sid) } : { sid };
}

type Pages = AsyncGenerator<Record[], void, undefined>;

const WRITERS = {
  csv: { write: writeCsv, contentType: 'text/csv' },
  json: { write: writeJson, contentType: 'application/json' },
};

/** The columns of the reference, in its order. */
const COLUMNS: [name: string, cell: (record: Record) => string][] = [
  ['Call ID', ({ call }) => String(call.id)],
  ['Call SID', ({ call }) => call.providerRef ?? ''],
  ['Assistant Name', ({ call, assistantName }) => assistantName ?? call.script.assistantName],
  ['Customer Phone', ({ call }) => call.contactNumber],
  ['Status', ({ call }) => stageOf(call)],
  ['Duration (seconds)', ({ call }) => String(call.durationSeconds ?? 0)],
  ['Started At', ({ call }) => call.createdAt.toISOString()],
  ['Ended At', ({ call }) => call.endedAt?.toISOString() ?? ''],
];

async function* writeCsv(pages: Pages): AsyncGenerator<string, void> {
  yield csvRow(COLUMNS.map(([name]) => name));
  for await (const page of pages)
    yield page.map((record) => csvRow(COLUMNS.map(([, cell]) => cell(record)))).join('');
}

async function* writeJson(pages: Pages): AsyncGenerator<string, void> {
  let before = '[';
  for await (const page of pages)
    for (const record of page) {
      yield before + JSON.stringify(presentCall(record));
      before = ',';
    }
  yield before === '[' ? '[]' : ']';
}
