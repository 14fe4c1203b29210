import { type AuditScope, readEventsBefore } from '#db/audit.ts';
import type { Actor } from '#domain/actor.ts';
import { describeEvent } from '#domain/audit.ts';
import { csvRow } from '#domain/csv-export.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { noteHandingOut } from './note-handing-out.ts';
import { uploadInParts } from './upload-in-parts.ts';

const PAGE = 1_000;
const HEADERS = ['at', 'actor', 'campaign_id', 'campaign', 'kind', 'what', 'details'];

/**
 * Hands the log of a workspace, or of one campaign of it, to one person as CSV, newest first, and keeps that they had it.
 * Throws when the chat cannot say whether it took the file: it may be asked for again.
 */
export async function sendAudit(
  deps: Pick<Deps, 'db' | 'chat' | 'log' | 'clock'>,
  { actor, place, ...scope }: AuditScope & { actor: Actor; place: ChatPlace },
): Promise<void> {
  await noteHandingOut(deps, deps.db, { ...scope, actor, file: 'audit' });
  const name = scope.campaignId === null ? 'audit' : `campaign-${scope.campaignId}-audit`;
  await uploadInParts(deps, place, {
    name,
    title: 'Audit log',
    what: 'Who did what, newest first',
    note: 'Numbers in it are masked.',
    rows: exportAudit(deps, scope),
  });
}

/** The log as CSV text, page by page; cells that a spreadsheet would run are neutralised. */
async function* exportAudit(
  deps: Pick<Deps, 'db'>,
  scope: AuditScope,
): AsyncGenerator<string, void, undefined> {
  yield csvRow(HEADERS);
  for (let beforeId: number | null = null; ; ) {
    const rows = await readEventsBefore(deps.db, scope, beforeId, PAGE);
    yield rows
      .map((row) =>
        csvRow([
          row.createdAt.toISOString(),
          row.actor,
          row.campaignId === null ? '' : String(row.campaignId),
          row.campaignName ?? '',
          row.kind,
          describeEvent(row),
          JSON.stringify(row.details),
        ]),
      )
      .join('');
    if (rows.length < PAGE) return;
    beforeId = rows.at(-1)?.id ?? null;
  }
}
