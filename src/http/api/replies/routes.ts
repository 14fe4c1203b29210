import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import {
  CampaignPath,
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
import { findReplies } from '#operations/find-replies.ts';

const Reply = z
  .object({
    id: z.number().int(),
    contact_id: z.number().int().nullable(),
    contact_name: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    body: z.string(),
    media_count: z.number().int(),
    verdict: z.string().openapi({ description: 'What was made of it, such as an opt-out.' }),
    received_at: Instant,
  })
  .openapi('Reply');

const Replies = z.object({ replies: z.array(Reply), pagination: Pagination }).openapi('Replies');

const list = createRoute({
  method: 'get',
  path: '/api/v1/campaigns/{id}/replies',
  tags: ['Contacts'],
  ...needs('read'),
  summary: 'List what people texted back, the newest first',
  request: { params: CampaignPath, query: PageQuery },
  responses: { 200: json(Replies, 'A page of the texts.'), ...REFUSED },
});

/** What people texted back to a campaign (campaign-api §7.18). */
export function replyRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const query = c.req.valid('query');
    const asked = { workspaceId, campaignId: c.req.valid('param').id, page: rowsOf(query) };
    const { total, replies } = await findReplies(deps, asked);
    return c.json({ replies: replies.map(presentReply), pagination: paginationOf(query, total) }, 200);
  });
}

type ReplyRow = Awaited<ReturnType<typeof findReplies>>['replies'][number];

function presentReply(reply: ReplyRow): z.output<typeof Reply> {
  return {
    id: reply.id,
    contact_id: reply.contactId,
    contact_name: reply.contactName,
    from: reply.fromNumber,
    to: reply.toNumber,
    body: reply.body,
    media_count: reply.mediaCount,
    verdict: reply.verdict,
    received_at: instant(reply.receivedAt),
  };
}
