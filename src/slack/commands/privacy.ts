import { maskPhone } from '#domain/mask-phone.ts';
import { type PersonSummary, showPerson } from '#operations/show-person.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, button, context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { rememberPhone } from '#slack/lookup.ts';
import { counted } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

export const privacy: WordsCommand = {
  name: 'privacy',
  usage: '<phone number>',
  summary: 'Export or erase everything kept about one person',
  right: 'administer',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    if (words === '')
      return entry.answer.privately(sentenceMessage('Say the phone number: /campaign privacy +14155550123'));
    await entry.answer.privately(await privacyMessage(entry, words));
  },
};

/** How much is kept about somebody, with the ways to have it and to be rid of it. */
async function privacyMessage(entry: Entry, phone: string): Promise<Message> {
  const kept = await showPerson(entry.deps, { workspaceId: entry.workspaceId, phone });
  const lookup = await rememberPhone(entry, kept.phoneNumber);
  const title = `Kept about ${maskPhone(kept.phoneNumber)}`;
  return {
    text: fallback(`${title}: ${keptWords(kept)}`, ...notes(kept)),
    blocks: [
      section(`*${title}*\n${keptWords(kept)}`),
      context(...notes(kept)),
      actions([
        button({ label: 'Export', actionId: actionId('privacy.export'), value: lookup }),
        button({ label: 'Erase…', actionId: actionId('privacy.erase'), value: lookup, style: 'danger' }),
      ]),
    ],
  };
}

function keptWords(kept: PersonSummary): string {
  const parts = [
    counted(kept.campaigns, 'contact'),
    counted(kept.attempts, 'attempt'),
    counted(kept.calls, 'call'),
    counted(kept.recordings, 'recording'),
    `${counted(kept.texts, 'text')} of theirs`,
    counted(kept.consents, 'consent'),
  ];
  return `${parts.join(', ')}.`;
}

function notes({ isSuppressed, isInFlight }: PersonSummary): string[] {
  return [
    isSuppressed ? 'They are on the do-not-call list.' : 'They are not on the do-not-call list.',
    ...(isInFlight ? ['A call or a text with them is not over yet: they can be erased when it is.'] : []),
  ];
}
