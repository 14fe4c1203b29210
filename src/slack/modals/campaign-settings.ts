import type { ModalView } from '@slack/types';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { describeHoursLeft, hoursLeft, lawlessHours } from '#operations/check-hours.ts';
import { findBestTime } from '#operations/find-best-time.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, button, context, header } from '#slack/blocks/kit.ts';
import { bestTimeHint } from '#slack/commands/best-time.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import {
  dayOffFields,
  HOUR_LISTS,
  hourFields,
  lineBlock,
  readHours,
  savedHours,
  translateHours,
} from './campaign-hours.ts';
import { hasMoreSettings, moreLimitFields, paceFields, readLimits, savedLimits } from './campaign-limits.ts';
import { type CampaignType, stepsOf } from './campaign-texts.ts';
import { step } from './fields.ts';
import { type FormValues, textIn, typedValues } from './form-values.ts';
import { modal } from './frame.ts';
import { type ModalHandler, metadataNumber, type Submission, type SubmitAnswer } from './modal.ts';
import type { FormState } from './state.ts';

/** When and how fast; every field has its usual value, so that the form may be closed. What is rarely set comes on request. */
export async function settingsView(entry: Entry, campaignId: number): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  return draw(entry, campaign, savedValues(campaign), hasMoreSettings(campaign));
}

/** The same form after another choice in it, or with the rarely set fields, and everything typed still in it. */
export async function redrawSettings(
  entry: Entry,
  view: { metadata: Record<string, unknown>; state: FormState },
  wantsMore = false,
): Promise<ModalView> {
  const campaign = await ownCampaign(entry, metadataNumber(view.metadata, 'campaignId') ?? 0);
  const values = translateHours(savedValues(campaign), typedValues(view.state, HOUR_LISTS));
  return draw(entry, campaign, values, wantsMore || view.metadata.hasMore === true);
}

function savedValues(campaign: CampaignDetail): FormValues {
  return { ...savedHours(campaign), ...savedLimits(campaign) };
}

async function draw(
  { deps, workspaceId }: Entry,
  { id: campaignId, campaignType }: CampaignDetail,
  values: FormValues,
  hasMore: boolean,
): Promise<ModalView> {
  const steps = stepsOf(campaignType);
  const isCalling = CHANNELS_OF[campaignType].calls;
  const hint = isCalling ? bestTimeHint(await findBestTime(deps, { workspaceId })) : '';
  return modal({
    name: 'campaign_settings',
    title: 'Hours and limits',
    submit: 'Save',
    close: 'Leave as it is',
    metadata: { campaignId, ...(hasMore ? { hasMore } : {}) },
    blocks: [
      step(steps, steps, 'when and how fast'),
      context(
        `Whatever stands here, nobody is ${CONTACTED[campaignType]} before 08:00 or after 21:00 where they are, and the law of some places leaves less: \`/campaign law\`.`,
      ),
      ...(hint ? [context(hint)] : []),
      ...hourFields(values),
      ...paceFields(values),
      ...(hasMore
        ? [
            header('Days off'),
            ...dayOffFields(values, await placeNames(deps)),
            header('Rarely set'),
            ...moreLimitFields(campaignType, values),
          ]
        : [
            context(moreWords(campaignType)),
            actions([button({ label: 'More settings', actionId: actionId('form.more') })]),
          ]),
    ],
  });
}

/** What happens to people, by what kind of campaign it is. */
export const CONTACTED: Record<CampaignType, string> = {
  sms: 'texted',
  call: 'called',
  mixed: 'called or texted',
};

function moreWords(type: CampaignType): string {
  const { calls, texts } = CHANNELS_OF[type];
  return `Holidays and days off, a trial on a few contacts, whom other campaigns reached${calls ? ', what is tried again' : ''}${texts ? ', when texts expire' : ''}:`;
}

async function placeNames({ holidays }: Entry['deps']): Promise<Map<string, string>> {
  return new Map((await holidays.places()).map(({ place, name }) => [place, name]));
}

export const campaignSettings: ModalHandler = {
  right: 'edit',
  problemField: 'hoursMode',
  async submit(submission): Promise<SubmitAnswer> {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const values = typedValues(submission.state, HOUR_LISTS);
    const [hours, limits] = [readHours(values), readLimits(values)];
    if (!hours.ok || !limits.ok) {
      const errors = { ...(hours.ok ? {} : hours.errors), ...(limits.ok ? {} : limits.errors) };
      return { kind: 'errors', errors };
    }
    const { deps, workspaceId, actor } = submission;
    const changes = { settings: { ...hours.settings, ...limits.settings }, ...limits.retries };
    const problem = await lawlessHours(deps, { workspaceId, settings: hours.settings });
    if (problem) return { kind: 'errors', errors: { [hoursBlock(values)]: problem } };
    await updateCampaign(deps, { campaignId: campaign.id, actor, changes });
    return { kind: 'done', after: () => tellWhoIsShutOut(submission, campaign) };
  },
};

/** Under which field it is told that the law leaves nothing of the hours. */
function hoursBlock(values: FormValues): string {
  return textIn(values, 'hoursMode') === 'week' ? lineBlock('monday') : 'start';
}

/** The hours are saved; whoever the law keeps from being reached in them is told at once, not when the campaign runs. */
async function tellWhoIsShutOut({ deps, answer }: Submission, { id, name }: CampaignDetail): Promise<void> {
  const words = describeHoursLeft(await hoursLeft(deps, { campaignId: id }));
  if (words) await answer.privately(sentenceMessage(`The hours of “${name}” are saved. ${words}`));
}
