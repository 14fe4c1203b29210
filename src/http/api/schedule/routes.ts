import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { campaignAsked } from '#http/api/campaign-asked.ts';
import { CampaignPath, json, needs, REFUSED } from '#http/api/contract.ts';
import { inOneSentence } from '#http/api/in-one-sentence.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { skipRun } from '#operations/skip-run.ts';
import { unscheduleCampaign } from '#operations/unschedule-campaign.ts';
import { presentSchedule } from './present.ts';
import { Saved, Schedule, ScheduleSave } from './schemas.ts';

const path = '/api/v1/campaigns/{id}/schedule';
const tags = ['Schedule'];
const params = CampaignPath;

const read = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'Read when a campaign runs',
  request: { params },
  responses: { 200: json(Schedule, 'Its schedule.'), ...REFUSED },
});

const save = createRoute({
  method: 'post',
  path,
  tags,
  ...needs('launch'),
  summary: 'Schedule a campaign, or take its schedule away with `immediate`',
  description:
    'A draft or a scheduled campaign. `scheduled_at` without an offset is in `timezone`. A recurring campaign contacts everybody anew with each run. `immediate` makes a scheduled campaign a draft again.',
  request: { params, body: { ...json(ScheduleSave, 'When it is to run.'), required: true } },
  responses: { 200: json(Saved, 'The schedule stands.'), ...REFUSED },
});

const remove = createRoute({
  method: 'post',
  path: '/api/v1/campaigns/{id}/unschedule',
  tags,
  ...needs('stop'),
  summary: 'Make a scheduled campaign a draft again',
  description: 'The same as saving the schedule `immediate`; its time is forgotten.',
  request: { params },
  responses: { 200: json(Saved, 'It is a draft again.'), ...REFUSED },
});

const skip = createRoute({
  method: 'post',
  path: '/api/v1/campaigns/{id}/skip-run',
  tags,
  ...needs('stop'),
  summary: 'Leave out the next run of a recurring campaign',
  description: 'The run after it is the next one then; where there is none, the campaign is over.',
  request: { params },
  responses: { 200: json(Saved, 'It goes on with the run after it, if there is one.'), ...REFUSED },
});

/** When a campaign runs (campaign-api §3.1). */
export function scheduleRoutes(api: Api, deps: Deps): void {
  api.openapi(read, async (c) => {
    const { campaign } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    return c.json(presentSchedule(campaign), 200);
  });
  api.openapi(save, async (c) => {
    const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    const { attest, ...schedule } = c.req.valid('json');
    if (attest) await attestCampaign(deps, { campaignId, actor });
    const wish = { campaignId, actor, schedule, isAheadOfContacts: true };
    await inOneSentence(() => scheduleCampaign(deps, wish));
    return c.json({ success: true as const, message: 'Schedule saved' }, 200);
  });
  api.openapi(skip, async (c) => {
    const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    await skipRun(deps, { campaignId, actor });
    return c.json({ success: true as const, message: 'Run skipped' }, 200);
  });
  api.openapi(remove, async (c) => {
    const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    await unscheduleCampaign(deps, { campaignId, actor });
    return c.json({ success: true as const, message: 'Campaign unscheduled' }, 200);
  });
}
