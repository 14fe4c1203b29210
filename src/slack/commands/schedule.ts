import { allowedMoves, wrongStatus } from '#domain/lifecycle.ts';
import { unscheduleCampaign } from '#operations/unschedule-campaign.ts';
import { fallback, section } from '#slack/blocks/kit.ts';
import { openSchedule } from '#slack/modals/schedule.ts';
import { quote } from '#slack/mrkdwn.ts';
import type { CampaignCommand } from './command.ts';

export const schedule: CampaignCommand = {
  name: 'schedule',
  usage: '<name or number>',
  summary: 'Choose when it starts: once, or again and again',
  right: 'launch',
  runs: 'now',
  takes: 'campaign',
  offers: ['draft', 'scheduled'],
  button: 'campaign.schedule',
  run: (entry, campaign) => openSchedule(entry, campaign.id),
};

export const unschedule: CampaignCommand = {
  name: 'unschedule',
  usage: '<name or number>',
  summary: 'Take its schedule away: it starts only when somebody starts it',
  right: 'stop',
  runs: 'stored',
  takes: 'campaign',
  offers: ['scheduled'],
  async run(entry, campaign) {
    if (!allowedMoves(campaign.status).includes('unschedule'))
      throw wrongStatus('unschedule', campaign.status);
    await unscheduleCampaign(entry.deps, { campaignId: campaign.id, actor: entry.actor });
    const sentence = `<@${entry.userId}> unscheduled *${quote(campaign.name)}* (campaign ${campaign.id}). It is a draft again; nobody is contacted before it is started.`;
    await entry.answer.publicly({ text: fallback(sentence), blocks: [section(sentence)] });
  },
};
