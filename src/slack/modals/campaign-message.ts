import type { ModalView } from '@slack/types';
import { checkTemplate } from '#domain/template.ts';
import { previewMessage } from '#operations/preview-message.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, type Block, button, context, header } from '#slack/blocks/kit.ts';
import { previewBlocks, variablesBlock } from '#slack/blocks/preview.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { settingsView } from './campaign-settings.ts';
import { forgetTyped, keepTyped, recallTyped, typedText } from './drafts.ts';
import { formatFallbacks, parseFallbacks } from './fallbacks.ts';
import { messageFields, nameField, step } from './fields.ts';
import { modal } from './frame.ts';
import { type ModalHandler, metadataNumber, type SubmitAnswer } from './modal.ts';
import { openThen } from './open.ts';
import { type FormState, readText } from './state.ts';

const KIND = 'campaign_message';
const NOTHING_TYPED = 'Write a message and press *Refresh example* to see it as your contacts would get it.';

type Typed = { name: string; message: string; fallbacks: string };

/** Opens the form in which a draft or a paused campaign is edited. */
export async function openEdit(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Opening the campaign…', () => messageView(entry, campaignId));
}

/** Name, message and fallback values with an example for real contacts; what was typed but not saved stands in it. */
export async function messageView(entry: Entry, campaignId: number): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  const kept = await recallTyped(entry, KIND, String(campaignId));
  const isCurrent = kept?.version === campaign.version;
  const typed: Typed = isCurrent
    ? {
        name: typedText(kept, 'name'),
        message: typedText(kept, 'message'),
        fallbacks: typedText(kept, 'fallbacks'),
      }
    : {
        name: campaign.name,
        message: campaign.smsMessageTemplate ?? '',
        fallbacks: formatFallbacks(campaign.fallbackValues),
      };
  return drawForm(entry, campaign, typed);
}

/** Draws the form anew with what is typed in it and the example that goes with that. */
export async function refreshExample(entry: Entry, campaignId: number, state: FormState): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  const typed = readTyped(state);
  await keepTyped(entry, KIND, String(campaignId), { ...typed, version: campaign.version });
  return drawForm(entry, campaign, typed);
}

async function drawForm(entry: Entry, campaign: CampaignDetail, typed: Typed): Promise<ModalView> {
  return modal({
    name: 'campaign_message',
    title: 'Edit campaign',
    submit: 'Save and go on',
    close: 'Not now',
    metadata: { campaignId: campaign.id, version: campaign.version },
    blocks: [
      step(1, 2, 'what to send'),
      nameField(typed.name, true),
      ...messageFields(typed.message, typed.fallbacks),
      header('Example'),
      ...(await exampleBlocks(entry, campaign, typed)),
      actions([button({ label: 'Refresh example', actionId: actionId('form.refresh_example') })]),
    ],
  });
}

async function exampleBlocks(entry: Entry, campaign: CampaignDetail, typed: Typed): Promise<Block[]> {
  const fallbacks = parseFallbacks(typed.fallbacks);
  const preview = await previewMessage(entry.deps, {
    campaignId: campaign.id,
    template: typed.message,
    fallbackValues: fallbacks.ok ? fallbacks.values : campaign.fallbackValues,
  });
  if (!typed.message) return [context(NOTHING_TYPED), variablesBlock(preview.variablesAvailable)];
  return previewBlocks(preview);
}

export const campaignMessage: ModalHandler = {
  right: 'edit',
  problemField: 'name',
  async submit(submission): Promise<SubmitAnswer> {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const typed = readTyped(submission.state);
    const fallbacks = parseFallbacks(typed.fallbacks);
    if (!fallbacks.ok) return { kind: 'errors', errors: { fallbacks: fallbacks.problem } };
    const problem = templateProblem(campaign, typed.message, fallbacks.values);
    if (problem) return { kind: 'errors', errors: { message: problem } };
    await updateCampaign(submission.deps, {
      campaignId: campaign.id,
      actor: submission.actor,
      changes: {
        name: typed.name,
        smsMessageTemplate: typed.message || null,
        fallbackValues: fallbacks.values,
      },
    });
    await forgetTyped(submission, KIND, String(campaign.id));
    return { kind: 'show', view: await settingsView(submission, campaign.id) };
  },
  async keep(typing, at) {
    const campaignId = metadataNumber(typing.metadata, 'campaignId');
    const version = metadataNumber(typing.metadata, 'version');
    if (!campaignId || !version) return;
    await keepTyped(typing, KIND, String(campaignId), { ...readTyped(typing.state), version }, at);
  },
};

/** Names are judged once the contacts are known; before that any column may still come. */
function templateProblem(
  campaign: CampaignDetail,
  template: string,
  fallbacks: Record<string, string>,
): string | null {
  const known = campaign.availableVariables;
  if (!template || known.length === 0) return null;
  const check = checkTemplate(template, [...known, ...Object.keys(fallbacks)]);
  return check.ok ? null : check.problem.message;
}

function readTyped(state: FormState): Typed {
  return {
    name: readText(state, 'name'),
    message: readText(state, 'message'),
    fallbacks: readText(state, 'fallbacks'),
  };
}
