import type { ModalView } from '@slack/types';
import type { LaunchDemands } from '#domain/approval.ts';
import { describeStatus } from '#domain/lifecycle.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import { changeStatus } from '#operations/change-status.ts';
import { describeHoursLeft, hoursLeft } from '#operations/check-hours.ts';
import { launchDemands } from '#operations/launch-demands.ts';
import { type Preflight, preflight as runPreflight } from '#operations/preflight.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { actions, button, context, header, section } from '#slack/blocks/kit.ts';
import { foundBlocks, nothingCanBeSent, problemBlocks } from '#slack/blocks/preflight.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { CONTACTED } from './campaign-settings.ts';
import { modal, sentenceView } from './frame.ts';
import { demandBlocks, isAttested, wayForward } from './launch-demands.ts';
import { type ModalHandler, metadataNumber } from './modal.ts';
import { shownOnceDone } from './once-done.ts';
import { openThen } from './open.ts';
import { testButton } from './test-on-me.ts';

/** Shows what would happen; only its own button starts anything. */
export async function openPreflight(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Checking what would happen…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    const [found, demands, left] = await Promise.all([
      runPreflight(entry.deps, { campaignId }),
      launchDemands(entry.deps, { campaignId }),
      hoursLeft(entry.deps, { campaignId }),
    ]);
    return preflightView(campaign, found, demands, describeHoursLeft(left));
  });
}

export function preflightView(
  campaign: Pick<CampaignDetail, 'id' | 'name' | 'version' | 'campaignType'>,
  found: Preflight,
  demands: LaunchDemands,
  shutOut: string | null = null,
): ModalView {
  const mayStart = found.problems.length === 0 && found.ready + found.capped > 0 && !nothingCanBeSent(found);
  return modal({
    title: 'Before it starts',
    ...wayForward(demands, mayStart),
    close: 'Not now',
    metadata: { campaignId: campaign.id, version: campaign.version },
    blocks: [
      header(campaign.name),
      ...problemBlocks(found, mayStart),
      ...(mayStart ? demandBlocks(demands) : []),
      ...foundBlocks(found),
      ...(shutOut ? [section(`⚠️ ${shutOut}`)] : []),
      actions([testButton(campaign), ...(mayStart ? [scheduleButton(campaign)] : [])]),
      context(
        `Nobody has been contacted. Nobody is ${CONTACTED[campaign.campaignType]} outside the hours that the law allows where they are, and it can be paused at any moment.`,
      ),
    ],
  });
}

export const preflight: ModalHandler = {
  right: 'launch',
  problemField: null,
  async submit(submission) {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const expectedVersion = metadataNumber(submission.metadata, 'version') ?? 0;
    const { deps, actor, state } = submission;
    if (isAttested(state)) await attestCampaign(deps, { campaignId: campaign.id, actor, expectedVersion });
    const starting = changeStatus(deps, {
      campaignId: campaign.id,
      move: 'start',
      actor,
      expectedVersion,
      withUndo: true,
    });
    return shownOnceDone(
      starting.then((outcome) => outcomeView(campaign, outcome)),
      'Asking the carrier, then it starts. Its card shows when it does.',
    );
  },
};

type Outcome = Awaited<ReturnType<typeof changeStatus>>;

function outcomeView(campaign: CampaignDetail, { status, changed }: Outcome): ModalView {
  if (changed) return startedView(campaign);
  const sentence = `The campaign was changed since this was checked and now ${describeStatus(status)}. Nothing was started; look at its card and check again.`;
  return sentenceView('Not started', sentenceMessage(sentence));
}

/** The same way back as in the thread, where the eyes still are. */
function startedView({ id: campaignId, version }: CampaignDetail): ModalView {
  const { text, blocks } = sentenceMessage(
    'It has started. Nobody is contacted in the next 10 seconds; until then the start can be taken back, here or in its thread. Its card shows how it goes.',
  );
  const value = campaignValue({ campaignId, version });
  const undo = button({ label: 'Cancel start', actionId: actionId('campaign.undo'), value, style: 'danger' });
  return sentenceView('Started', { text, blocks: [...blocks, actions([undo])] });
}

function scheduleButton({ id: campaignId, version }: Pick<CampaignDetail, 'id' | 'version'>) {
  const value = campaignValue({ campaignId, version });
  return button({ label: 'Schedule…', actionId: actionId('campaign.schedule'), value });
}
