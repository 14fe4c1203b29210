import type { z } from '@hono/zod-openapi';
import { reasonSentence } from '#domain/contact-import/row-judge.ts';
import { measureCampaign } from '#domain/metrics.ts';
import { instant } from '#http/instant.ts';
import type { FollowedImport } from '#operations/follow-import.ts';
import type { Import, ImportStarted } from './schemas.ts';

type Row = FollowedImport['row'];
type Counts = FollowedImport['counts'];

const RECEIVED =
  'The file was received and its contacts are being loaded. Ask at status_url for how far it is and for the rows that were left out.';

/** The answer to a file that is to be loaded (campaign-api §7.4). */
export function presentStarted(row: Row, counts: Counts): z.output<typeof ImportStarted> {
  return {
    success: true,
    message: RECEIVED,
    imported_count: row.importedCount,
    total_contacts: totalOf(counts),
    file_name: row.fileName,
    import_date: instant(row.createdAt),
    import_id: row.id,
    status: row.status,
    status_url: addressOf(row),
  };
}

/** How far an import is, or how it ended (campaign-api §7.4). */
export function presentImport({ row, hasRejects, counts }: FollowedImport): z.output<typeof Import> {
  return {
    import_id: row.id,
    status: row.status,
    file_name: row.fileName,
    mode: row.mode,
    row_count: row.rowCount,
    imported_count: row.importedCount,
    duplicate_count: row.duplicateCount + row.existingCount,
    existing_count: row.existingCount,
    invalid_count: row.invalidCount,
    suppressed_count: row.suppressedCount,
    total_contacts: totalOf(counts),
    errors: row.errors.map((error) => ({ ...error, explanation: reasonSentence(error.reason) })),
    reasons: row.reasons.map(({ reason, rows }) => ({ reason, rows, explanation: reasonSentence(reason) })),
    rejects_url: hasRejects ? `${addressOf(row)}/rejects` : null,
    problem: row.problem,
    created_at: instant(row.createdAt),
    started_at: instant(row.startedAt),
    completed_at: instant(row.completedAt),
  };
}

function addressOf({ campaignId, id }: Row): string {
  return `/api/v1/campaigns/${campaignId}/imports/${id}`;
}

function totalOf(counts: Counts): number {
  return measureCampaign(counts).total_contacts ?? 0;
}
