import { createRoute } from '@hono/zod-openapi';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import type { Api } from '#http/api/api.ts';
import { campaignAsked } from '#http/api/campaign-asked.ts';
import { CampaignPath, json, needs, REFUSED } from '#http/api/contract.ts';
import { sentenceOf } from '#http/api/words.ts';
import type { Deps } from '#operations/deps.ts';
import { explainCampaign } from '#operations/explain-campaign.ts';
import { launchDemands } from '#operations/launch-demands.ts';
import { preflight } from '#operations/preflight.ts';
import { previewCall } from '#operations/preview-call.ts';
import { previewMessage } from '#operations/preview-message.ts';
import { requestApproval } from '#operations/request-approval.ts';
import { presentPreflight, presentPreview } from './present.ts';
import { ApprovalAsked, Preflight, Preview, Why } from './schemas.ts';

const path = '/api/v1/campaigns/{id}';
const tags = ['Checks'];
const request = { params: CampaignPath };

const check = createRoute({
  method: 'get',
  path: `${path}/preflight`,
  tags,
  ...needs('read'),
  summary: 'See what would happen if a campaign began now',
  request,
  responses: {
    200: json(Preflight, 'Contacts by verdict, cost, duration, and what is missing.'),
    ...REFUSED,
  },
});

const preview = createRoute({
  method: 'get',
  path: `${path}/preview`,
  tags,
  ...needs('read'),
  summary: 'See its messages as its first contacts would have them',
  request,
  responses: { 200: json(Preview, 'Texts and calls of up to three contacts.'), ...REFUSED },
});

const why = createRoute({
  method: 'get',
  path: `${path}/why`,
  tags,
  ...needs('read'),
  summary: 'Ask why a campaign does what it does, and what comes next',
  request,
  responses: { 200: json(Why, 'Sentences.'), ...REFUSED },
});

const askApproval = createRoute({
  method: 'post',
  path: `${path}/request-approval`,
  tags,
  ...needs('write'),
  summary: 'Ask for a second person’s approval, where the workspace demands one',
  description:
    'People are asked in Slack, and the campaign waits for one of them. What `preflight` says under `approval` tells whether it is demanded and whether it was given.',
  request,
  responses: { 200: json(ApprovalAsked, 'It is asked for; a person decides in Slack.'), ...REFUSED },
});

/** What people look at before they start a campaign, and while it stands still (beyond the reference). */
export function checkRoutes(api: Api, deps: Deps): void {
  api.openapi(check, async (c) => {
    const { campaignId } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    const found = await preflight(deps, { campaignId, wordsOf: sentenceOf });
    return c.json(presentPreflight(campaignId, found, await launchDemands(deps, { campaignId })), 200);
  });
  api.openapi(preview, async (c) => {
    const { campaign, campaignId } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    const does = CHANNELS_OF[campaign.campaignType];
    const texts = does.texts ? await previewMessage(deps, { campaignId }) : null;
    const calls = does.calls ? await previewCall(deps, { campaignId }) : null;
    return c.json(presentPreview(campaignId, { texts, calls }), 200);
  });
  api.openapi(why, async (c) => {
    const { campaignId } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    return c.json({ campaign_id: campaignId, sentences: await explainCampaign(deps, { campaignId }) }, 200);
  });
  api.openapi(askApproval, async (c) => {
    const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    const { approvalId } = await requestApproval(deps, { campaignId, actor });
    return c.json({ message: 'Approval requested: a person decides in Slack', approval_id: approvalId }, 200);
  });
}
