import { rehearseCampaign } from '#operations/rehearse-campaign.ts';
import { drawRehearsal } from '#slack/blocks/rehearsal.ts';
import { counted } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { CampaignCommand } from './command.ts';

/** From how many waiting contacts on it takes seconds, so that somebody should know it has begun. */
const LARGE = 20_000;

export const rehearse: CampaignCommand = {
  name: 'rehearse',
  usage: '<name or number>',
  summary: 'Run a campaign on a simulated clock and show the plan; nobody is contacted',
  right: 'view',
  runs: 'now',
  takes: 'campaign',
  offers: ['draft', 'scheduled', 'running', 'paused'],
  async run(entry, campaign) {
    const { pending } = campaign.counts;
    if (pending >= LARGE)
      await entry.answer.privately(
        sentenceMessage(`Rehearsing ${counted(pending, 'contact')}; the plan follows in a moment.`),
      );
    const rehearsed = await rehearseCampaign(entry.deps, { campaignId: campaign.id });
    await entry.answer.privately(drawRehearsal(campaign.name, rehearsed, entry.deps.clock.now()));
  },
};
