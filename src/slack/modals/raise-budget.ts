import type { ModalView } from '@slack/types';
import { readDollars } from '#domain/limits.ts';
import { type RaisedBudget, raiseBudget as raise } from '#operations/raise-budget.ts';
import { showSpending } from '#operations/show-spending.ts';
import { context, plainSection } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { textField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataNumber } from './modal.ts';
import { shownOnceDone } from './once-done.ts';
import { openThen } from './open.ts';
import { readText } from './state.ts';

/** Opens the form in which a campaign that used up its budget gets a larger one. */
export async function openRaiseBudget(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    const spending = await showSpending(entry.deps, { campaignId });
    return modal({
      name: 'raise_budget',
      title: 'Raise the budget',
      submit: 'Raise and resume',
      metadata: { campaignId },
      blocks: [
        plainSection(`${campaign.name}: ${spending.join(' ')}`),
        textField({
          blockId: 'budget',
          label: 'New budget of this run, in US dollars',
          placeholder: '25.00',
          max: 20,
        }),
        context('It goes on where it stopped. Nobody who was reached is contacted again.'),
      ],
    });
  });
}

export const raiseBudget: ModalHandler = {
  right: 'launch',
  problemField: 'budget',
  async submit(submission) {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const read = readDollars(readText(submission.state, 'budget'));
    const problem = read.ok ? 'Type how much it may spend in all.' : read.problem;
    if (!read.ok || read.micros === null) return { kind: 'errors', errors: { budget: problem } };
    const { deps, actor } = submission;
    const raising = raise(deps, { campaignId: campaign.id, micros: read.micros, actor });
    return shownOnceDone(
      raising.then(outcomeView),
      'Asking the carrier, then it goes on. Its card shows when it does.',
    );
  },
};

function outcomeView({ isResumed, problem }: RaisedBudget): ModalView {
  if (isResumed)
    return sentenceView('Resumed', sentenceMessage('The budget is raised, and it goes on where it stopped.'));
  const rest = problem
    ? `It stays paused: ${problem}`
    : 'It does not run at the moment; resume it when you like.';
  return sentenceView('Budget raised', sentenceMessage(`The budget is raised. ${rest}`));
}
