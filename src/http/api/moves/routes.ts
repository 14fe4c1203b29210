import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { campaignAsked } from '#http/api/campaign-asked.ts';
import { Message } from '#http/api/campaigns/schemas.ts';
import { CampaignPath, json, needs, REFUSED } from '#http/api/contract.ts';
import { emptyIsNone } from '#http/api/empty-body.ts';
import { inOneSentence } from '#http/api/in-one-sentence.ts';
import { changeStatus } from '#operations/change-status.ts';
import type { Deps } from '#operations/deps.ts';
import { launchCampaign } from '#operations/launch-campaign.ts';
import { scheduleNextRun } from '#operations/schedule-next-run.ts';
import { presentNextRun, presentStart } from './present.ts';
import { ReExecuted, ReExecuteInput, Started, StartInput } from './schemas.ts';

const path = '/api/v1/campaigns/{id}';
const tags = ['Moves'];
const params = CampaignPath;

const launch = needs('launch');
const begin = {
  method: 'post' as const,
  tags,
  ...launch,
  middleware: [launch.middleware, emptyIsNone],
  request: { params, body: { ...json(StartInput, 'Nothing, as a rule.'), required: false } },
  responses: { 200: json(Started, 'It begins, goes on, or waits for its time.'), ...REFUSED },
};
const start = createRoute({
  ...begin,
  path: `${path}/start` as const,
  summary: 'Start or resume a campaign',
  description:
    'In `draft`, `scheduled` and `paused`. It takes contacts, and an assistant where it calls; whatever else is missing is said in the 400. A paused campaign goes on where it was. A scheduled one keeps its time, unless `now` is true. The answer always says `scheduled`: read the campaign for what it does.',
});
const resume = createRoute({
  ...begin,
  path: `${path}/resume` as const,
  summary: 'The same as start',
  description: 'For clients that resume with a verb of its own.',
});

const end = {
  method: 'post' as const,
  tags,
  ...needs('stop'),
  request: { params },
  responses: { 200: json(Message, 'Nobody else is contacted.'), ...REFUSED },
};
const pause = createRoute({
  ...end,
  path: `${path}/pause` as const,
  summary: 'Pause a running campaign',
  description: 'Nobody else is contacted; calls under way are finished. Start lets it go on.',
});
const stop = createRoute({
  ...end,
  path: `${path}/stop` as const,
  summary: 'Cancel a campaign for good',
  description:
    'In `running`, `paused` and `scheduled`. Whoever still waits is `skipped` with `skip_reason: campaign_stopped`; calls under way are finished. It cannot go on, but can be executed again.',
});
const cancel = createRoute({
  ...end,
  path: `${path}/cancel` as const,
  summary: 'The same as stop',
  description: 'For clients that call it so.',
});

const reExecute = createRoute({
  method: 'post',
  path: `${path}/re-execute`,
  tags,
  ...needs('launch'),
  summary: 'Set up another run of a campaign that is over',
  description:
    'In `completed`, `cancelled` and `failed`. Those chosen wait again, everybody else is `skipped`, the figures begin at 0, and the executions so far are kept. Without a schedule it is a draft again, which start begins.',
  request: { params, body: { ...json(ReExecuteInput, 'Whom it reaches, and when.'), required: true } },
  responses: { 200: json(ReExecuted, 'The next run is set up.'), ...REFUSED },
});

/** What starts, pauses, stops and repeats a campaign (campaign-api §1.4–1.6). */
export function moveRoutes(api: Api, deps: Deps): void {
  beginRoutes(api, deps);
  for (const [route, move, message] of [
    [pause, 'pause', 'Campaign paused successfully'],
    [stop, 'cancel', 'Campaign stopped successfully'],
    [cancel, 'cancel', 'Campaign stopped successfully'],
  ] as const)
    api.openapi(route, async (c) => {
      const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
      await changeStatus(deps, { campaignId, move, actor });
      return c.json({ message }, 200);
    });
}

function beginRoutes(api: Api, deps: Deps): void {
  for (const route of [start, resume])
    api.openapi(route, async (c) => {
      const { attest, now } = c.req.valid('json') ?? {};
      const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
      const launched = await launchCampaign(deps, {
        campaignId,
        actor,
        isNow: now === true,
        attests: attest === true,
        requestKey: c.get('requestKey'),
      });
      return c.json(presentStart(campaignId, launched), 200);
    });
  api.openapi(reExecute, async (c) => {
    const body = c.req.valid('json');
    const { campaignId, actor } = await campaignAsked(deps, c.get('token'), c.req.valid('param'));
    const next = await inOneSentence(() =>
      scheduleNextRun(deps, {
        campaignId,
        actor,
        selection: body.contact_selection,
        schedule: body.schedule_settings ?? undefined,
        attests: body.attest === true,
        requestKey: c.get('requestKey'),
      }),
    );
    return c.json(presentNextRun(campaignId, next), 200);
  });
}
