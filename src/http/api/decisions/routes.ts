import { createRoute, type z } from '@hono/zod-openapi';
import { Refusal } from '#domain/refusal.ts';
import { type Api, actorOf } from '#http/api/api.ts';
import { Message } from '#http/api/campaigns/schemas.ts';
import { CampaignPath, json, needs, REFUSED } from '#http/api/contract.ts';
import { instant } from '#http/instant.ts';
import { decideContactHold } from '#operations/decide-contact-hold.ts';
import { decideReview } from '#operations/decide-review.ts';
import type { Deps } from '#operations/deps.ts';
import { listDecisions, type OpenDecisions } from '#operations/list-decisions.ts';
import { Decisions, HoldInput, HoldPath, ReviewInput, ReviewPath } from './schemas.ts';

const path = '/api/v1/campaigns/{id}';
const tags = ['Decisions'];

const list = createRoute({
  method: 'get',
  path: `${path}/decisions`,
  tags,
  ...needs('read'),
  summary: 'See what waits for somebody’s decision',
  request: { params: CampaignPath },
  responses: { 200: json(Decisions, 'Attempts whose fate nobody knows, and unclear texts.'), ...REFUSED },
});

const review = createRoute({
  method: 'post',
  path: `${path}/executions/{execution_id}/decision`,
  tags,
  ...needs('launch'),
  summary: 'Decide about an attempt whose fate the provider cannot tell',
  description:
    'The provider’s answer was lost, and its list does not tell: the person may have been called or texted, or not. Their contact waits until somebody decides.',
  request: { params: ReviewPath, body: { ...json(ReviewInput, 'What is to become of it.'), required: true } },
  responses: { 200: json(Message, 'It is decided.'), ...REFUSED },
});

const hold = createRoute({
  method: 'post',
  path: `${path}/holds/{hold_id}/decision`,
  tags,
  ...needs('write'),
  summary: 'Decide whether a text meant “leave me alone”',
  description: 'Nobody contacts them until it is decided.',
  request: { params: HoldPath, body: { ...json(HoldInput, 'What it meant.'), required: true } },
  responses: { 200: json(Message, 'It is decided.'), ...REFUSED },
});

/** What only a person can decide (beyond the reference). */
export function decisionRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { workspaceId } = c.get('token');
    const open = await listDecisions(deps, { workspaceId, campaignId: c.req.valid('param').id });
    return c.json(presentDecisions(open), 200);
  });
  api.openapi(review, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const { id: campaignId, execution_id: attemptId } = c.req.valid('param');
    const { reviews } = await listDecisions(deps, { workspaceId, campaignId });
    if (!reviews.some((one) => one.attemptId === attemptId)) throw new Refusal('decision_not_found', {});
    const { decision } = c.req.valid('json');
    const { changed } = await decideReview(deps, { workspaceId, attemptId, decision, actor: actorOf(token) });
    if (!changed) throw new Refusal('decision_not_found', {});
    return c.json({ message: 'Decision saved' }, 200);
  });
  api.openapi(hold, async (c) => {
    const token = c.get('token');
    const { workspaceId } = token;
    const { id: campaignId, hold_id: contactHoldId } = c.req.valid('param');
    const { holds } = await listDecisions(deps, { workspaceId, campaignId });
    if (!holds.some(({ holdId }) => holdId === contactHoldId)) throw new Refusal('decision_not_found', {});
    const { decision } = c.req.valid('json');
    const wish = { workspaceId, contactHoldId, decision, actor: actorOf(token) };
    if (!(await decideContactHold(deps, wish)).changed) throw new Refusal('decision_not_found', {});
    return c.json({ message: 'Decision saved' }, 200);
  });
}

function presentDecisions({ reviews, holds }: OpenDecisions): z.output<typeof Decisions> {
  return {
    reviews: reviews.map(({ attemptId, contactId, phoneNumber, channel, askedAt, createdAt }) => ({
      execution_id: attemptId,
      contact_id: contactId,
      contact_phone: phoneNumber,
      channel,
      executed_at: instant(askedAt ?? createdAt),
    })),
    holds: holds.map(({ holdId, phoneNumber, text, createdAt }) => ({
      hold_id: holdId,
      phone_number: phoneNumber,
      text,
      received_at: instant(createdAt),
    })),
  };
}
