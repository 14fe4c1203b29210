import { describeRate, readRateWish } from '#domain/rate-words.ts';
import { OTHER_COUNTRIES, type PricedChannel, type RateTable } from '#domain/rates.ts';
import { changeRate } from '#operations/change-rate.ts';
import { listRates, type SetRate } from '#operations/list-rates.ts';
import { context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import { demand, type Entry } from '#slack/context.ts';
import { actorName, localTime } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

export const rates: WordsCommand = {
  name: 'rates',
  usage: '[text | calls] [country] [price | reset]',
  summary: 'What estimates and budgets reckon with; admins set it',
  right: 'view',
  runs: 'stored',
  takes: 'words',
  async run(entry, words) {
    const wish = readRateWish(words);
    if (wish.kind === 'show') return entry.answer.privately(ratesMessage(await listRates(entry.deps, entry)));
    if (wish.kind === 'problem')
      return entry.answer.privately(sentenceMessage(`${wish.problem} Nothing was changed.`));
    await demand(entry, 'administer');
    await entry.answer.privately(sentenceMessage(await carryOut(entry, wish)));
  },
};

type Change = Exclude<ReturnType<typeof readRateWish>, { kind: 'show' | 'problem' }>;

async function carryOut({ deps, workspaceId, actor }: Entry, wish: Change): Promise<string> {
  const { channel, country } = wish;
  const price = wish.kind === 'set' ? wish : null;
  const { before, after } = await changeRate(deps, { workspaceId, channel, country, price, actor });
  const what = `${WHAT[channel]} to ${placeOf(country)}`;
  return price
    ? `${what} is reckoned at ${describeRate(after)} from now on, and was at ${describeRate(before)}. What is reserved already stays; /campaign rates ${WORD[channel]} ${country} reset takes it back.`
    : `${what} is reckoned at the built-in ${describeRate(after)} again, and was at ${describeRate(before)}.`;
}

const WHAT: Record<PricedChannel, string> = { sms: 'A segment of a text', call: 'A minute of a call' };
const WORD: Record<PricedChannel, string> = { sms: 'text', call: 'calls' };

function placeOf(country: string): string {
  return country === OTHER_COUNTRIES ? 'every other country' : country;
}

/** The whole table, what the workspace has set in front, with where its figures come from. */
function ratesMessage({ rates: table, own }: { rates: RateTable; own: SetRate[] }): Message {
  const set = own.map(
    ({ channel, country, lowMicros, highMicros, changedBy, changedAt }) =>
      `• ${WHAT[channel]} to ${placeOf(country)}: *${describeRate({ low: lowMicros, high: highMicros })}*, set by ${actorName(changedBy)}, ${localTime(changedAt)}`,
  );
  const lead = set.length > 0 ? `*Set here*\n${set.slice(0, 30).join('\n')}` : '*Set here* nothing yet';
  const lists = (['sms', 'call'] as const).map(
    (channel) => `*${WHAT[channel]}* ${listOf(table, own, channel)}`,
  );
  return {
    text: fallback(lead.replaceAll('*', ''), 'Estimates and budgets reckon with the rate table.'),
    blocks: [
      section(lead),
      ...lists.map((text) => section(text)),
      context(
        'US dollars. Budgets reserve the higher figure before each attempt and settle on what the provider charges. An admin sets what you pay: `/campaign rates text US 0.0079`.',
      ),
    ],
  };
}

function listOf(table: RateTable, own: readonly SetRate[], channel: PricedChannel): string {
  const isOwn = (country: string) => own.some((row) => row.channel === channel && row.country === country);
  return Object.entries(table[channel])
    .filter(([country]) => !isOwn(country))
    .map(([country, rate]) => `${country} ${describeRate(rate)}${rate.estimate ? ' (a guess)' : ''}`)
    .join(' · ');
}
