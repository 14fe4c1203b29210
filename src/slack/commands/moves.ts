import { allowedMoves, type Move, wrongStatus } from '#domain/lifecycle.ts';
import { changeStatus } from '#operations/change-status.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { cancelDialog } from '#slack/blocks/campaign-card.ts';
import { actions, button, fallback, type Message, section } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { openPreflight } from '#slack/modals/preflight.ts';
import { quote } from '#slack/mrkdwn.ts';
import type { CampaignCommand } from './command.ts';

export const start: CampaignCommand = {
  name: 'start',
  usage: '<name or number>',
  summary: 'Check what would happen, then start',
  right: 'launch',
  runs: 'now',
  takes: 'campaign',
  offers: ['draft', 'scheduled'],
  button: 'campaign.start',
  run: (entry, campaign) => openPreflight(entry, campaign.id),
};

export const pause: CampaignCommand = {
  name: 'pause',
  usage: '<name or number>',
  summary: 'Call and text nobody more until it is resumed',
  right: 'stop',
  runs: 'stored',
  takes: 'campaign',
  offers: ['running'],
  run: (entry, campaign) => move(entry, campaign, 'pause', 'paused'),
};

export const resume: CampaignCommand = {
  name: 'resume',
  usage: '<name or number>',
  summary: 'Go on where it stopped',
  right: 'launch',
  runs: 'stored',
  takes: 'campaign',
  offers: ['paused', 'failed'],
  run: (entry, campaign) => move(entry, campaign, 'resume', 'resumed'),
};

export const cancel: CampaignCommand = {
  name: 'cancel',
  usage: '<name or number>',
  summary: 'Stop it for good; asks first',
  right: 'stop',
  runs: 'now',
  takes: 'campaign',
  offers: ['running', 'paused', 'scheduled'],
  async run(entry, campaign) {
    if (!allowedMoves(campaign.status).includes('cancel')) throw wrongStatus('cancel', campaign.status);
    await entry.answer.privately(askToCancel(campaign));
  },
};

async function move(entry: Entry, campaign: CampaignDetail, wanted: Move, done: string): Promise<void> {
  await changeStatus(entry.deps, { campaignId: campaign.id, move: wanted, actor: entry.actor });
  const sentence = `<@${entry.userId}> ${done} *${quote(campaign.name)}* (campaign ${campaign.id}).`;
  await entry.answer.publicly({ text: fallback(sentence), blocks: [section(sentence)] });
}

/** A typed cancel cannot be undone, so it takes a press as well. */
function askToCancel(campaign: CampaignDetail): Message {
  const dialog = cancelDialog(campaign.name);
  const question = `Cancel *${quote(campaign.name)}* (campaign ${campaign.id})? Nobody who is still waiting will be contacted; what was sent or said stays so.`;
  const value = campaignValue({ campaignId: campaign.id, version: campaign.version });
  return {
    text: fallback(question.replaceAll('*', '')),
    blocks: [
      section(question),
      actions([
        button({
          label: 'Cancel the campaign',
          actionId: actionId('campaign.cancel'),
          value,
          style: 'danger',
          confirm: dialog,
        }),
      ]),
    ],
  };
}
