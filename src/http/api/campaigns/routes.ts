import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { campaignAsked } from '#http/api/campaign-asked.ts';
import { CampaignPath, json, needs, paginationOf, REFUSED } from '#http/api/contract.ts';
import { deleteCampaign } from '#operations/delete-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { listCampaignRecords } from '#operations/list-campaign-records.ts';
import { showCampaignRecord } from '#operations/show-campaign-record.ts';
import { everythingWrong } from './everything-wrong.ts';
import { presentCampaign, presentListed } from './present.ts';
import { createFrom, updateFrom } from './save.ts';
import {
  Campaign,
  CampaignCreate,
  CampaignList,
  CampaignUpdate,
  ListQuery,
  Message,
  misfitsOf,
  sentTwice,
} from './schemas.ts';

const path = '/api/v1/campaigns';
const tags = ['Campaigns'];
const params = CampaignPath;

const list = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'List campaigns, newest first',
  request: { query: ListQuery },
  responses: { 200: json(CampaignList, 'A page of campaigns.'), ...REFUSED },
});

const create = createRoute({
  method: 'post',
  path,
  tags,
  ...needs('write'),
  summary: 'Make a draft',
  description:
    'It takes a `name`, a `campaign_type` and an `assistant_id`, which may be null for texts alone; all else has defaults. Nobody is contacted: load contacts next, look at `preflight`, then start or schedule it.',
  request: { body: { ...json(CampaignCreate, 'What it is to say, and how.'), required: true } },
  responses: { 200: json(Campaign, 'The draft.'), ...REFUSED },
});

const read = createRoute({
  method: 'get',
  path: `${path}/{id}`,
  tags,
  ...needs('read'),
  summary: 'Read a campaign',
  request: { params },
  responses: { 200: json(Campaign, 'The campaign.'), ...REFUSED },
});

const change = {
  path: `${path}/{id}` as const,
  tags,
  ...needs('write'),
  request: { params, body: { ...json(CampaignUpdate, 'What is to change.'), required: true } },
  responses: { 200: json(Message, 'It is saved.'), ...REFUSED },
};
const update = createRoute({
  ...change,
  method: 'put',
  summary: 'Change a draft or a paused campaign',
  description:
    'What is left out stays as it is, within groups of settings too. Where the workspace demands approval, a change takes away the one that was given.',
});
const patch = createRoute({
  ...change,
  method: 'patch',
  summary: 'The same as PUT',
  description: 'For clients that change parts with PATCH.',
});

const remove = createRoute({
  method: 'delete',
  path: `${path}/{id}`,
  tags,
  ...needs('write'),
  summary: 'Delete a campaign for good',
  description:
    'In every status but `running`, and not while calls or texts of it are under way. Its contacts, results and imports are gone at once; the do-not-call list and the audit stay.',
  request: { params },
  responses: { 200: json(Message, 'It is gone.'), ...REFUSED },
});

/** Campaigns themselves (campaign-api §1.1–1.3). */
export function campaignRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { page, per_page, campaign_type, assistant_id, ...filter } = c.req.valid('query');
    const { campaigns, total } = await listCampaignRecords(deps, {
      ...filter,
      workspaceId: c.get('token').workspaceId,
      campaignType: campaign_type,
      assistantId: assistant_id,
      limit: per_page,
      offset: (page - 1) * per_page,
    });
    const now = deps.clock.now();
    const pagination = paginationOf({ page, per_page }, total);
    return c.json({ campaigns: campaigns.map((one) => presentListed(one, now)), pagination }, 200);
  });
  api.openapi(
    create,
    async (c) => {
      const token = c.get('token');
      const creationKey = c.get('requestKey');
      const record = await createFrom(deps, { token, body: c.req.valid('json'), creationKey });
      return c.json(presentCampaign(record, deps.clock.now()), 200);
    },
    everythingWrong(deps, misfitsOf),
  );
  api.openapi(read, async (c) => {
    const { workspaceId } = c.get('token');
    const record = await showCampaignRecord(deps, { workspaceId, campaignId: c.req.valid('param').id });
    return c.json(presentCampaign(record, deps.clock.now()), 200);
  });
  api.openapi(remove, async (c) => {
    const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    await deleteCampaign(deps, { campaignId, actor });
    return c.json({ message: 'Campaign deleted successfully' }, 200);
  });
  for (const route of [update, patch])
    api.openapi(
      route,
      async (c) => {
        const campaignId = c.req.valid('param').id;
        await updateFrom(deps, { token: c.get('token'), body: c.req.valid('json'), campaignId });
        return c.json({ message: 'Campaign updated successfully' }, 200);
      },
      everythingWrong(deps, sentTwice),
    );
}
