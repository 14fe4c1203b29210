import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { CampaignPath, json, needs, REFUSED } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { showProgress } from '#operations/show-progress.ts';
import { presentProgress } from './present.ts';
import { Progress } from './schemas.ts';

const read = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/progress',
  tags: ['Progress'],
  ...needs('read'),
  summary: 'Read how far a campaign is, with its figures and newest attempts',
  request: { params: CampaignPath },
  responses: { 200: json(Progress, 'How far it is.'), ...REFUSED },
});

/** How far campaigns are (campaign-api §4.1). */
export function progressRoutes(api: Api, deps: Deps): void {
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    const progress = await showProgress(deps, { workspaceId, campaignId: c.req.valid('param').id });
    return c.json(presentProgress(progress), 200);
  });
}
