import { readCard } from '#db/cards.ts';
import { changeImport, readImportWithCampaign, takeShowing } from '#db/import-requests.ts';
import { reasonSentence } from '#domain/contact-import/row-judge.ts';
import type { ChatPlace, ChatResult } from '#ports/chat.ts';
import type { ImportProgress } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';

const INTERVAL_REAL_MS = 3_000;

type Row = NonNullable<Awaited<ReturnType<typeof readImportWithCampaign>>>;

/** Shows how far an import is, in one message edited in place, at most every three seconds; silent when it cannot. */
export async function showImport(deps: Deps, { importId }: { importId: number }): Promise<void> {
  const now = deps.clock.now();
  const elapsed = deps.clock.realDelay(INTERVAL_REAL_MS).getTime() - now.getTime();
  if (!(await takeShowing(deps.db, importId, now, new Date(now.getTime() - elapsed)))) return;
  const row = await readImportWithCampaign(deps.db, importId);
  const place = row && (await placeOfImport(deps, row));
  if (!row || !place) return;
  await drawImport(deps, row, place);
}

/** Posts or edits the message of an import with what it says now; one that somebody deleted is posted anew. */
export async function drawImport(deps: Deps, row: Row, place: ChatPlace): Promise<ChatResult> {
  const content = progressOf(row);
  const { id, progressTs } = row.import;
  if (progressTs) {
    const edited = await deps.chat.update({ channelId: place.channelId, ts: progressTs }, content);
    if (edited.kind !== 'lost' || edited.problem !== 'message_deleted') return edited;
  }
  const result = await deps.chat.post(place, content);
  if (result.kind === 'done') await changeImport(deps.db, id, { progressTs: result.ts });
  return result;
}

/** Where an import is told: the place it was asked for in, or its campaign's thread; null while that has no card yet. */
export async function placeOfImport(deps: Deps, { import: row }: Row): Promise<ChatPlace | null> {
  if (!row.channelId) return null;
  if (row.threadTs) return { channelId: row.channelId, threadTs: row.threadTs };
  const card = await readCard(deps.db, row.campaignId);
  if (!card || card.state === 'lost') return { channelId: row.channelId, threadTs: null };
  return card.ts ? { channelId: card.channelId, threadTs: card.ts } : null;
}

function progressOf({ import: row, campaignName }: Row): ImportProgress {
  return {
    kind: 'import_progress',
    importId: row.id,
    campaignId: row.campaignId,
    campaignName,
    fileName: row.fileName,
    status: row.status,
    rowCount: row.rowCount,
    loaded: row.importedCount,
    duplicates: row.duplicateCount,
    existing: row.existingCount,
    invalid: row.invalidCount,
    suppressed: row.suppressedCount,
    problem: row.problem,
    reasons: row.reasons.map(({ reason, rows }) => ({ reason: reasonSentence(reason), rows })),
  };
}
