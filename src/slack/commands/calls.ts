import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { allowedMoves, wrongStatus } from '#domain/lifecycle.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { REDIAL_CHOICES, type RedialChoice } from '#slack/action-ids.ts';
import { actions, fallback, section } from '#slack/blocks/kit.ts';
import { redialButton, redialElements } from '#slack/blocks/redial.ts';
import type { Entry } from '#slack/context.ts';
import { openLiveCalls } from '#slack/modals/live-calls.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { CampaignCommand, WordsCommand } from './command.ts';
import { resolveCampaign } from './resolve.ts';

export const liveCalls: CampaignCommand = {
  name: 'calls',
  usage: '[name or number]',
  summary: 'The calls on the line now: listen in, take over, hang up',
  right: 'view',
  runs: 'now',
  takes: 'campaign',
  offers: ['running', 'paused'],
  button: 'campaign.calls',
  run: (entry, campaign) => openLiveCalls(entry, campaign.id),
};

/** Only asks: the press on its button is what prepares the redial. */
export const redial: WordsCommand = {
  name: 'redial',
  usage: `[name or number] [${REDIAL_CHOICES.join('|')}]`,
  summary: 'Prepare another run for those who were not reached; asks first',
  right: 'launch',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    const { rest, choice } = splitChoice(words);
    const campaign = await resolveCampaign(entry, rest, { name: 'redial', offers: OVER });
    if (campaign) await askToRedial(entry, campaign, choice);
  },
};

const OVER = ['completed', 'cancelled', 'failed'] as const;

/** Also behind the picker; `choice` null offers every outcome that there is. */
export async function askToRedial(
  entry: Entry,
  campaign: CampaignDetail,
  choice: RedialChoice | null,
): Promise<void> {
  if (!CHANNELS_OF[campaign.campaignType].calls)
    return entry.answer.privately(
      sentenceMessage(`“${campaign.name}” sends texts and calls nobody, so there is nothing to redial.`),
    );
  if (!allowedMoves(campaign.status).includes('re_execute')) throw wrongStatus('re_execute', campaign.status);
  const about = { campaignId: campaign.id, name: campaign.name, counts: campaign.counts };
  const elements = choice === null ? redialElements(about) : redialButton(about, choice);
  if (elements.length === 0)
    return entry.answer.privately(
      sentenceMessage(
        `In “${campaign.name}” nobody is left whose last call ended like that. Nothing was changed.`,
      ),
    );
  const question = `Whom shall *${quote(campaign.name)}* (campaign ${campaign.id}) call again? They wait in a draft until somebody presses Start.`;
  await entry.answer.privately({
    text: fallback(question.replaceAll('*', '')),
    blocks: [section(question), actions(elements)],
  });
}

function splitChoice(words: string): { rest: string; choice: RedialChoice | null } {
  const last = words.split(' ').at(-1)?.toLowerCase().replaceAll('-', '_') ?? '';
  const choice = REDIAL_CHOICES.find((known) => known === last) ?? null;
  return { rest: choice ? words.slice(0, -last.length).trim() : words, choice };
}
