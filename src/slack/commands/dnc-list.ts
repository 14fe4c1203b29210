import { maskPhone } from '#domain/mask-phone.ts';
import { listSuppressions, type SuppressionPage } from '#operations/list-suppressions.ts';
import { requestSuppressionsFile } from '#operations/request-suppressions-file.ts';
import { actionId } from '#slack/action-ids.ts';
import { entryLine, rangeLine } from '#slack/blocks/do-not-call.ts';
import {
  actions,
  type Block,
  bullets,
  button,
  context,
  fallback,
  type Message,
  section,
} from '#slack/blocks/kit.ts';
import { type Entry, may } from '#slack/context.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { openSuppressionImport } from '#slack/modals/suppression-import.ts';
import { count, counted, localTime, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

const PAGE = 10;
const SHOWN_RANGES = 15;

export const dncList: WordsCommand = {
  name: 'dnc list',
  usage: '',
  summary: 'The do-not-call list, the newest entries first',
  right: 'view',
  runs: 'now',
  takes: 'words',
  run: async (entry) => entry.answer.privately(await listMessage(entry, null)),
};

export const dncImport: WordsCommand = {
  name: 'dnc import',
  usage: '',
  summary: 'Load a file of numbers into the do-not-call list, your own or the national one',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  run: (entry) => openSuppressionImport(entry),
};

export const dncExport: WordsCommand = {
  name: 'dnc export',
  usage: '',
  summary: 'Get the do-not-call list as CSV in your direct messages',
  right: 'export',
  runs: 'stored',
  takes: 'words',
  async run(entry) {
    const { deps, workspaceId, actor } = entry;
    const place = { channelId: await directChannel(entry), threadTs: null };
    await requestSuppressionsFile(deps, { workspaceId, actor, place });
    await entry.answer.privately(
      sentenceMessage('The do-not-call list comes to you as a CSV file in your direct messages with me.'),
    );
  },
};

/** One page of the list. Whole numbers are for those who may export them. */
export async function listMessage(entry: Entry, beforeId: number | null): Promise<Message> {
  const { deps, workspaceId } = entry;
  const page = await listSuppressions(deps, { workspaceId, beforeId, limit: PAGE });
  const isWhole = await may(entry, 'export');
  const lines = page.entries.map(
    (one) => `*${quote(isWhole ? one.phoneNumber : maskPhone(one.phoneNumber))}*: ${entryLine(one)}`,
  );
  const about = aboutList(page);
  const ranges = beforeId === null ? page.ranges.slice(0, SHOWN_RANGES).map(rangeLine) : [];
  return {
    text: fallback(...about, ...ranges, ...lines.map((line) => line.replaceAll('*', ''))),
    blocks: [
      section(`*${about[0]}*`),
      ...about.slice(1).map((sentence) => context(sentence)),
      ...(ranges.length > 0 ? [section(bullets(ranges))] : []),
      ...lines.map((line) => section(line)),
      ...older(page),
    ],
  };
}

function aboutList({ total, ranges, nationalList, loading }: SuppressionPage): string[] {
  const rangeWords = ranges.length > 0 ? ` and ${counted(ranges.length, 'range')}` : '';
  const empty = total + ranges.length === 0;
  return [
    empty
      ? 'Nobody is on the do-not-call list.'
      : `On the do-not-call list: ${counted(total, 'entry', 'entries')}${rangeWords}`,
    ...(empty
      ? ['Put a number there with /campaign dnc add, or a file of them with /campaign dnc import.']
      : []),
    ...(nationalList ? [nationalWords(nationalList)] : []),
    ...loading.map(
      ({ fileName, rows }) => `“${quote(fileName)}” is being loaded: ${count(rows)} rows so far.`,
    ),
  ];
}

function nationalWords({ listAt, days }: { listAt: Date | null; days: number }): string {
  const since = listAt
    ? `The national list is of ${localTime(listAt)}`
    : 'The national list was never loaded';
  return `${since}; with one older than ${counted(days, 'day')} nobody is contacted.`;
}

function older({ beforeId }: SuppressionPage): Block[] {
  if (beforeId === null) return [];
  return [actions([button({ label: 'Older', actionId: actionId('dnc.older'), value: String(beforeId) })])];
}
