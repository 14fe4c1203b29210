import type { ModalView } from '@slack/types';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { listTestContacts } from '#operations/list-test-contacts.ts';
import { ownPhoneOf } from '#operations/own-phone.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { typedNumber } from '#operations/suppress-number.ts';
import { testOnMe } from '#operations/test-on-me.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { button, context } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { keepTyped, recallTyped, typedText } from './drafts.ts';
import { choiceField, textField } from './fields.ts';
import { modal, sentenceView, waitingView } from './frame.ts';
import { type ModalHandler, metadataNumber, type Submission, type SubmitAnswer } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readText } from './state.ts';

/** Under which the number that somebody tests on is kept for the next time. */
const KIND = 'own_phone';

/** For views that show what people would get. */
export function testButton({ id: campaignId, version }: Pick<CampaignDetail, 'id' | 'version'>) {
  const value = campaignValue({ campaignId, version });
  return button({ label: 'Test on me', actionId: actionId('campaign.test'), value });
}

/** Asks on which number and with whose values; only its own button contacts anybody. */
export async function openTestOnMe(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Opening the test…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    const { deps, workspaceId, userId } = entry;
    const kept = typedText(await recallTyped(entry, KIND, ''), 'phone');
    const known = await ownPhoneOf(deps, { workspaceId, userId, assistantId: campaign.assistantId });
    return testView(campaign, await listTestContacts(deps, { campaignId }), kept || known);
  });
}

function testView(
  campaign: CampaignDetail,
  contacts: { id: number; label: string }[],
  phone: string | null,
): ModalView {
  const { calls, texts } = CHANNELS_OF[campaign.campaignType];
  const values = contacts.map(({ id, label }) => ({ text: label, value: String(id) }));
  if (contacts.length === 0) return sentenceView('Test on me', sentenceMessage(NO_CONTACTS));
  return modal({
    name: 'test_on_me',
    title: 'Test on me',
    submit: calls && texts ? 'Try it' : calls ? 'Call me' : 'Text me',
    close: 'Not now',
    metadata: { campaignId: campaign.id },
    blocks: [
      ...(calls && texts ? [choiceField('channel', 'What to try', CHANNELS, 'call')] : []),
      textField({
        blockId: 'phone',
        label: 'Your own phone number',
        hint: 'With its country code, like +14155550123. Only yours: it is noted who asked.',
        value: phone ?? '',
        max: 40,
      }),
      choiceField('contact', 'With the values of', values, values[0]?.value ?? null),
      context(
        'You get what this contact would get. The do-not-call list and the hours that the law allows where you are count; it counts for nobody else, neither in the campaign nor in its budget.',
      ),
    ],
  });
}

const NO_CONTACTS =
  'The campaign has no contacts, so there are no values to try it with. Nothing was done. Drop a file into the channel first.';

const CHANNELS = [
  { text: 'The call', value: 'call' },
  { text: 'The text message', value: 'sms' },
];

export const testOnMeForm: ModalHandler = {
  right: 'edit',
  problemField: 'phone',
  async submit(submission): Promise<SubmitAnswer> {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const { deps, workspaceId, state } = submission;
    const phone = readText(state, 'phone');
    // A number that cannot be one is told at its field, and is not offered the next time.
    await typedNumber(deps, workspaceId, phone);
    await keepTyped(submission, KIND, '', { phone });
    return {
      kind: 'show',
      view: waitingView('Asking the carrier…'),
      fill: async () => {
        const { sentence } = await tryIt(submission, campaign);
        return sentenceView('Test on me', sentenceMessage(sentence));
      },
    };
  },
};

function tryIt(
  { deps, workspaceId, actor, state, viewId }: Submission,
  { id: campaignId, campaignType }: CampaignDetail,
) {
  const chosen = readChoice(state, 'channel') ?? campaignType;
  return testOnMe(deps, {
    workspaceId,
    campaignId,
    actor,
    phone: readText(state, 'phone'),
    channel: chosen === 'sms' ? 'sms' : 'call',
    contactId: Number(readChoice(state, 'contact')) || null,
    requestKey: viewId,
  });
}
