import { CHANNEL_NAMES, readListWords, readRange } from '#domain/do-not-call.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Right } from '#domain/rights.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { liftPrefix } from '#operations/lift-prefix.ts';
import { liftSuppression } from '#operations/lift-suppression.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { suppressPrefix } from '#operations/suppress-prefix.ts';
import { entryLine, rangeLine } from '#slack/blocks/do-not-call.ts';
import type { Message } from '#slack/blocks/kit.ts';
import { bullets, fallback, section } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';
import { onlyCampaign } from './resolve.ts';

type Verb = {
  name: string;
  usage: string;
  summary: string;
  right: Right;
  runs: 'now' | 'stored';
  act(entry: Entry, asked: Asked): Promise<Message>;
};

/** What somebody typed, with the one campaign that it is about, if it is about one. */
type Asked = {
  number: string;
  prefix: string | null;
  channel: 'all' | 'voice' | 'sms';
  only: { id: number; name: string } | null;
  reason: string;
};

export const dncAdd = command({
  name: 'dnc add',
  usage: '<phone number or +1900*> [calls or texts] [in <campaign>] [because …]',
  summary: 'Put a number, or all that begin alike, on the do-not-call list',
  right: 'suppress',
  runs: 'stored',
  async act({ deps, workspaceId, actor }, { number, prefix, channel, only, reason }) {
    const onlyCampaignId = only?.id ?? null;
    const entry = { workspaceId, channel, reason, source: 'manual', actor, onlyCampaignId } as const;
    const done =
      prefix === null
        ? await suppressNumber(deps, { ...entry, phone: number })
        : { ...(await suppressPrefix(deps, { ...entry, prefix })), phoneNumber: `${prefix}*` };
    if (!done.changed)
      return sentenceMessage(`${done.phoneNumber} was already on the do-not-call list. Nothing was changed.`);
    const it = prefix === null ? 'it' : 'any number that begins so';
    const who = only === null ? 'no campaign of this workspace' : `the campaign “${only.name}” never`;
    return sentenceMessage(
      `${done.phoneNumber} is on the do-not-call list now: ${who} ${DOES[channel]} ${it}. /campaign dnc list shows the list.`,
    );
  },
});

export const dncRemove = command({
  name: 'dnc remove',
  usage: '<phone number or +1900*> [calls or texts] [in <campaign>]',
  summary: 'Take a number off the list, when the person asked to hear from you again',
  right: 'administer',
  runs: 'stored',
  async act({ deps, workspaceId, actor }, { number, prefix, channel, only }) {
    const narrowed = channel === 'all' ? null : channel;
    const done =
      prefix === null
        ? await liftSuppression(deps, {
            workspaceId,
            phone: number,
            actor,
            ...(narrowed ? { channel: narrowed } : {}),
            ...(only ? { onlyCampaignId: only.id } : {}),
          })
        : {
            ...(await liftPrefix(deps, {
              workspaceId,
              prefix,
              channel: narrowed,
              onlyCampaignId: only?.id ?? null,
              actor,
            })),
            phoneNumber: `${prefix}*`,
          };
    const { phoneNumber } = done;
    const off = `${narrowed ? ` for ${CHANNEL_NAMES[narrowed].toLowerCase()}` : ''}${only ? ` of “${only.name}”` : ''}`;
    const what = off === '' ? '' : ' with such an entry';
    if (!done.changed)
      return sentenceMessage(`${phoneNumber} is not on the do-not-call list${what}. Nothing was changed.`);
    const still = prefix === null ? await standing(deps, { workspaceId, phone: number }) : [];
    const title = `${phoneNumber} is off the do-not-call list${off}. Contacts that were skipped because of it stay skipped.`;
    if (still.length === 0) return sentenceMessage(title);
    const rest = '⚠️ It still stands there, so what this keeps from them it keeps:';
    return {
      text: fallback(title, rest, ...still),
      blocks: [section(quote(title)), section(`${rest}\n${bullets(still)}`)],
    };
  },
});

/** Every entry and range by which a number is on the list. */
async function standing(
  deps: Entry['deps'],
  about: { workspaceId: number; phone: string },
): Promise<string[]> {
  const { entries, ranges } = await checkSuppression(deps, about);
  return [...entries.map(entryLine), ...ranges.map(rangeLine)];
}

export const dncCheck = command({
  name: 'dnc check',
  usage: '<phone number>',
  summary: 'Whether a number is on the list, and how it came there',
  right: 'view',
  runs: 'now',
  async act({ deps, workspaceId }, { number }) {
    const { phoneNumber, entries, ranges } = await checkSuppression(deps, { workspaceId, phone: number });
    if (entries.length + ranges.length === 0)
      return sentenceMessage(`${phoneNumber} is not on the do-not-call list.`);
    const title = `*${phoneNumber} is on the do-not-call list*`;
    const lines = [...entries.map((entry) => entryLine(entry)), ...ranges.map(rangeLine)];
    return {
      text: fallback(title.replaceAll('*', ''), ...lines),
      blocks: [section(`${title}\n${bullets(lines)}`)],
    };
  },
});

const DOES = { all: 'calls or texts', voice: 'calls', sms: 'texts' };

function command({ act, ...verb }: Verb): WordsCommand {
  return {
    ...verb,
    takes: 'words',
    async run(entry, words) {
      const missing = `Say the phone number: /campaign ${verb.name} +14155550123`;
      if (!words) return entry.answer.privately(sentenceMessage(missing));
      const asked = await understand(entry, words);
      if (asked) await entry.answer.privately(await act(entry, asked));
    },
  };
}

/** Null: the campaign was named so that several may be meant, and the person was told. */
async function understand(entry: Entry, words: string): Promise<Asked | null> {
  const { number, channel, campaign, reason } = readListWords(words);
  const range = readRange(number);
  if (range && 'problem' in range) throw new Refusal('phone_invalid', { problem: range.problem });
  const only = campaign === null ? null : await onlyCampaign(entry, campaign);
  if (campaign !== null && only === null) return null;
  return {
    number,
    prefix: range?.prefix ?? null,
    channel,
    only: only && { id: only.id, name: only.name },
    reason: reason ?? 'Asked for in Slack.',
  };
}
