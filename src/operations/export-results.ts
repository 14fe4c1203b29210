import { readCampaign } from '#db/campaigns.ts';
import { type ResultRow, readResults } from '#db/results.ts';
import { describeMiss } from '#domain/call-words.ts';
import { csvRow } from '#domain/csv-export.ts';
import type { FailureClass } from '#domain/failure.ts';
import { describeSkip } from '#domain/hold.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

const PAGE = 1_000;

const COLUMNS: Record<string, (row: ResultRow) => string> = {
  phone_number: (row) => row.phoneNumber,
  status: (row) => row.status,
  reason: reasonOf,
  attempts: (row) => String(row.attempts),
  channel: (row) => row.channel ?? '',
  outcome: (row) => row.outcome ?? '',
  last_attempt_at: (row) => row.lastAttemptAt ?? '',
  ended_at: (row) => row.endedAt ?? '',
  segments: (row) => (row.segments === null ? '' : String(row.segments)),
  price_usd: (row) => (row.priceMicros === null ? '' : (row.priceMicros / 1_000_000).toFixed(5)),
  provider_ref: (row) => row.providerRef ?? '',
  call_outcome: (row) => row.callOutcome ?? '',
  call_seconds: (row) => (row.callSeconds === null ? '' : String(row.callSeconds)),
  call_result: (row) => row.callResult ?? '',
  call_summary: (row) => row.callSummary ?? '',
  call_answers: (row) =>
    Object.entries(row.callAnswers ?? {})
      .map(([question, answer]) => `${question}: ${answer}`)
      .join('; '),
  callback_at: (row) => row.callbackAt ?? '',
  reply: (row) => row.lastReply ?? '',
  reply_verdict: (row) => row.replyVerdict ?? '',
};

/** What has a value that is a number where the file can say so. */
const NUMBERS = new Set(['attempts', 'segments', 'price_usd', 'call_seconds']);

/** What a file of results can be: a spreadsheet’s, one JSON array, or one JSON object a line. */
export const RESULT_FORMATS = ['csv', 'json', 'ndjson'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** How rows of cells become a file: before the first, each page of them, behind the last. */
type Writer = {
  head(names: string[]): string;
  page(rows: string[][], names: string[], isFirst: boolean): string;
  tail: string;
};

const WRITERS: Record<ResultFormat, Writer> = {
  csv: { head: csvRow, page: (rows) => rows.map(csvRow).join(''), tail: '' },
  json: {
    head: () => '[',
    page: (rows, names, isFirst) =>
      `${isFirst ? '' : ','}\n${rows.map((cells) => jsonRow(cells, names)).join(',\n')}`,
    tail: '\n]\n',
  },
  ndjson: {
    head: () => '',
    page: (rows, names) => rows.map((cells) => `${jsonRow(cells, names)}\n`).join(''),
    tail: '',
  },
};

/**
 * The results of a campaign as the text of a file, contact by contact in import order, page by page so that a million of
 * them never stand in memory. Cells of a CSV that a spreadsheet would run are neutralised. Throws `campaign_not_found`.
 */
export async function* exportResults(
  deps: Pick<Deps, 'db'>,
  { campaignId, format = 'csv' }: { campaignId: number; format?: ResultFormat },
): AsyncGenerator<string, void, undefined> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const variables = row.campaign.availableVariables.filter((name) => name !== 'phone_number');
  const names = [...Object.keys(COLUMNS), ...namesInFile(variables)];
  const writer = WRITERS[format];
  yield writer.head(names);
  for (let afterId = 0; ; ) {
    const page = await readResults(deps.db, campaignId, afterId, PAGE);
    const rows = page.map((contact) => cellsOf(contact, variables));
    if (rows.length > 0) yield writer.page(rows, names, afterId === 0);
    if (page.length < PAGE) break;
    afterId = page.at(-1)?.id ?? afterId;
  }
  yield writer.tail;
}

/** A column of the file that is called like one of ours keeps its values under another name, which no other one has. */
function namesInFile(variables: string[]): string[] {
  return variables.map((variable) => {
    if (!Object.hasOwn(COLUMNS, variable)) return variable;
    let name = `file_${variable}`;
    while (variables.includes(name)) name = `file_${name}`;
    return name;
  });
}

function jsonRow(cells: string[], names: string[]): string {
  const typed = (cell: string, name: string) => (NUMBERS.has(name) ? Number(cell) : cell);
  const entries = cells.map((cell, index) => {
    const name = names[index] ?? '';
    return [name, cell === '' ? null : typed(cell, name)] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function cellsOf(row: ResultRow, variables: string[]): string[] {
  return [
    ...Object.values(COLUMNS).map((cell) => cell(row)),
    ...variables.map((name) => row.variableValues[name] ?? ''),
  ];
}

function reasonOf(row: ResultRow): string {
  if (row.status === 'skipped') return describeSkip(row.skipReason ?? 'unknown');
  if (row.status !== 'failed') return '';
  return describeMiss({ ...row, failureClass: row.failureClass as FailureClass | null });
}
