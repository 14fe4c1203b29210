import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import {
  Id,
  Instant,
  json,
  needs,
  PageQuery,
  Pagination,
  paginationOf,
  REFUSED,
  rowsOf,
} from '#http/api/contract.ts';
import { instant } from '#http/instant.ts';
import type { Deps } from '#operations/deps.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import { type AuditLine, showAudit } from '#operations/show-audit.ts';

const Deed = z
  .object({
    at: Instant,
    actor: z.string().openapi({ description: 'slack:…, token:… or system.' }),
    did: z.string().openapi({ description: 'The rest of a sentence that begins with who did it.' }),
    campaign_id: z.number().int().nullable(),
    campaign_name: z.string().nullable(),
  })
  .openapi('Deed', {
    example: {
      at: '2024-02-15T09:00:00Z',
      actor: 'token:1',
      did: 'started the campaign',
      campaign_id: 42,
      campaign_name: 'February reminders',
    },
  });

const Audit = z.object({ deeds: z.array(Deed), pagination: Pagination }).openapi('Audit');

const list = createRoute({
  method: 'get',
  path: '/api/v1/audit',
  tags: ['Audit'],
  ...needs('read'),
  summary: 'List what was done and by whom, the newest first',
  request: {
    query: PageQuery.extend({
      campaign_id: Id.optional().openapi({ description: 'Only what was done with this campaign.' }),
    }),
  },
  responses: { 200: json(Audit, 'A page of it.'), ...REFUSED },
});

/** What was done, by whom and when. */
export function auditRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const { campaign_id: campaignId = null, ...page } = c.req.valid('query');
    if (campaignId !== null) await ownCampaign(deps, { workspaceId, campaignId });
    const { lines, total } = await showAudit(deps, { workspaceId, campaignId, ...rowsOf(page) });
    return c.json({ deeds: lines.map(presentDeed), pagination: paginationOf(page, total) }, 200);
  });
}

function presentDeed({ at, actor, did, campaign }: AuditLine): z.output<typeof Deed> {
  return {
    at: instant(at),
    actor,
    did,
    campaign_id: campaign?.id ?? null,
    campaign_name: campaign?.name ?? null,
  };
}
