import type { ModalView } from '@slack/types';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { listAssistants } from '#operations/list-assistants.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, type Block, button, context } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { nextView } from './campaign-calls.ts';
import {
  assistantFields,
  type CampaignType,
  readAssistant,
  readTexts,
  readType,
  stepsOf,
  type TypedTexts,
  templatesIn,
  textFields,
  typeField,
} from './campaign-texts.ts';
import { channelProblem } from './channel-problem.ts';
import { askForColumns } from './columns.ts';
import { forgetTyped, keepTyped, recallTyped, typedText } from './drafts.ts';
import { parseFallbacks } from './fallbacks.ts';
import { channelField, fileField, nameField, step } from './fields.ts';
import { modal, waitingView } from './frame.ts';
import type { ModalHandler, Submission, SubmitAnswer } from './modal.ts';
import { openThen } from './open.ts';
import { type FormState, readConversation, readFile } from './state.ts';

const KIND = 'new_campaign';
const TEXTS = ['name', 'message', 'welcome', 'agenda', 'closing', 'fallbacks'];

/** Everything in the form. `assistants`: those that may be chosen. */
export type NewCampaignForm = {
  campaignType: CampaignType;
  texts: TypedTexts;
  channelId: string | null;
  assistantId: number | null;
  assistants: { id: number; name: string }[];
};

/** Opens the form for a new campaign, with what the person had typed there before. */
export async function openNewCampaign(entry: Entry, { name }: { name: string }): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const kept = await recallTyped(entry, KIND, '');
    const form = await recalledForm(entry, kept);
    const texts = name ? { ...form.texts, name } : form.texts;
    const channelId = entry.channelId ?? form.channelId;
    return newCampaignView({ ...form, texts, channelId }, kept !== null);
  });
}

const TITLES: Record<CampaignType, string> = {
  sms: 'New text campaign',
  call: 'New call campaign',
  mixed: 'New mixed campaign',
};

export function newCampaignView(form: NewCampaignForm, isRestored: boolean): ModalView {
  const { campaignType, texts } = form;
  const { calls } = CHANNELS_OF[campaignType];
  const restored: Block[] = [
    context('This is what you had typed here before.'),
    actions([button({ label: 'Start afresh', actionId: actionId('form.start_afresh') })]),
  ];
  return modal({
    name: 'new_campaign',
    title: TITLES[campaignType],
    submit: 'Create draft',
    close: 'Not now',
    blocks: [
      step(1, stepsOf(campaignType), 'what to say. A draft reaches nobody.'),
      ...(isRestored ? restored : []),
      typeField(campaignType, true),
      nameField(texts.name ?? '', true),
      channelField(form.channelId),
      ...(calls ? assistantFields(form.assistants, form.assistantId) : []),
      ...textFields(campaignType, texts),
      fileField(true),
    ],
  });
}

/** Empties the form again. */
export async function startAfresh(entry: Entry): Promise<ModalView> {
  await forgetTyped(entry, KIND, '');
  return newCampaignView({ ...(await recalledForm(entry, null)), channelId: entry.channelId }, false);
}

/** Another kind of campaign was chosen: the same form with the fields of that kind, and everything typed still in it. */
export async function redrawNewCampaign(entry: Entry, state: FormState, at: string): Promise<ModalView> {
  await keepTyped(entry, KIND, '', dataOf(state), at);
  const form = await recalledForm(entry, await recallTyped(entry, KIND, ''));
  const assistantId = readAssistant(state) ?? form.assistantId;
  return newCampaignView({ ...form, campaignType: readType(state), assistantId }, false);
}

async function recalledForm(
  { deps, workspaceId }: Entry,
  kept: Record<string, unknown> | null,
): Promise<NewCampaignForm> {
  const campaignType = typedText(kept, 'campaignType') as CampaignType;
  return {
    campaignType: campaignType in TITLES ? campaignType : 'sms',
    texts: Object.fromEntries(TEXTS.map((field) => [field, typedText(kept, field)])),
    channelId: typedText(kept, 'channelId') || null,
    assistantId: Number(typedText(kept, 'assistantId')) || null,
    assistants: await listAssistants(deps, { workspaceId }),
  };
}

function dataOf(state: FormState): Record<string, unknown> {
  const assistantId = readAssistant(state);
  return {
    ...readTexts(state),
    campaignType: readType(state),
    channelId: readConversation(state, 'channel'),
    ...(assistantId ? { assistantId: String(assistantId) } : {}),
  };
}

export const newCampaign: ModalHandler = {
  right: 'edit',
  problemField: 'name',
  async submit(submission) {
    const { state } = submission;
    const texts = readTexts(state);
    const channelId = readConversation(state, 'channel');
    const fallbacks = parseFallbacks(texts.fallbacks ?? '');
    if (!fallbacks.ok) return { kind: 'errors', errors: { fallbacks: fallbacks.problem } };
    const problem = await channelProblem(submission, channelId);
    if (problem) return { kind: 'errors', errors: { channel: problem } };
    const { campaignId } = await createCampaign(submission.deps, {
      workspaceId: submission.workspaceId,
      actor: submission.actor,
      creationKey: `view:${submission.viewId}`,
      channelId,
      name: texts.name ?? '',
      campaignType: readType(state),
      assistantId: readAssistant(state),
      ...templatesIn(texts),
      fallbackValues: fallbacks.values,
    });
    await forgetTyped(submission, KIND, '');
    return afterCreation(submission, campaignId, channelId);
  },
  keep: (typing, at) => keepTyped(typing, KIND, '', dataOf(typing.state), at),
};

async function afterCreation(
  submission: Submission,
  campaignId: number,
  channelId: string | null,
): Promise<SubmitAnswer> {
  const file = readFile(submission.state, 'file');
  if (!file) return { kind: 'show', view: await nextView(submission, campaignId) };
  return {
    kind: 'show',
    view: waitingView(`Reading ${file.name}…`),
    fill: () =>
      askForColumns(submission, { fileId: file.id, campaignId, channelId, threadTs: null, next: 'settings' }),
  };
}
