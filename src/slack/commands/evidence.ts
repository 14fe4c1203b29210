import { requestEvidence } from '#operations/request-evidence.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { CampaignCommand } from './command.ts';

export const evidence: CampaignCommand = {
  name: 'evidence',
  usage: '<name or number>',
  summary: 'Get as CSV what each attempt rested on: local time, rules, lists, consent, approval',
  right: 'export',
  runs: 'stored',
  takes: 'campaign',
  offers: ['running', 'paused', 'completed', 'cancelled', 'failed', 'scheduled'],
  async run(entry, { id, name }) {
    const place = { channelId: await directChannel(entry), threadTs: null };
    await requestEvidence(entry.deps, {
      workspaceId: entry.workspaceId,
      campaignId: id,
      actor: entry.actor,
      place,
    });
    await entry.answer.privately(
      sentenceMessage(
        `What each attempt of “${quote(name)}” rested on comes to you as a CSV file in your direct messages with me.`,
      ),
    );
  },
};
