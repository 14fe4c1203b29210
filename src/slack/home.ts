import type { HomeView } from '@slack/types';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import { measureCampaign } from '#domain/metrics.ts';
import { Refusal } from '#domain/refusal.ts';
import { authorize } from '#operations/authorize.ts';
import type { CampaignSummary } from '#operations/campaign-summary.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { listCampaigns } from '#operations/list-campaigns.ts';
import { listOpenApprovals } from '#operations/list-open-approvals.ts';
import type { ApprovalNote } from '#ports/chat-content.ts';
import { actionId, campaignValue } from './action-ids.ts';
import { drawApproval } from './blocks/approval.ts';
import { progressBar, STATUS_WORDS } from './blocks/campaign-card.ts';
import { actions, type Block, bullets, button, header, plainSection, section } from './blocks/kit.ts';
import type { SlackContext } from './context.ts';
import { failureCode } from './errors.ts';
import { LIMITS } from './limits.ts';
import { count, counted, quote } from './mrkdwn.ts';

/** A view holds a hundred blocks: three for each of these in four groups, and as many for each request. */
const SHOWN_EACH = 6;
const SHOWN_REQUESTS = 5;

type Shown = Pick<CampaignSummary, 'id' | 'name' | 'status' | 'version' | 'counts' | 'schedule'> & {
  /** What still keeps a draft that calls from starting: it needs more than a text does. */
  missing?: string[];
};
type Sections = {
  running: Shown[];
  scheduled: Shown[];
  paused: Shown[];
  drafts: Shown[];
  /** Requests for approval that this reader may decide. */
  toApprove?: ApprovalNote[];
};

/** Draws somebody's home tab: what runs, what waits, what is being prepared, and the ways to begin. */
export async function publishHome(slack: SlackContext, userId: string): Promise<void> {
  const { workspaceId } = await slack.home();
  const view = await homeFor(slack, workspaceId, userId);
  try {
    await slack.clients.background.views.publish({ user_id: userId, view });
  } catch (error) {
    slack.deps.log.warn({ code: failureCode(error) }, 'a home tab could not be drawn');
  }
}

async function homeFor(slack: SlackContext, workspaceId: number, userId: string): Promise<HomeView> {
  const { deps } = slack;
  try {
    await authorize(deps, {
      workspaceId,
      actor: { kind: 'slack_user', userId },
      channelId: null,
      right: 'view',
    });
  } catch (error) {
    if (error instanceof Refusal) return homeView([plainSection(error.message)]);
    throw error;
  }
  const read = async (status: CampaignStatus) =>
    (await listCampaigns(deps, { workspaceId, status, limit: SHOWN_EACH, offset: 0 })).campaigns;
  const [running, scheduled, paused, drafts] = await Promise.all([
    read('running'),
    read('scheduled'),
    read('paused'),
    read('draft'),
  ]);
  const actor = { kind: 'slack_user', userId } as const;
  return homeView(
    homeBlocks({
      toApprove: await listOpenApprovals(deps, { workspaceId, actor, limit: SHOWN_REQUESTS }),
      running,
      scheduled,
      paused,
      drafts: await Promise.all(drafts.map((draft) => withMissing(slack, draft))),
    }),
  );
}

async function withMissing({ deps }: SlackContext, draft: CampaignSummary): Promise<Shown> {
  if (!CHANNELS_OF[draft.campaignType].calls) return draft;
  const { missing } = await drawCampaignCard(deps, { campaignId: draft.id });
  return { ...draft, missing };
}

export function homeBlocks({ running, scheduled, paused, drafts, toApprove = [] }: Sections): Block[] {
  const isNew = [running, scheduled, paused, drafts].every((some) => some.length === 0);
  return [
    actions([button({ label: 'New campaign', actionId: actionId('campaign.new'), style: 'primary' })]),
    ...(isNew ? firstSteps() : []),
    ...(toApprove.length > 0 ? [header('Waiting for your approval')] : []),
    ...toApprove.slice(0, SHOWN_REQUESTS).flatMap((note) => drawApproval(note).blocks),
    ...group('Running', running),
    ...group('Scheduled', scheduled),
    ...group('Paused', paused),
    ...group('Drafts', drafts),
    header('Help'),
    section(
      'Drop a CSV file of contacts into a channel that I am in and choose *New campaign from this file*.\n`/campaign help` lists everything that can be said, `/campaign why` tells why nobody is being called or texted.',
    ),
  ];
}

function firstSteps(): Block[] {
  return [
    header('Three steps to a first campaign'),
    section(
      '1. Invite me to a channel with `/invite`.\n2. Drop a CSV file of contacts there.\n3. Write what is to be said, look at the preview, and start.',
    ),
  ];
}

function group(title: string, campaigns: Shown[]): Block[] {
  if (campaigns.length === 0) return [];
  return [header(title), ...campaigns.slice(0, SHOWN_EACH).flatMap(entry)];
}

function entry(campaign: Shown): Block[] {
  const { missing = [] } = campaign;
  const figures = measureCampaign(campaign.counts);
  const { total_contacts: total, processed: done, progress_percentage: share } = figures;
  const progress = total
    ? `${progressBar(done ?? 0, total)} ${Math.floor(share ?? 0)} % of ${counted(total, 'contact')}`
    : 'no contacts yet';
  const schedule = campaign.schedule ? `\n${quote(campaign.schedule, 300)}` : '';
  return [
    section(
      `*${quote(campaign.name)}* (${count(campaign.id)}): ${STATUS_WORDS[campaign.status]}\n${progress}${schedule}`,
    ),
    ...(missing.length > 0 ? [plainSection(`It still needs:\n${bullets(missing)}`)] : []),
    actions(homeButtons(campaign)),
  ];
}

function homeButtons(campaign: Shown) {
  const value = campaignValue({ campaignId: campaign.id, version: campaign.version });
  const to = (label: string, name: Parameters<typeof actionId>[0], style?: 'primary') =>
    button({ label, actionId: actionId(name), value, style, spoken: `${label}: ${campaign.name}` });
  if (campaign.status === 'draft') {
    return [
      to('Start', 'campaign.start', 'primary'),
      to('Edit', 'campaign.edit'),
      to('Preview', 'campaign.preview'),
      to('Import contacts', 'campaign.import'),
    ];
  }
  if (campaign.status === 'scheduled')
    return [
      to('Start', 'campaign.start'),
      to('Change schedule', 'campaign.schedule'),
      to('Unschedule', 'campaign.unschedule'),
      to('Why?', 'campaign.why'),
    ];
  if (campaign.status === 'paused')
    return [
      to('Resume', 'campaign.resume', 'primary'),
      to('Edit', 'campaign.edit'),
      to('Why?', 'campaign.why'),
    ];
  return [to('Pause', 'campaign.pause'), to('Why?', 'campaign.why')];
}

function homeView(blocks: Block[]): HomeView {
  return { type: 'home', blocks: blocks.slice(0, LIMITS.viewBlocks) as HomeView['blocks'] };
}
