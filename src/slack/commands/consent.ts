import { CHANNEL_NAMES } from '#domain/do-not-call.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { type ConsentStory, showConsents } from '#operations/show-consents.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, bullets, button, context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import { type Entry, may } from '#slack/context.ts';
import { rememberPhone } from '#slack/lookup.ts';
import { actorName, localTime, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

export const consent: WordsCommand = {
  name: 'consent',
  usage: '<phone number>',
  summary: 'What a person consented to; record a consent or its withdrawal',
  right: 'view',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    if (words === '')
      return entry.answer.privately(sentenceMessage('Say the phone number: /campaign consent +14155550123'));
    await entry.answer.privately(await consentMessage(entry, words));
  },
};

/** What is on record about somebody's consent, with the ways to change it. */
export async function consentMessage(entry: Entry, phone: string): Promise<Message> {
  const story = await showConsents(entry.deps, { workspaceId: entry.workspaceId, phone });
  const shown = (await may(entry, 'export')) ? story.phoneNumber : maskPhone(story.phoneNumber);
  const lookup = await rememberPhone(entry, story.phoneNumber);
  const stands = story.consents.some(({ withdrawnAt }) => withdrawnAt === null);
  const title = stands ? `${shown} consented` : `No consent of ${shown} is in force`;
  const lines = story.consents.map(line);
  return {
    text: fallback(`${title}.`, ...lines, ...notes(story)),
    blocks: [
      section(`*${title}*${lines.length > 0 ? `\n${bullets(lines)}` : ''}`),
      context(...notes(story)),
      actions([
        button({ label: 'Record consent', actionId: actionId('consent.record'), value: lookup }),
        ...(stands ? [withdrawButton(lookup)] : []),
      ]),
    ],
  };
}

function line({
  channel,
  givenAt,
  method,
  wording,
  actor,
  sourceColumn,
  ...end
}: ConsentStory['consents'][number]) {
  const source = sourceColumn === null ? '' : `, from the column “${quote(sourceColumn)}”`;
  const words = wording ? `: “${quote(wording, 300)}”` : '';
  const gone = end.withdrawnAt
    ? ` – withdrawn ${localTime(end.withdrawnAt)} by ${end.withdrawnBy === 'contact' ? 'themselves' : actorName(end.withdrawnBy ?? '')}`
    : '';
  return `${CHANNEL_NAMES[channel]}, given ${localTime(givenAt)}, ${quote(method)}, noted by ${actorName(actor)}${source}${words}${gone}`;
}

function notes({ isDemanded, isSuppressed }: ConsentStory): string[] {
  const demanded = [...(isDemanded.voice ? ['called'] : []), ...(isDemanded.sms ? ['texted'] : [])];
  return [
    demanded.length > 0
      ? `Nobody is ${demanded.join(' or ')} without consent here.`
      : 'This workspace demands no consent on record; the law may.',
    ...(isSuppressed ? ['They are on the do-not-call list, which no consent overrules.'] : []),
  ];
}

function withdrawButton(lookup: string) {
  return button({
    label: 'Withdraw consent',
    actionId: actionId('consent.withdraw'),
    value: lookup,
    style: 'danger',
    confirm: {
      title: 'Withdraw their consent?',
      text: 'For calls and texts, at once. What was noted stays on record as withdrawn.',
      confirm: 'Withdraw',
      danger: true,
    },
  });
}
