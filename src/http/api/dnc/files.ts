import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { scopesAllow } from '#domain/token-scopes.ts';
import { type Api, type ApiEnv, actorOf } from '#http/api/api.ts';
import { Id, Instant, json, needs, REFUSED } from '#http/api/contract.ts';
import { handOut } from '#http/api/hand-out.ts';
import { problemsIn, unprocessable } from '#http/api/problems.ts';
import { takeUpload } from '#http/api/uploads.ts';
import { instant } from '#http/instant.ts';
import type { Deps } from '#operations/deps.ts';
import { followSuppressionImport } from '#operations/follow-suppression-import.ts';
import { forgetUpload } from '#operations/forget-upload.ts';
import { handOutSuppressions } from '#operations/hand-out-suppressions.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import type { ReceivedUpload } from '#operations/receive-upload.ts';
import { requestSuppressionUpload } from '#operations/request-suppression-upload.ts';
import { EntryPath } from './schemas.ts';

const path = '/api/v1/dnc';
const tags = ['Do not call'];

const Kind = z.enum(['own', 'national']);

const ListImport = z
  .object({
    import_id: z.number().int(),
    status: z.enum(['pending', 'processing', 'completed', 'failed']),
    kind: Kind,
    campaign_id: z.number().int().nullable(),
    file_name: z.string(),
    row_count: z.number().int(),
    added_count: z.number().int(),
    known_count: z.number().int().openapi({ description: 'Listed before, or twice in the file.' }),
    invalid_count: z.number().int().openapi({ description: 'Rows without a phone number.' }),
    problem: z.string().nullable(),
    created_at: Instant,
    completed_at: Instant.nullable(),
  })
  .openapi('DoNotCallImport');

const Fields = z.object({ kind: Kind.default('own'), campaign_id: Id.optional() });

const load = createRoute({
  method: 'post',
  path: `${path}/import`,
  tags,
  ...needs('write'),
  summary: 'Load a file of numbers into the do-not-call list',
  description:
    'One number a row; `+1900*` means all that begin so. What is read counts at once. The national list takes the scope launch as well: it lets campaigns go on that wait for a fresher one.',
  request: {
    query: z.object({
      file_name: z
        .string()
        .max(500)
        .optional()
        .openapi({ description: 'Of a body that is the file itself.' }),
      kind: Kind.optional().openapi({ description: 'Your own list, or a national one.' }),
      campaign_id: Id.optional().openapi({ description: 'The only campaign that it counts for.' }),
    }),
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file'],
            properties: {
              file: { type: 'string', format: 'binary' },
              kind: { type: 'string', enum: ['own', 'national'], default: 'own' },
              campaign_id: { type: 'integer', description: 'The only campaign that it counts for.' },
            },
          },
        },
        'text/csv': { schema: { type: 'string', format: 'binary' } },
      },
    },
  },
  responses: {
    202: json(ListImport, 'The file was received; it is loaded after this answer.'),
    413: REFUSED[400],
    415: REFUSED[400],
    ...REFUSED,
  },
});

const read = createRoute({
  method: 'get',
  path: `${path}/imports/{id}`,
  tags,
  ...needs('read'),
  summary: 'Ask how far a file for the list is loaded',
  request: { params: EntryPath },
  responses: { 200: json(ListImport, 'How far it is, or how it ended.'), ...REFUSED },
});

const exported = createRoute({
  method: 'get',
  path: `${path}/export`,
  tags,
  ...needs('read'),
  summary: 'Download the do-not-call list as CSV',
  responses: {
    200: {
      content: { 'text/csv': { schema: { type: 'string' } } },
      description: 'Ranges first, then number by number, while it is read.',
    },
    ...REFUSED,
  },
});

/** Files of numbers, into the do-not-call list and out of it (campaign-api §7.19). */
export function dncFileRoutes(api: Api, deps: Deps): void {
  api.openapi(exported, (c) => {
    const token = c.get('token');
    return handOut(deps, c, () => ({
      pieces: handOutSuppressions(deps, { workspaceId: token.workspaceId, actor: actorOf(token) }),
      contentType: 'text/csv',
      fileName: 'do-not-call.csv',
    }));
  });
  api.openapi(load, async (c) => {
    const { upload, fields, requestKey } = await takeUpload(deps, c, c.get('token').workspaceId);
    if (!upload) return unprocessable(c, [{ loc: ['body', 'file'], msg: 'Field required', type: 'missing' }]);
    const said = Fields.safeParse(fields);
    if (said.success) return request(deps, c, { upload, requestKey, ...said.data });
    await forgetUpload(deps, upload.fileId);
    return unprocessable(c, problemsIn({ target: 'form', error: said.error }));
  });
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    const importId = c.req.valid('param').id;
    return c.json(present(await followSuppressionImport(deps, { workspaceId, importId })), 200);
  });
}

type Wish = z.output<typeof Fields> & { upload: ReceivedUpload; requestKey: string };

async function request(deps: Deps, c: Context<ApiEnv>, { upload, requestKey, kind, campaign_id }: Wish) {
  const token = c.get('token');
  const { workspaceId } = token;
  const onlyCampaignId = kind === 'national' ? null : (campaign_id ?? null);
  if (kind === 'national' && !scopesAllow(token.scopes, 'launch')) {
    await forgetUpload(deps, upload.fileId);
    return c.json({ detail: mayNot(token.name) }, 403);
  }
  if (onlyCampaignId !== null)
    await ownCampaign(deps, { workspaceId, campaignId: onlyCampaignId }).catch(async (error: unknown) => {
      await forgetUpload(deps, upload.fileId);
      throw error;
    });
  const asked = { workspaceId, kind, onlyCampaignId, actor: actorOf(token), requestKey };
  const { importId } = await requestSuppressionUpload(deps, { ...asked, upload });
  return c.json(present(await followSuppressionImport(deps, { workspaceId, importId })), 202);
}

function mayNot(name: string): string {
  return `The token “${name}” may not load the national list: campaigns that wait for a fresher one go on with it. Nothing was loaded. Use one that has write and launch.`;
}

function present(row: Awaited<ReturnType<typeof followSuppressionImport>>): z.output<typeof ListImport> {
  return {
    import_id: row.id,
    status: row.status,
    kind: row.kind,
    campaign_id: row.onlyCampaignId,
    file_name: row.fileName,
    row_count: row.rowCount,
    added_count: row.addedCount,
    known_count: row.knownCount,
    invalid_count: row.invalidCount,
    problem: row.problem,
    created_at: instant(row.createdAt),
    completed_at: instant(row.completedAt),
  };
}
