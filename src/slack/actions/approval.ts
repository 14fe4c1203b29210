import { Refusal } from '#domain/refusal.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import { launchDemands } from '#operations/launch-demands.ts';
import { parseCampaignValue, parseRowId } from '#slack/action-ids.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import { openRejection, openReview } from '#slack/modals/approval.ts';
import { openPreflight } from '#slack/modals/preflight.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler, Press } from './action.ts';

/** Whoever may edit may ask; the pre-flight shows what they ask for. */
export const askForApproval: ActionHandler = {
  right: 'edit',
  runs: 'now',
  async run(press) {
    const campaignId = await campaignIdOf(press);
    const { approval } = await launchDemands(press.deps, { campaignId });
    if (approval === 'standing') throw new Refusal('approval_standing', {});
    if (approval === 'not_demanded') throw new Refusal('approval_not_needed', {});
    await openPreflight(press, campaignId);
  },
};

export const reviewApproval: ActionHandler = {
  right: 'launch',
  runs: 'now',
  run: (press) => openReview(press, rowOf(press)),
};

export const rejectApproval: ActionHandler = {
  right: 'launch',
  runs: 'now',
  run: (press) => openRejection(press, rowOf(press)),
};

export const attest: ActionHandler = {
  right: 'launch',
  runs: 'stored',
  async run(press) {
    const campaignId = await campaignIdOf(press);
    const expectedVersion = parseCampaignValue(press.value)?.version ?? 0;
    await attestCampaign(press.deps, { campaignId, actor: press.actor, expectedVersion });
    const sentence = 'Noted: you answer for this campaign’s contacts. It stands until they change.';
    await press.answer.privately(sentenceMessage(sentence));
  },
};

async function campaignIdOf(press: Press): Promise<number> {
  return (await ownCampaign(press, parseCampaignValue(press.value)?.campaignId ?? 0)).id;
}

function rowOf({ value }: Press): number {
  const id = parseRowId(value);
  if (id === null) throw new Refusal('approval_not_found', {});
  return id;
}
