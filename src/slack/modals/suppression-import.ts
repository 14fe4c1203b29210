import { requestSuppressionImport } from '#operations/request-suppression-import.ts';
import { context } from '#slack/blocks/kit.ts';
import { offeredCampaigns, ownCampaign } from '#slack/commands/resolve.ts';
import { demand, type Entry } from '#slack/context.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { choiceField, fileField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataText, type Submission } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readFile } from './state.ts';

const EVERY = 'all';

/**
 * Asks which list a file of numbers is, and for the file where it is not known yet: a form takes up to 10 MB, and larger
 * ones are dropped into a channel.
 */
export async function openSuppressionImport(entry: Entry, fileId: string | null = null): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const offered = await offeredCampaigns(entry, { offers: ['draft', 'scheduled', 'running', 'paused'] });
    const campaigns = offered.map(({ id, name }) => ({ text: `${id}: ${name}`, value: String(id) }));
    const file = fileId === null ? null : await entry.deps.chat.fileInfo(fileId);
    return modal({
      name: 'dnc_import',
      title: 'Do-not-call file',
      submit: 'Load numbers',
      close: 'Not now',
      ...(file ? { metadata: { fileId: file.id, fileName: file.name } } : {}),
      blocks: [
        file ? context(`*${quote(file.name, 100)}*. Nothing is loaded yet.`) : fileField(false),
        choiceField('kind', 'Which list it is', KINDS, 'own'),
        choiceField(
          'scope',
          'Counts for',
          [{ text: 'All campaigns', value: EVERY }, ...campaigns],
          EVERY,
          'The national list always counts for all.',
        ),
        context(
          'One number per row; +1900* means all that begin so. Columns beside the numbers are left out.',
        ),
        context('Numbers are added for calls and texts; nothing is taken off the list by a file.'),
      ],
    });
  });
}

const KINDS = [
  { text: 'Our own list', value: 'own' },
  { text: 'The national do-not-call list', value: 'national' },
];

export const suppressionImport: ModalHandler = {
  right: 'edit',
  problemField: 'kind',
  async submit(submission) {
    const { deps, workspaceId, actor, state, viewId } = submission;
    const file = fileOf(submission);
    if (!file) return { kind: 'errors', errors: { file: 'Choose a file of phone numbers.' } };
    const kind = readChoice(state, 'kind') === 'national' ? 'national' : 'own';
    // It lets campaigns go on that wait for a fresher list.
    if (kind === 'national') await demand(submission, 'administer');
    const onlyCampaignId = kind === 'national' ? null : await scopeOf(submission);
    const channelId = await directChannel(submission);
    await requestSuppressionImport(deps, {
      workspaceId,
      kind,
      onlyCampaignId,
      fileId: file.id,
      fileName: file.name,
      actor,
      requestKey: `view:${viewId}`,
      channelId,
    });
    const sentence = `“${file.name}” is being loaded into the do-not-call list. What is read counts at once; how it ends is told in your direct messages with me.`;
    return { kind: 'show', view: sentenceView('Do-not-call file', sentenceMessage(sentence)) };
  },
};

async function scopeOf(submission: Submission): Promise<number | null> {
  const choice = readChoice(submission.state, 'scope');
  if (choice === null || choice === EVERY) return null;
  return (await ownCampaign(submission, Number(choice) || 0)).id;
}

function fileOf({ metadata, state }: Submission): { id: string; name: string } | null {
  const id = metadataText(metadata, 'fileId');
  return id ? { id, name: metadataText(metadata, 'fileName') ?? 'file' } : readFile(state, 'file');
}
