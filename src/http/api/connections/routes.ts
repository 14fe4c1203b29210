import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { bearer } from '#http/api/bearer.ts';
import { campaignAsked } from '#http/api/campaign-asked.ts';
import { CampaignPath, json, needs, REFUSED } from '#http/api/contract.ts';
import { countWatchers } from '#operations/count-watchers.ts';
import type { Deps } from '#operations/deps.ts';

const Connections = z
  .object({
    campaign_id: z.number(),
    active_connections: z.number().openapi({ description: 'Sockets that show this campaign.' }),
    monitor_connections: z
      .number()
      .openapi({ description: 'Sockets that show every campaign of the workspace, this one among them.' }),
  })
  .openapi('Connections', { example: { campaign_id: 42, active_connections: 3, monitor_connections: 1 } });

const SOCKETS = `The count is of a second ago or so. The sockets themselves are no part of this document, as they speak WebSocket:

- \`/ws/campaigns/{id}/progress\` sends \`connection_ack\`, then \`initial_progress\`, then a \`progress_update\` after every change, at most four a second. It answers \`request_update\`, \`request_history\` (\`hours\` from 1 to 168) and \`ping\`. History comes as \`metrics_history\`: sums over the run at the end of each hour that changed them; \`from\` and \`until\` say which hours it is of, \`before\` what had been reached when they began.
- \`/ws/campaigns/monitor\` sends the same of every campaign of the workspace (where there are more than 20,000, it begins with those not over and the newest); \`subscribe\` and \`unsubscribe\` with a \`campaign_id\` narrow it down.
- \`/ws/calls/{id}/live-transcript\` sends what is said on a call, and takes \`request_status\`.

The token goes into the header \`Authorization: Bearer …\`, into the sub-protocol \`bearer.<token>\` (offer \`ringmaster\` beside it), or into \`?token=\`. Sockets are closed with 1008 when the token is not in force, 4004 when there is no such thing, 4008 when the token and those made by it have 2,000 sockets open at one server, 4000 when something broke here, 1001 when the server stops; after the last three, connect again, waiting longer each time: what is sent first is how things stand then. What is asked for on all these sockets is looked up 500 times a second at most; beyond that it waits for its turn, and is refused with an \`error\` when that is far away. More than 100 messages a second (1008) or one of more than 64 KB (1009) end a socket too.`;

const read = createRoute({
  method: 'get',
  path: '/ws/campaigns/{id}/connections',
  tags: ['Progress'],
  ...needs('read'),
  summary: 'Count the sockets that watch a campaign, over all processes',
  description: SOCKETS,
  request: { params: CampaignPath },
  responses: { 200: json(Connections, 'How many watch.'), ...REFUSED },
});

/** Who watches a campaign live (campaign-api §1.1). */
export function connectionRoutes(api: Api, deps: Deps): void {
  api.use('/ws/campaigns/:id/connections', bearer(deps));
  api.openapi(read, async (c) => {
    const { campaignId, workspaceId } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    const { campaign, workspace } = await countWatchers(deps, { campaignId, workspaceId });
    const counted = { active_connections: campaign, monitor_connections: workspace };
    return c.json({ campaign_id: campaignId, ...counted }, 200);
  });
}
