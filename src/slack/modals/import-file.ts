import type { InputBlock, ModalView } from '@slack/types';
import { canImport, wrongStatus } from '#domain/lifecycle.ts';
import { loadFormDraft } from '#operations/load-form-draft.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { context } from '#slack/blocks/kit.ts';
import { offeredCampaigns, ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { quote } from '#slack/mrkdwn.ts';
import { askForColumns, lostDraft } from './columns.ts';
import { choiceField, fileField } from './fields.ts';
import { modal, waitingView } from './frame.ts';
import { type ModalHandler, metadataNumber, metadataText, type Submission } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readFile } from './state.ts';

const KIND = 'import_file';
const NEW = 'new';

/** A file that is known already: where it lies, for the campaign that may be made of it. */
export type KnownFile = {
  fileId: string;
  fileName: string;
  channelId: string | null;
  threadTs: string | null;
};

/** Asks for the file, and for the campaign when that is not known. */
export async function openImport(entry: Entry, campaignId: number | null): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    if (campaignId === null)
      return importView([await targetField(entry), fileField(false)], { channelId: entry.channelId });
    const campaign = await ownCampaign(entry, campaignId);
    if (!canImport(campaign.status)) throw wrongStatus('import', campaign.status);
    return importView([fileField(false)], { campaignId }, campaign.name);
  });
}

/** Asks where a known file goes: into a new campaign or one in preparation. */
export async function openTarget(entry: Entry, file: KnownFile): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const { deps, workspaceId, userId } = entry;
    const { id, version } = await saveFormDraft(deps, { workspaceId, userId, kind: KIND, data: file });
    return importView([await targetField(entry)], { draft: id, version }, file.fileName);
  });
}

function importView(fields: InputBlock[], metadata: object, about?: string): ModalView {
  return modal({
    name: 'import_file',
    title: 'Import contacts',
    submit: 'Go on',
    close: 'Not now',
    metadata,
    blocks: [...(about ? [context(`*${quote(about, 150)}*`)] : []), ...fields],
  });
}

async function targetField(entry: Entry): Promise<InputBlock> {
  const campaigns = await offeredCampaigns(entry, { offers: ['draft', 'scheduled', 'paused'] });
  const choices = [
    { text: 'A new campaign', value: NEW },
    ...campaigns.map(({ id, name }) => ({ text: `${id}: ${name}`, value: String(id) })),
  ];
  return choiceField('target', 'Load into', choices, NEW);
}

export const importFile: ModalHandler = {
  right: 'edit',
  problemField: 'file',
  async submit(submission) {
    const known = await knownFile(submission);
    const chosen = readFile(submission.state, 'file');
    const file =
      known ??
      (chosen && {
        fileId: chosen.id,
        fileName: chosen.name,
        channelId: metadataText(submission.metadata, 'channelId'),
        threadTs: null,
      });
    if (!file && !Object.hasOwn(submission.state, 'file')) return { kind: 'show', view: lostDraft() };
    if (!file) return { kind: 'errors', errors: { file: 'Choose a file of contacts.' } };
    const campaignId = await targetOf(submission);
    return {
      kind: 'show',
      view: waitingView(`Reading ${file.fileName}…`),
      fill: () =>
        askForColumns(submission, {
          fileId: file.fileId,
          campaignId,
          channelId: file.channelId,
          threadTs: file.threadTs,
          next: campaignId === null ? 'message' : 'nothing',
        }),
    };
  },
};

/** Null: a new campaign. Throws when the campaign takes no contacts now. */
async function targetOf(submission: Submission): Promise<number | null> {
  const choice = readChoice(submission.state, 'target');
  const campaignId = choice === null ? metadataNumber(submission.metadata, 'campaignId') : Number(choice);
  if (choice === NEW || campaignId === null || !Number.isSafeInteger(campaignId)) return null;
  const campaign = await ownCampaign(submission, campaignId);
  if (!canImport(campaign.status)) throw wrongStatus('import', campaign.status);
  return campaign.id;
}

async function knownFile({ deps, metadata, userId }: Submission): Promise<KnownFile | null> {
  const id = metadataText(metadata, 'draft');
  const kept = id ? await loadFormDraft(deps, { id, userId }) : null;
  return kept?.kind === KIND ? (kept.data as KnownFile) : null;
}
