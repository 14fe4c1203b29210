import { createRoute, z } from '@hono/zod-openapi';
import { type Api, actorOf } from '#http/api/api.ts';
import { CampaignPath, needs, REFUSED } from '#http/api/contract.ts';
import { handOut } from '#http/api/hand-out.ts';
import type { Deps } from '#operations/deps.ts';
import { RESULT_FORMATS, type ResultFormat } from '#operations/export-results.ts';
import { handOutResults } from '#operations/hand-out-results.ts';

const CONTENT_TYPES: Record<ResultFormat, string> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

const Row = z
  .record(z.string(), z.union([z.string(), z.number(), z.null()]))
  .openapi('ResultRow', { example: { phone_number: '+15551234567', status: 'completed', attempts: 1 } });

const read = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/export',
  tags: ['Contacts'],
  ...needs('read'),
  summary: 'Export the results of a campaign',
  description:
    'One row a contact, in the order of their import, sent while it is read. In CSV, cells that a spreadsheet would run as formulas begin with an apostrophe.',
  request: {
    params: CampaignPath,
    query: z.object({
      format: z
        .enum(RESULT_FORMATS)
        .default('csv')
        .openapi({ description: '`ndjson` is one JSON object a line.' }),
    }),
  },
  responses: {
    200: {
      description: 'The file.',
      content: {
        'text/csv': { schema: z.string() },
        'application/json': { schema: z.array(Row) },
        'application/x-ndjson': { schema: z.string() },
      },
    },
    ...REFUSED,
  },
});

/** What came of every contact, as a file (campaign-api §7.26). */
export function exportRoutes(api: Api, deps: Deps): void {
  api.openapi(read, (c) => {
    const token = c.get('token');
    const { format } = c.req.valid('query');
    const asked = {
      workspaceId: token.workspaceId,
      campaignId: c.req.valid('param').id,
      actor: actorOf(token),
      format,
    };
    return handOut(deps, c, async () => ({
      ...(await handOutResults(deps, asked)),
      contentType: CONTENT_TYPES[format],
    }));
  });
}
