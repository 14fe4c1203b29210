import type { ImportProgress } from '#ports/chat-content.ts';
import { count, counted, quote } from '#slack/mrkdwn.ts';
import { type Block, bullets, fallback, fields, type Message, plainSection, section } from './kit.ts';

const SHOWN_REASONS = 8;

/** How far a file is, then what came of it; one message, edited in place. */
export function drawImportProgress(progress: ImportProgress): Message {
  const title = HEADLINES[progress.status](progress);
  const blocks: Block[] = [section(title)];
  if (progress.status === 'failed') blocks.push(failure(progress));
  else if (progress.rowCount > 0) blocks.push(fields(verdicts(progress)));
  const reasons = progress.reasons.map(
    ({ reason, rows }) => `${counted(rows, 'row')}: ${quote(reason, 200)}`,
  );
  if (reasons.length > 0) {
    blocks.push(section(`*About its rows*\n${bullets(reasons, SHOWN_REASONS)}`));
  }
  return {
    text: fallback(
      title,
      progress.problem && quote(progress.problem, 500),
      progress.rowCount > 0 && verdicts(progress).join(', '),
      ...reasons.slice(0, SHOWN_REASONS),
    ).replaceAll('*', ''),
    blocks,
  };
}

const HEADLINES: Record<ImportProgress['status'], (progress: ImportProgress) => string> = {
  pending: (progress) => `⏳ ${file(progress)} is waiting to be loaded into ${campaign(progress)}.`,
  processing: (progress) =>
    `⏳ Loading ${file(progress)} into ${campaign(progress)}: ${counted(progress.rowCount, 'row')} read so far.`,
  completed: (progress) =>
    `✅ ${file(progress)}: ${counted(progress.loaded, 'contact')} loaded into ${campaign(progress)} from ${counted(progress.rowCount, 'row')}.`,
  failed: (progress) => `❌ Nothing was loaded from ${file(progress)} into ${campaign(progress)}.`,
};

function verdicts(progress: ImportProgress): string[] {
  const rows: [string, number][] = [
    ['Loaded', progress.loaded],
    ['Duplicate in the file', progress.duplicates],
    ['Already in the campaign', progress.existing],
    ['Invalid', progress.invalid],
    ['On the do-not-call list', progress.suppressed],
  ];
  return rows.map(([label, rowsOfIt]) => `*${label}* ${count(rowsOfIt)}`);
}

function failure(progress: ImportProgress): Block {
  const problem = progress.problem ?? 'The file could not be read. Upload it again, or save it as CSV first.';
  return plainSection(problem);
}

function file(progress: ImportProgress): string {
  return `*${quote(progress.fileName, 80)}*`;
}

function campaign(progress: ImportProgress): string {
  return `*${quote(progress.campaignName, 80)}*`;
}
