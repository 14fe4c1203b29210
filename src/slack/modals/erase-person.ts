import { maskPhone } from '#domain/mask-phone.ts';
import { Refusal } from '#domain/refusal.ts';
import { requestErasure } from '#operations/request-erasure.ts';
import { bullets, context, section } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { recallPhone } from '#slack/lookup.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { textField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataText } from './modal.ts';
import { openThen } from './open.ts';
import { readText } from './state.ts';

const WORD = 'erase';

/** Says what goes and what stays, and asks for a word, because nothing of it can be brought back. */
export async function openErasure(entry: Entry, lookup: string): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const phone = await recallPhone(entry, lookup);
    if (phone === null)
      return sentenceView(
        'Nothing was erased',
        sentenceMessage('This is no longer known. Look the number up again with /campaign privacy.'),
      );
    return modal({
      name: 'erase_person',
      title: 'Erase a person',
      submit: 'Erase',
      close: 'Keep',
      metadata: { lookup },
      blocks: [
        section(`*Everything kept about ${quote(maskPhone(phone))} is erased for good*`),
        section(`Gone:\n${bullets(GONE)}`),
        section(`Kept:\n${bullets(KEPT)}`),
        context(
          'Files that were handed out, and what the carrier keeps of its own accord, are not in my hands.',
        ),
        textField({
          blockId: 'word',
          label: `Type “${WORD}” to confirm`,
          max: 20,
        }),
      ],
    });
  });
}

const GONE = [
  'their name, number and columns in every campaign',
  'texts, transcripts, summaries, answers and consents',
  'recordings, at the carrier too',
  'messages about them in threads here',
];
const KEPT = [
  'their entry on the do-not-call list, which they get if they have none',
  'counts, costs and outcomes, which are about nobody then',
  'a line in the audit log with the masked number',
];

export const erasePerson: ModalHandler = {
  right: 'administer',
  problemField: 'word',
  async submit(submission) {
    const { deps, workspaceId, actor, metadata, state } = submission;
    if (readText(state, 'word').toLowerCase() !== WORD)
      return { kind: 'errors', errors: { word: `Type “${WORD}” to erase them, or press Keep.` } };
    const lookup = metadataText(metadata, 'lookup') ?? '';
    if ((await recallPhone(submission, lookup)) === null) throw new Refusal('draft_gone', {});
    const channelId = await directChannel(submission);
    await requestErasure(deps, { workspaceId, lookup, actor, channelId });
    const sentence =
      'They are being erased, and are on the do-not-call list from now on. When it is done you are told in your direct messages with me.';
    return { kind: 'show', view: sentenceView('Erase a person', sentenceMessage(sentence)) };
  },
};
