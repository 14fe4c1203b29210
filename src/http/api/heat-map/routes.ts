import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { findBestTime } from '#operations/find-best-time.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import { presentHeatMap } from './present.ts';
import { HeatMap, HeatMapQuery } from './schemas.ts';

const read = createRoute({
  method: 'get',
  path: '/api/v1/heat-map',
  tags: ['Progress'],
  ...needs('read'),
  summary: 'Read when people pick up, by weekday and hour on their own clocks',
  request: { query: HeatMapQuery },
  responses: { 200: json(HeatMap, 'Calls placed and answered by the hour of the week.'), ...REFUSED },
});

/** When people pick up, as the dashboard and `/campaign best-time` show it. */
export function heatMapRoutes(api: Api, deps: Deps): void {
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    const campaignId = c.req.valid('query').campaign_id ?? null;
    if (campaignId !== null) await ownCampaign(deps, { workspaceId, campaignId });
    return c.json(presentHeatMap(campaignId, await findBestTime(deps, { workspaceId, campaignId })), 200);
  });
}
