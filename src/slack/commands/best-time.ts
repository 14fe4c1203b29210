import { type BestTime, describeSlots, ENOUGH_CALLS, type HourRate, heatMap } from '#domain/best-time.ts';
import { findBestTime } from '#operations/find-best-time.ts';
import { context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import { count } from '#slack/mrkdwn.ts';
import type { WordsCommand } from './command.ts';

export const bestTime: WordsCommand = {
  name: 'best-time',
  usage: '',
  summary: 'When people pick up: by hour and weekday, on their own clocks',
  right: 'view',
  runs: 'now',
  takes: 'words',
  async run(entry) {
    const { deps, workspaceId } = entry;
    await entry.answer.privately(bestTimeMessage(await findBestTime(deps, { workspaceId })));
  },
};

/** The week as a table of text with what follows from it; what is usual while there are too few calls. */
export function bestTimeMessage({ rates, ...found }: BestTime & { rates: HourRate[] }): Message {
  const basis = basisWords(found);
  const words = slotWords(found);
  if (found.basis === 'usual')
    return {
      text: fallback(basis, ...words),
      blocks: [section(`*Best time to call*\n${basis}`), section(words.join('\n'))],
    };
  const table = heatMap(rates).join('\n');
  return {
    text: fallback(basis, ...words, table),
    blocks: [
      section(`*Best time to call*\n${basis}`),
      section(words.join('\n')),
      section(`\`\`\`\n${table}\n\`\`\``),
      context(
        'Of a hundred calls that began in that hour on the clock of whoever was called, so many were taken by a person; a dot where fewer than ten calls began. The hours of a campaign stay as they are until somebody edits them.',
      ),
    ],
  };
}

/** One line for the form: when to call, and how that is known. */
export function bestTimeHint({ basis, best }: BestTime): string {
  if (best.length === 0) return '';
  const source = basis === 'own' ? 'from your own calls' : 'what is usual';
  return `Best time to call, ${source}: ${describeSlots(best)}, where people are. More in \`/campaign best-time\`.`;
}

function basisWords({ basis, calls }: BestTime): string {
  return basis === 'own'
    ? `From ${count(calls)} calls of this workspace in the last 90 days.`
    : `This workspace has made ${count(calls)} of the ${count(ENOUGH_CALLS)} calls in 90 days that its own answer depends on; until then, what is usual:`;
}

function slotWords({ best, avoid }: BestTime): string[] {
  return [
    best.length > 0
      ? `*Best:* ${describeSlots(best)}.`
      : '*Best:* no hour stands out; people pick up about as often at any time.',
    ...(avoid.length > 0 ? [`*Rather not:* ${describeSlots(avoid)}.`] : []),
  ];
}
