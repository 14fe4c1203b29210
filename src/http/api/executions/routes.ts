import { createRoute } from '@hono/zod-openapi';
import { readContactStatus } from '#domain/contact-status.ts';
import type { Api } from '#http/api/api.ts';
import { CampaignPath, json, needs, paginationOf, REFUSED, rowsOf } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { listExecutions } from '#operations/list-executions.ts';
import { presentExecution } from './present.ts';
import { ExecutionList, ExecutionQuery } from './schemas.ts';

const list = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/executions',
  tags: ['Executions'],
  ...needs('read'),
  summary: 'List the attempts of a campaign, newest first',
  request: { params: CampaignPath, query: ExecutionQuery },
  responses: { 200: json(ExecutionList, 'One page of its calls and texts.'), ...REFUSED },
});

/** The calls and texts of a campaign, one row for each attempt (campaign-api §4.3, §7.23). */
export function executionRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const { executions, total } = await listExecutions(deps, {
      workspaceId: c.get('token').workspaceId,
      campaignId: c.req.valid('param').id,
      contactId: query.contact_id ?? null,
      status: readContactStatus(query.status),
      page: rowsOf(query),
    });
    const answer = { executions: executions.map(presentExecution), pagination: paginationOf(query, total) };
    return c.json(answer, 200);
  });
}
