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

/**
 * The results of a campaign as CSV text, contact by contact in import order, page by page so that a million of them never
 * stand in memory. Cells that a spreadsheet would run are neutralised. Throws `campaign_not_found`.
 */
export async function* exportResults(
  deps: Pick<Deps, 'db'>,
  { campaignId }: { campaignId: number },
): AsyncGenerator<string, void, undefined> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const variables = row.campaign.availableVariables.filter((name) => name !== 'phone_number');
  // A column of the file that is called like one of ours keeps its values under another name.
  const names = variables.map((name) => (Object.hasOwn(COLUMNS, name) ? `file_${name}` : name));
  yield csvRow([...Object.keys(COLUMNS), ...names]);
  let afterId = 0;
  for (;;) {
    const page = await readResults(deps.db, campaignId, afterId, PAGE);
    if (page.length > 0) yield page.map((contact) => csvRow(cellsOf(contact, variables))).join('');
    if (page.length < PAGE) return;
    afterId = page.at(-1)?.id ?? afterId;
  }
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
