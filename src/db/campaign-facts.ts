import { and, count, desc, eq, inArray, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { imports } from './import-schema.ts';
import { attempts, contacts } from './schema.ts';

/** One run of a campaign: what belongs to earlier ones is history. */
type RunKey = { id: number; runNumber: number };

/** The name of a file that is still being loaded into a campaign, or null. */
export async function hasOpenImport(executor: Executor, campaignId: number): Promise<string | null> {
  const [row] = await executor
    .select({ fileName: imports.fileName })
    .from(imports)
    .where(and(eq(imports.campaignId, campaignId), inArray(imports.status, ['pending', 'processing'])))
    .orderBy(desc(imports.id))
    .limit(1);
  return row?.fileName ?? null;
}

/** How attempts of a run failed, most frequent first. */
export async function countFailures(executor: Executor, run: RunKey) {
  return executor
    .select({
      failureClass: attempts.failureClass,
      failureCode: attempts.failureCode,
      outcome: attempts.outcome,
      contacts: count(),
    })
    .from(attempts)
    .innerJoin(contacts, and(eq(contacts.id, attempts.contactId), eq(contacts.lastN, attempts.n)))
    .where(and(ofRun(run), eq(contacts.status, 'failed')))
    .groupBy(attempts.failureClass, attempts.failureCode, attempts.outcome)
    .orderBy(sql`4 desc`)
    .limit(10);
}

/**
 * Whom a campaign reached and failed to reach per slice of time, by when their last attempt began; the first and the last
 * slice take what lies outside, so that together they are everybody.
 */
export async function readTimeline(
  executor: Executor,
  campaignId: number,
  { from, sliceMs, last }: { from: Date; sliceMs: number; last: number },
) {
  const at = sql`coalesce(${contacts.lastAttemptAt}, ${contacts.createdAt})`;
  const slice = sql<number>`least(${last}::int, greatest(0,
    floor(extract(epoch from (${at} - ${from.toISOString()}::timestamptz)) * 1000 / ${sliceMs})))::int`;
  return executor
    .select({
      slice,
      completed: sql<number>`(count(*) filter (where ${contacts.status} = 'completed'))::int`,
      failed: sql<number>`(count(*) filter (where ${contacts.status} <> 'completed'))::int`,
    })
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        inArray(contacts.status, ['completed', 'failed', 'no_answer', 'busy', 'voicemail']),
      ),
    )
    .groupBy(sql`1`)
    .orderBy(sql`1`);
}

/** What the waiting contacts of a campaign wait for, how many, and when the first of them may go on. */
export async function countWaits(executor: Executor, campaignId: number) {
  const rows = await executor
    .select({
      why: contacts.waitReason,
      contacts: count(),
      nextAt: sql<string>`min(${contacts.nextAttemptAt})`,
    })
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        eq(contacts.status, 'pending'),
        sql`${contacts.waitReason} is not null`,
      ),
    )
    .groupBy(contacts.waitReason)
    .orderBy(sql`2 desc`);
  return rows.flatMap((row) =>
    row.why ? [{ why: row.why, contacts: row.contacts, nextAt: new Date(row.nextAt) }] : [],
  );
}

function ofRun({ id, runNumber }: RunKey) {
  return and(eq(attempts.campaignId, id), eq(attempts.runNumber, runNumber));
}
