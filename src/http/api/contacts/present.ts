import type { z } from '@hono/zod-openapi';
import { describeSkip, describeWait } from '#domain/hold.ts';
import { instant } from '#http/instant.ts';
import type { ListedContact } from '#operations/show-contact.ts';
import type { Contact } from './schemas.ts';

/** A contact in the reference's words (campaign-api §2.3, §7.7). */
export function presentContact(row: ListedContact, now: Date): z.output<typeof Contact> {
  const { variableValues, customFields } = row;
  return {
    id: row.id,
    phone_number: row.phoneNumber,
    contact_data: {
      company: variableValues.company ?? null,
      email: variableValues.email ?? null,
      source: sourceOf(row),
      variable_values: variableValues,
      custom_fields: customFields,
    },
    status: row.status,
    attempts: row.attempts,
    created_at: instant(row.createdAt),
    last_attempt_at: instant(row.lastAttemptAt),
    next_attempt_at: row.status === 'pending' ? instant(row.nextAttemptAt) : null,
    wait_reason: row.status === 'pending' ? row.waitReason : null,
    skip_reason: row.skipReason,
    explanation: explain(row, now),
    import_id: row.importId,
    line_number: row.lineNumber,
  };
}

function sourceOf({ fileName }: ListedContact): string {
  if (fileName === null) return 'direct';
  return /\.(json|ndjson|jsonl)$/i.test(fileName) ? 'json_import' : 'csv_import';
}

function explain({ status, skipReason, waitReason, nextAttemptAt }: ListedContact, now: Date): string | null {
  if (status === 'skipped') return describeSkip(skipReason ?? 'unknown');
  return status === 'pending' && waitReason ? describeWait(waitReason, nextAttemptAt, now) : null;
}
