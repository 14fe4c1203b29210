import type { Right } from '#domain/rights.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { liftSuppression } from '#operations/lift-suppression.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import type { Message } from '#slack/blocks/kit.ts';
import { bullets, fallback, section } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { actorName, localTime, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

type Verb = {
  name: string;
  summary: string;
  right: Right;
  runs: 'now' | 'stored';
  act(entry: Entry, phone: string): Promise<Message>;
};

const USAGE = '<phone number>';

export const dncAdd = command({
  name: 'dnc add',
  summary: 'Put a number on the do-not-call list',
  right: 'suppress',
  runs: 'stored',
  async act({ deps, workspaceId, actor }, phone) {
    const { phoneNumber, changed } = await suppressNumber(deps, {
      workspaceId,
      phone,
      channel: 'all',
      reason: 'Asked for in Slack.',
      source: 'manual',
      actor,
    });
    return sentenceMessage(
      changed
        ? `${phoneNumber} is on the do-not-call list now: no campaign of this workspace calls or texts it.`
        : `${phoneNumber} was already on the do-not-call list. Nothing was changed.`,
    );
  },
});

export const dncRemove = command({
  name: 'dnc remove',
  summary: 'Take a number off the list, when the person asked to hear from you again',
  right: 'administer',
  runs: 'stored',
  async act({ deps, workspaceId, actor }, phone) {
    const { phoneNumber, changed } = await liftSuppression(deps, { workspaceId, phone, actor });
    return sentenceMessage(
      changed
        ? `${phoneNumber} is off the do-not-call list. Contacts that were skipped because of it stay skipped.`
        : `${phoneNumber} is not on the do-not-call list. Nothing was changed.`,
    );
  },
});

export const dncCheck = command({
  name: 'dnc check',
  summary: 'Whether a number is on the list, and how it came there',
  right: 'view',
  runs: 'now',
  async act({ deps, workspaceId }, phone) {
    const { phoneNumber, entries } = await checkSuppression(deps, { workspaceId, phone });
    if (entries.length === 0) return sentenceMessage(`${phoneNumber} is not on the do-not-call list.`);
    const title = `*${phoneNumber} is on the do-not-call list*`;
    const lines = entries.map(
      ({ channel, reason, source, actor, createdAt }) =>
        `${CHANNELS[channel]}, since ${localTime(createdAt)}, ${SOURCES[source]} by ${actorName(actor)}: ${quote(reason, 300)}`,
    );
    return {
      text: fallback(title.replaceAll('*', ''), ...lines),
      blocks: [section(`${title}\n${bullets(lines)}`)],
    };
  },
});

const CHANNELS = { all: 'Calls and texts', voice: 'Calls', sms: 'Texts' };
const SOURCES = {
  manual: 'entered',
  opt_out: 'opted out, noted',
  import: 'imported',
  api: 'sent over the API',
  provider: 'reported by the carrier, noted',
};

function command({ act, ...verb }: Verb): WordsCommand {
  return {
    ...verb,
    usage: USAGE,
    takes: 'words',
    async run(entry, words) {
      const missing = `Say the phone number: /campaign ${verb.name} +14155550123`;
      await entry.answer.privately(words ? await act(entry, words) : sentenceMessage(missing));
    },
  };
}
