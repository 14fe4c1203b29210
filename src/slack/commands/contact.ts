import { maskPhone } from '#domain/mask-phone.ts';
import { rolesThatMay } from '#domain/rights.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { type CallStory, showCallsOfContact } from '#operations/show-calls-of-contact.ts';
import { typedNumber } from '#operations/suppress-number.ts';
import { actionId, lookupValue } from '#slack/action-ids.ts';
import { lineOfCall } from '#slack/blocks/call-story.ts';
import {
  actions,
  type Block,
  bullets,
  button,
  context,
  fallback,
  type Message,
  plainSection,
  section,
} from '#slack/blocks/kit.ts';
import { pageButtons } from '#slack/blocks/page-buttons.ts';
import { type Entry, may } from '#slack/context.ts';
import { rememberPhone } from '#slack/lookup.ts';
import { clip, counted, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

const PAGE = 6;
const SHOWN_SUMMARY = 200;

export const contact: WordsCommand = {
  name: 'contact',
  usage: '<phone number>',
  summary: 'Everything about one person: campaigns, attempts, calls with transcript and recording',
  right: 'view',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    if (words === '')
      return entry.answer.privately(sentenceMessage('Say the phone number: /campaign contact +14155550123'));
    const phone = await typedNumber(entry.deps, entry.workspaceId, words);
    const lookup = await rememberPhone(entry, phone);
    await entry.answer.privately(await contactMessage(entry, { phone, lookup, page: 0 }));
  },
};

/** What is known of somebody, one page of their calls at a time. The full number is for those who may export it. */
export async function contactMessage(
  entry: Entry,
  { phone, lookup, page }: { phone: string; lookup: string; page: number },
): Promise<Message> {
  const { deps, workspaceId } = entry;
  const shownPhone = (await may(entry, 'export')) ? phone : maskPhone(phone);
  const sentences = await explainContact(deps, { workspaceId, campaignId: null, phone });
  const title = `*${quote(shownPhone)}*`;
  const about: Block[] = [section(title), plainSection(bullets(sentences, 40))];
  const mayListen = await may(entry, 'listen');
  const calls = mayListen ? await showCallsOfContact(deps, { workspaceId, phone }) : [];
  const shown = calls.slice(page * PAGE, (page + 1) * PAGE);
  return {
    text: fallback(
      `${quote(shownPhone)}:`,
      ...sentences.map((sentence) => quote(sentence, 500)),
      ...shown.map((call) => lineOfCall(call).replaceAll('*', '')),
    ),
    blocks: [
      ...about,
      ...(mayListen ? [] : [context(NOT_HEARD)]),
      ...shown.map(callRow),
      ...pageBlocks({ lookup, page, calls: calls.length }),
    ],
  };
}

const NOT_HEARD = `What was said on calls is for ${rolesThatMay('listen').join(', ')} to read and hear.`;

function callRow(call: CallStory): Block {
  const show = button({
    label: 'Show call',
    actionId: actionId('call.show'),
    value: String(call.callId),
    spoken: `Show the call of ${call.when}`,
  });
  const summary = call.summary?.trim() ? `\n${quote(clip(call.summary, SHOWN_SUMMARY), SHOWN_SUMMARY)}` : '';
  const recorded = call.recordings.length > 0 ? ', recorded' : '';
  return section(`📞 ${lineOfCall(call)}${recorded}${summary}`, { accessory: show });
}

function pageBlocks({ lookup, page, calls }: { lookup: string; page: number; calls: number }): Block[] {
  if (calls <= PAGE) return [];
  const until = Math.min(calls, (page + 1) * PAGE);
  return [
    context(`Calls ${page * PAGE + 1} to ${until} of ${counted(calls, 'call')}, the newest first.`),
    actions(
      pageButtons({ page, size: PAGE, total: calls }, 'contact.page', (target) =>
        lookupValue(lookup, target),
      ),
    ),
  ];
}
