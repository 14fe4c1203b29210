import type { z } from '@hono/zod-openapi';
import { contactDataOf } from '#domain/contact-data.ts';
import { describeSkip, describeWait } from '#domain/hold.ts';
import { instant } from '#http/instant.ts';
import type { ListedContact } from '#operations/show-contact.ts';
import type { Contact } from './schemas.ts';

/** A contact in the reference's words (campaign-api §2.3, §7.7). */
export function presentContact(row: ListedContact, now: Date): z.output<typeof Contact> {
  return {
    id: row.id,
    phone_number: row.phoneNumber,
    contact_data: contactDataOf(row),
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

function explain({ status, skipReason, waitReason, nextAttemptAt }: ListedContact, now: Date): string | null {
  if (status === 'skipped') return describeSkip(skipReason ?? 'unknown');
  return status === 'pending' && waitReason ? describeWait(waitReason, nextAttemptAt, now) : null;
}
