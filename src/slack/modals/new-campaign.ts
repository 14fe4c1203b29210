import type { ModalView } from '@slack/types';
import { createCampaign } from '#operations/create-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, type Block, button, context } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { settingsView } from './campaign-settings.ts';
import { channelProblem } from './channel-problem.ts';
import { askForColumns } from './columns.ts';
import { forgetTyped, keepTyped, recallTyped, typedText } from './drafts.ts';
import { parseFallbacks } from './fallbacks.ts';
import { channelField, fileField, messageFields, nameField, step } from './fields.ts';
import { modal, waitingView } from './frame.ts';
import type { ModalHandler, Submission, SubmitAnswer } from './modal.ts';
import { openThen } from './open.ts';
import { type FormState, readConversation, readFile, readText } from './state.ts';

const KIND = 'new_campaign';

type Typed = { name: string; message: string; fallbacks: string; channelId: string | null };

/** Opens the form for a new campaign, with what the person had typed there before. */
export async function openNewCampaign(entry: Entry, { name }: { name: string }): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const kept = await recallTyped(entry, KIND, '');
    const typed: Typed = {
      name: name || typedText(kept, 'name'),
      message: typedText(kept, 'message'),
      fallbacks: typedText(kept, 'fallbacks'),
      channelId: entry.channelId ?? (typedText(kept, 'channelId') || null),
    };
    return newCampaignView(typed, kept !== null);
  });
}

export function newCampaignView(typed: Typed, isRestored: boolean): ModalView {
  const restored: Block[] = [
    context('This is what you had typed here before.'),
    actions([button({ label: 'Start afresh', actionId: actionId('form.start_afresh') })]),
  ];
  return modal({
    name: 'new_campaign',
    title: 'New text campaign',
    submit: 'Create draft',
    close: 'Not now',
    blocks: [
      step(1, 2, 'what to send. A draft reaches nobody.'),
      ...(isRestored ? restored : []),
      nameField(typed.name, true),
      channelField(typed.channelId),
      ...messageFields(typed.message, typed.fallbacks),
      fileField(true),
    ],
  });
}

/** Empties the form again. */
export async function startAfresh(entry: Entry): Promise<ModalView> {
  await forgetTyped(entry, KIND, '');
  return newCampaignView({ name: '', message: '', fallbacks: '', channelId: entry.channelId }, false);
}

export const newCampaign: ModalHandler = {
  right: 'edit',
  problemField: 'name',
  async submit(submission) {
    const { state } = submission;
    const typed = readTyped(state);
    const fallbacks = parseFallbacks(typed.fallbacks);
    if (!fallbacks.ok) return { kind: 'errors', errors: { fallbacks: fallbacks.problem } };
    const problem = await channelProblem(submission, typed.channelId);
    if (problem) return { kind: 'errors', errors: { channel: problem } };
    const { campaignId } = await createCampaign(submission.deps, {
      workspaceId: submission.workspaceId,
      actor: submission.actor,
      creationKey: `view:${submission.viewId}`,
      channelId: typed.channelId,
      name: typed.name,
      campaignType: 'sms',
      smsMessageTemplate: typed.message || null,
      fallbackValues: fallbacks.values,
    });
    await forgetTyped(submission, KIND, '');
    return afterCreation(submission, campaignId, typed.channelId);
  },
  keep: (typing, at) => keepTyped(typing, KIND, '', readTyped(typing.state), at),
};

async function afterCreation(
  submission: Submission,
  campaignId: number,
  channelId: string | null,
): Promise<SubmitAnswer> {
  const file = readFile(submission.state, 'file');
  if (!file) return { kind: 'show', view: await settingsView(submission, campaignId) };
  return {
    kind: 'show',
    view: waitingView(`Reading ${file.name}…`),
    fill: () =>
      askForColumns(submission, { fileId: file.id, campaignId, channelId, threadTs: null, next: 'settings' }),
  };
}

function readTyped(state: FormState): Typed {
  return {
    name: readText(state, 'name'),
    message: readText(state, 'message'),
    fallbacks: readText(state, 'fallbacks'),
    channelId: readConversation(state, 'channel'),
  };
}
