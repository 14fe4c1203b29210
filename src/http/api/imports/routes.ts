import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { canImport, wrongStatus } from '#domain/lifecycle.ts';
import { type Api, type ApiEnv, actorOf } from '#http/api/api.ts';
import { CampaignPath, json, needs, PageQuery, paginationOf, REFUSED, rowsOf } from '#http/api/contract.ts';
import { handOut } from '#http/api/hand-out.ts';
import { problemsIn, unprocessable } from '#http/api/problems.ts';
import { takeUpload, UPLOAD_CONTENT } from '#http/api/uploads.ts';
import type { Deps } from '#operations/deps.ts';
import { exportRejects } from '#operations/export-rejects.ts';
import { followImport } from '#operations/follow-import.ts';
import { forgetUpload } from '#operations/forget-upload.ts';
import { listImports } from '#operations/list-imports.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import { requestUploadImport } from '#operations/request-upload-import.ts';
import { presentImport, presentStarted } from './present.ts';
import { Import, ImportList, ImportPath, ImportStarted, UploadFields, UploadQuery } from './schemas.ts';

const tags = ['Imports'];
const STARTED = {
  202: json(ImportStarted, 'The file was received; its contacts are loaded after this answer.'),
  413: REFUSED[400],
  415: REFUSED[400],
  ...REFUSED,
};

const load = createRoute({
  method: 'post',
  path: '/api/v1/campaigns/{id}/import-data',
  tags,
  ...needs('write'),
  summary: 'Load contacts from a file',
  description:
    'The file is a list as CSV, a JSON array of contacts, `{"contacts": […]}` or one JSON object a line, up to 200 MB, in the form’s field `file` or as the body itself. Contacts that earlier files brought and nobody was contacted for are replaced, unless `mode` is `append`.',
  request: {
    params: CampaignPath,
    query: UploadQuery,
    body: {
      required: true,
      content: {
        ...UPLOAD_CONTENT,
        'application/json': {
          schema: {
            type: 'array',
            items: { type: 'object', additionalProperties: true },
            example: [{ phone_number: '+15551234567', name: 'John Smith', appointment_date: '2024-02-15' }],
          },
        },
      },
    },
  },
  responses: STARTED,
});

const add = createRoute({
  method: 'post',
  path: '/api/v1/campaigns/{id}/contacts',
  tags,
  ...needs('write'),
  summary: 'Add contacts',
  description: 'The same as loading a JSON file with `mode=append`.',
  request: {
    params: CampaignPath,
    query: UploadQuery,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['contacts'],
            properties: {
              contacts: { type: 'array', items: { type: 'object', additionalProperties: true } },
            },
            example: { contacts: [{ phone_number: '+15551234567', name: 'John Smith' }] },
          },
        },
      },
    },
  },
  responses: STARTED,
});

const list = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/imports',
  tags,
  ...needs('read'),
  summary: 'List the imports of a campaign, newest first',
  request: { params: CampaignPath, query: PageQuery },
  responses: { 200: json(ImportList, 'Its imports.'), ...REFUSED },
});

const read = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/imports/{import_id}',
  tags,
  ...needs('read'),
  summary: 'Ask how far an import is',
  request: { params: ImportPath },
  responses: { 200: json(Import, 'How far it is, or how it ended.'), ...REFUSED },
});

const rejects = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/imports/{import_id}/rejects',
  tags,
  ...needs('read'),
  summary: 'Fetch the rows that were not loaded',
  request: { params: ImportPath },
  responses: {
    200: {
      content: { 'text/csv': { schema: z.string() } },
      description: 'Line, value and reason, then the row as it was; empty when every row was loaded.',
    },
    ...REFUSED,
  },
});

/** Files of contacts that are loaded into a campaign (campaign-api §2.1, §7.3–7.6, §7.28). */
export function importRoutes(api: Api, deps: Deps): void {
  api.openapi(load, (c) => loadFile(deps, c, c.req.valid('param').id, 'replace'));
  api.openapi(add, (c) => loadFile(deps, c, c.req.valid('param').id, 'append'));
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const query = c.req.valid('query');
    const { imports, total } = await listImports(deps, {
      workspaceId,
      campaignId: c.req.valid('param').id,
      page: rowsOf(query),
    });
    const pagination = paginationOf(query, total);
    return c.json({ imports: imports.map(presentImport), pagination }, 200);
  });
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    const { id, import_id } = c.req.valid('param');
    const found = await followImport(deps, { workspaceId, campaignId: id, importId: import_id });
    return c.json(presentImport(found), 200);
  });
  api.openapi(rejects, (c) => {
    const { workspaceId } = c.get('token');
    const { id, import_id } = c.req.valid('param');
    return handOut(deps, c, async () => {
      const file = await exportRejects(deps, { workspaceId, campaignId: id, importId: import_id });
      const fileName = `${file.fileName.replace(/\.[^.]*$/, '')}-rejected.csv`;
      return { pieces: file.pieces, contentType: 'text/csv', fileName };
    });
  });
}

/** Whether it takes contacts now is looked at before the file comes, and again when it is there. */
async function loadFile(deps: Deps, c: Context<ApiEnv>, campaignId: number, usualMode: 'replace' | 'append') {
  const token = c.get('token');
  const { workspaceId } = token;
  const { campaign, counts } = await ownCampaign(deps, { workspaceId, campaignId });
  if (!canImport(campaign.status)) throw wrongStatus('import', campaign.status);
  const { upload, fields, requestKey } = await takeUpload(deps, c, workspaceId);
  const said = UploadFields.safeParse(fields);
  if (!said.success) {
    if (upload) await forgetUpload(deps, upload.fileId);
    return unprocessable(c, problemsIn({ target: 'form', error: said.error }));
  }
  if (!upload) return unprocessable(c, [{ loc: ['body', 'file'], msg: 'Field required', type: 'missing' }]);
  const { importId } = await requestUploadImport(deps, {
    campaignId,
    upload,
    columnMappings: said.data.column_mappings,
    usualMappings: campaign.variableMappings,
    mode: said.data.mode ?? usualMode,
    actor: actorOf(token),
    requestKey,
  });
  const { row } = await followImport(deps, { workspaceId, campaignId, importId });
  return c.json(presentStarted(row, counts), 202);
}
