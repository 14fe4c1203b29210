import { maskPhone } from '#domain/mask-phone.ts';
import { recordConsent } from '#operations/record-consent.ts';
import { actionId } from '#slack/action-ids.ts';
import { context, input } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { recallPhone } from '#slack/lookup.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { choiceField, textField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataText } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readDate, readText } from './state.ts';

const CHANNELS = [
  { text: 'Calls and texts', value: 'all' },
  { text: 'Calls only', value: 'voice' },
  { text: 'Texts only', value: 'sms' },
] as const;

/** Asks what somebody consented to: on which channel, when, how, and in which words. */
export async function openConsent(entry: Entry, lookup: string): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const phone = await recallPhone(entry, lookup);
    if (phone === null) return forgotten();
    return modal({
      name: 'consent',
      title: 'Record consent',
      submit: 'Record',
      metadata: { lookup },
      blocks: [
        context(`Consent of *${quote(maskPhone(phone))}*`),
        choiceField('channel', 'They consented to', [...CHANNELS], 'all'),
        input({
          blockId: 'given',
          label: 'Day on which they gave it',
          element: { type: 'datepicker', action_id: actionId('form.input') },
        }),
        textField({
          blockId: 'method',
          label: 'How they gave it',
          placeholder: 'Web form, paper, on the phone…',
          max: 100,
        }),
        textField({
          blockId: 'wording',
          label: 'The words they agreed to',
          hint: 'As they stood on the form or were read out: the best evidence there is.',
          optional: true,
          lines: true,
          max: 2_000,
        }),
      ],
    });
  });
}

export const consent: ModalHandler = {
  right: 'edit',
  problemField: 'given',
  async submit(submission) {
    const { deps, workspaceId, actor, metadata, state } = submission;
    const phone = await recallPhone(submission, metadataText(metadata, 'lookup') ?? '');
    if (phone === null) return { kind: 'show', view: forgotten() };
    const day = readDate(state, 'given');
    if (!day) return { kind: 'errors', errors: { given: 'Choose the day.' } };
    const channel = CHANNELS.find(({ value }) => value === readChoice(state, 'channel'))?.value ?? 'all';
    const { changed } = await recordConsent(deps, {
      workspaceId,
      phone,
      channel,
      givenAt: new Date(`${day}T00:00:00Z`),
      method: readText(state, 'method'),
      wording: readText(state, 'wording') || null,
      actor,
    });
    const sentence = changed
      ? `The consent of ${maskPhone(phone)} is on record. Whoever a campaign left out for want of it stays left out until it is run again.`
      : `A consent of ${maskPhone(phone)} for that is in force already and stays as it was noted. Nothing was changed.`;
    return { kind: 'show', view: sentenceView('Record consent', sentenceMessage(sentence)) };
  },
};

function forgotten() {
  return sentenceView(
    'Nothing was recorded',
    sentenceMessage('This form is no longer known. Look the number up again with /campaign consent.'),
  );
}
