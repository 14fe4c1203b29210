import { and, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm/sql';
import { callActions, calls, callTurns, recordings } from './call-schema.ts';
import type { Transaction } from './client.ts';
import { lockAttempts } from './ledger.ts';
import type { Person, PersonRows } from './person-facts.ts';
import { consents } from './policy-schema.ts';
import { attempts, contactHolds, contacts, inboundTexts, suppressions } from './schema.ts';

/**
 * Takes from the rows of the ledger what says whom they are about, and keeps the rows: counts, costs and outcomes stay what
 * they were. Locks in the order of all: attempts, calls, contacts. `erased` begins what stands in place of the number; that
 * of a colleague who tried a campaign on themselves with these values is theirs, and stays.
 */
export async function anonymiseRows(
  tx: Transaction,
  rows: PersonRows,
  { phoneNumber, ...how }: { phoneNumber: string; now: Date; erased: string },
): Promise<void> {
  const { erased } = how;
  const { attemptIds, callIds, contactIds } = rows;
  await lockAttempts(tx, attemptIds);
  if (attemptIds.length > 0)
    await tx
      .update(attempts)
      .set({
        phoneNumber: sql`case when ${attempts.phoneNumber} = ${phoneNumber} then ${erased}::text || ${attempts.contactId}
          else ${attempts.phoneNumber} end`,
        body: null,
        consentId: null,
      })
      .where(inArray(attempts.id, attemptIds));
  if (callIds.length > 0) await anonymiseCalls(tx, callIds, { phoneNumber, ...how });
  if (contactIds.length > 0)
    await tx
      .update(contacts)
      .set({
        phoneNumber: sql`${erased}::text || ${contacts.id}`,
        variableValues: {},
        customFields: {},
        lineNumber: null,
        ownZones: [],
        ownRegion: null,
        status: sql`case when ${contacts.status} = 'pending' then coalesce(${contacts.firstStatus}, 'skipped') else ${contacts.status} end`,
        skipReason: sql`case when ${contacts.status} in ('pending', 'skipped') and ${contacts.firstStatus} is null then 'erased' else ${contacts.skipReason} end`,
        nextAttemptAt: null,
        waitReason: null,
      })
      .where(inArray(contacts.id, contactIds));
}

/** What was said goes; that and how long there was a call, and what came of it, stays. Recordings are due for deletion. */
async function anonymiseCalls(
  tx: Transaction,
  callIds: number[],
  { phoneNumber, now, erased }: { phoneNumber: string; now: Date; erased: string },
): Promise<void> {
  await tx
    .update(calls)
    .set({
      contactNumber: sql`case when ${calls.contactNumber} = ${phoneNumber}
        then ${erased}::text || coalesce(${calls.contactId}, ${calls.id}) else ${calls.contactNumber} end`,
      script: sql`${calls.script} || ${JSON.stringify(NOTHING_SAID)}::text::jsonb`,
      summary: null,
      answers: {},
      callMeta: {},
      sessionRef: null,
      callbackAt: null,
    })
    .where(inArray(calls.id, callIds));
  await tx.delete(callTurns).where(inArray(callTurns.callId, callIds));
  await tx.delete(callActions).where(inArray(callActions.callId, callIds));
  await tx
    .update(recordings)
    .set({ deleteAfter: now })
    .where(and(inArray(recordings.callId, callIds), ne(recordings.status, 'deleted')));
}

/** The script of a call without what was to be said, and to whom. */
export const NOTHING_SAID = {
  greeting: '',
  welcome: '',
  agenda: '',
  closing: '',
  voicemail: null,
  contactName: null,
  isRecording: false,
  values: {},
};

/**
 * Takes away what somebody wrote, agreed to and was asked about. Of the do-not-call list the entries in force stay, without
 * the words that were quoted in them.
 */
export async function eraseWords(
  tx: Transaction,
  { workspaceId, phoneNumber }: Person,
  { erased, reason }: { erased: string; reason: string },
): Promise<void> {
  await tx
    .update(inboundTexts)
    .set({ fromNumber: sql`${erased}::text || ${inboundTexts.id}`, body: '', mediaCount: 0 })
    .where(and(eq(inboundTexts.workspaceId, workspaceId), eq(inboundTexts.fromNumber, phoneNumber)));
  await tx
    .delete(consents)
    .where(and(eq(consents.workspaceId, workspaceId), eq(consents.phoneNumber, phoneNumber)));
  await tx
    .update(contactHolds)
    .set({ phoneNumber: sql`${erased}::text || ${contactHolds.id}` })
    .where(and(eq(contactHolds.workspaceId, workspaceId), eq(contactHolds.phoneNumber, phoneNumber)));
  const listed = and(eq(suppressions.workspaceId, workspaceId), eq(suppressions.phoneNumber, phoneNumber));
  await tx.delete(suppressions).where(and(listed, isNotNull(suppressions.liftedAt)));
  await tx.update(suppressions).set({ reason }).where(listed);
}
