import { type ListedEntry, nextSuppressions } from '#db/suppression-list.ts';
import { listPrefixes, type PrefixRow } from '#db/suppression-prefixes.ts';
import { csvRow } from '#domain/csv-export.ts';
import { rangeText } from '#domain/do-not-call.ts';
import type { Deps } from './deps.ts';

const PAGE = 2_000;
const COLUMNS = [
  'phone_number',
  'channel',
  'only_campaign',
  'source',
  'reason',
  'added_by',
  'added_at',
] as const;

/**
 * The do-not-call list of a workspace as CSV text: ranges first, then number by number in the order they came, page by page
 * so that a million of them never stand in memory. Cells that a spreadsheet would run are neutralised.
 */
export async function* exportSuppressions(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): AsyncGenerator<string, void, undefined> {
  yield csvRow(COLUMNS);
  const ranges = await listPrefixes(deps.db, workspaceId);
  if (ranges.length > 0) yield ranges.map((range) => csvRow(cellsOfRange(range))).join('');
  for (let afterId = 0; ; ) {
    const page = await nextSuppressions(deps.db, { workspaceId, afterId, limit: PAGE });
    if (page.length > 0) yield page.map((entry) => csvRow(cellsOf(entry))).join('');
    if (page.length < PAGE) return;
    afterId = page.at(-1)?.id ?? afterId;
  }
}

function cellsOf(entry: ListedEntry): string[] {
  const scope = entry.onlyCampaignId === null ? '' : (entry.onlyCampaignName ?? `#${entry.onlyCampaignId}`);
  return [entry.phoneNumber, entry.channel, scope, ...originOf(entry)];
}

function cellsOfRange(range: PrefixRow): string[] {
  const scope = range.onlyCampaignId === null ? '' : `#${range.onlyCampaignId}`;
  return [rangeText(range.prefix), range.channel, scope, ...originOf(range)];
}

function originOf({ source, reason, actor, createdAt }: ListedEntry | PrefixRow): string[] {
  return [source, reason, actor, createdAt.toISOString()];
}
