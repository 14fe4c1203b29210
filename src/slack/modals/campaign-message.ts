import type { ModalView } from '@slack/types';
import { CHANNELS_OF, templatesOf } from '#domain/campaign-templates.ts';
import { listAssistants } from '#operations/list-assistants.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, type Block, button, context, header } from '#slack/blocks/kit.ts';
import { variablesBlock } from '#slack/blocks/preview.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { nextView } from './campaign-calls.ts';
import {
  assistantFields,
  BLOCK_OF_TEMPLATE,
  readAssistant,
  readTexts,
  stepsOf,
  type TypedTexts,
  templateErrors,
  templatesIn,
  textFields,
} from './campaign-texts.ts';
import { forgetTyped, keepTyped, recallTyped, typedText } from './drafts.ts';
import { exampleBlocks } from './examples.ts';
import { formatFallbacks, parseFallbacks } from './fallbacks.ts';
import { nameField, step } from './fields.ts';
import { modal } from './frame.ts';
import { type ModalHandler, metadataNumber, type SubmitAnswer } from './modal.ts';
import { openThen } from './open.ts';
import type { FormState } from './state.ts';

const KIND = 'campaign_message';
const NOTHING_TYPED = {
  sms: 'Write a message and press *Refresh example* to see it as your contacts would get it.',
  call: 'Write what is to be said and press *Refresh example* to read it as your contacts would hear it.',
  mixed: 'Write what is to be said and sent, and press *Refresh example* to see it as your contacts would.',
};

/** Opens the form in which a draft or a paused campaign is edited. */
export async function openEdit(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Opening the campaign…', () => messageView(entry, campaignId));
}

/** Name, texts and fallback values with an example for real contacts; what was typed but not saved stands in it. */
export async function messageView(entry: Entry, campaignId: number): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  const kept = await recallTyped(entry, KIND, String(campaignId));
  const saved = savedTexts(campaign);
  const isCurrent = kept?.version === campaign.version;
  const typed = isCurrent
    ? Object.fromEntries(Object.keys(saved).map((block) => [block, typedText(kept, block)]))
    : saved;
  return drawForm(entry, campaign, typed, campaign.assistantId);
}

/** Draws the form anew with what is typed in it and the example that goes with that. */
export async function refreshExample(entry: Entry, campaignId: number, state: FormState): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  const typed = readTexts(state);
  await keepTyped(entry, KIND, String(campaignId), { ...typed, version: campaign.version });
  return drawForm(entry, campaign, typed, readAssistant(state) ?? campaign.assistantId);
}

function savedTexts(campaign: CampaignDetail): TypedTexts {
  const templates = Object.entries(BLOCK_OF_TEMPLATE) as [keyof typeof BLOCK_OF_TEMPLATE, string][];
  return {
    name: campaign.name,
    ...Object.fromEntries(templates.map(([template, block]) => [block, campaign[template] ?? ''])),
    fallbacks: formatFallbacks(campaign.fallbackValues),
  };
}

async function drawForm(
  entry: Entry,
  campaign: CampaignDetail,
  typed: TypedTexts,
  assistantId: number | null,
): Promise<ModalView> {
  const { campaignType } = campaign;
  const { deps, workspaceId } = entry;
  const assistants = CHANNELS_OF[campaignType].calls
    ? assistantFields(await listAssistants(deps, { workspaceId }), assistantId)
    : [];
  return modal({
    name: 'campaign_message',
    title: 'Edit campaign',
    submit: 'Save and go on',
    close: 'Not now',
    metadata: { campaignId: campaign.id, version: campaign.version },
    blocks: [
      step(1, stepsOf(campaignType), campaignType === 'sms' ? 'what to send' : 'what to say'),
      nameField(typed.name ?? '', true),
      ...assistants,
      ...textFields(campaignType, typed),
      header('Example'),
      ...(await examplesFor(entry, campaign, typed, assistantId)),
      actions([button({ label: 'Refresh example', actionId: actionId('form.refresh_example') })]),
    ],
  });
}

async function examplesFor(
  entry: Entry,
  campaign: CampaignDetail,
  typed: TypedTexts,
  assistantId: number | null,
): Promise<Block[]> {
  const { campaignType } = campaign;
  const all = templatesIn(typed);
  // The voicemail message has its place in the next step; here it stands as it is saved.
  const written = templatesOf({ campaignType, leaveVoicemail: false });
  const templates = Object.fromEntries(written.map((template) => [template, all[template] ?? null]));
  if (Object.values(templates).every((text) => !text))
    return [context(NOTHING_TYPED[campaignType]), variablesBlock(campaign.availableVariables)];
  const fallbacks = parseFallbacks(typed.fallbacks ?? '');
  const fallbackValues = fallbacks.ok ? fallbacks.values : campaign.fallbackValues;
  return exampleBlocks(entry, campaign, { templates, fallbackValues, assistantId });
}

export const campaignMessage: ModalHandler = {
  right: 'edit',
  problemField: 'name',
  async submit(submission): Promise<SubmitAnswer> {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const typed = readTexts(submission.state);
    const fallbacks = parseFallbacks(typed.fallbacks ?? '');
    if (!fallbacks.ok) return { kind: 'errors', errors: { fallbacks: fallbacks.problem } };
    const errors = templateErrors(campaign, typed, fallbacks.values);
    if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
    const assistantId = readAssistant(submission.state);
    await updateCampaign(submission.deps, {
      campaignId: campaign.id,
      actor: submission.actor,
      changes: {
        name: typed.name ?? '',
        ...templatesIn(typed),
        ...(assistantId === null ? {} : { assistantId }),
        fallbackValues: fallbacks.values,
      },
    });
    await forgetTyped(submission, KIND, String(campaign.id));
    return { kind: 'show', view: await nextView(submission, campaign.id) };
  },
  async keep(typing, at) {
    const campaignId = metadataNumber(typing.metadata, 'campaignId');
    const version = metadataNumber(typing.metadata, 'version');
    if (!campaignId || !version) return;
    await keepTyped(typing, KIND, String(campaignId), { ...readTexts(typing.state), version }, at);
  },
};
