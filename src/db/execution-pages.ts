import { and, desc, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm/sql';
import { type AttemptOutcome, TEST_RUN } from '#domain/attempt.ts';
import { calls } from './call-schema.ts';
import type { Executor } from './client.ts';
import { attempts, contacts } from './schema.ts';

/** Which attempts of a campaign: all, those that are under way, or those that ended so. */
export type ExecutionFilter = 'all' | 'under_way' | AttemptOutcome[];

export type ExecutionRow = Awaited<ReturnType<typeof readExecutionPage>>[number];

/** One page of a campaign's attempts, newest first; tests and texts that people wrote by hand are none. */
export async function readExecutionPage(
  executor: Executor,
  { campaignId, filter, contactId, limit, offset }: ExecutionPage,
) {
  const page = executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(isListed({ campaignId, filter, contactId }))
    .orderBy(desc(attempts.id))
    .limit(limit)
    .offset(offset)
    .as('page');
  return executor
    .select({
      id: attempts.id,
      contactId: attempts.contactId,
      runNumber: attempts.runNumber,
      n: attempts.n,
      channel: attempts.channel,
      phoneNumber: attempts.phoneNumber,
      sender: attempts.sender,
      body: attempts.body,
      segments: attempts.segments,
      outcome: attempts.outcome,
      failureClass: attempts.failureClass,
      failureCode: attempts.failureCode,
      providerRef: attempts.providerRef,
      priceMicros: attempts.priceMicros,
      priceCurrency: attempts.priceCurrency,
      askedAt: attempts.askedAt,
      createdAt: attempts.createdAt,
      endedAt: attempts.endedAt,
      variableValues: contacts.variableValues,
      contactStatus: contacts.status,
      lastN: contacts.lastN,
      nextAttemptAt: contacts.nextAttemptAt,
      waitReason: contacts.waitReason,
      callId: calls.id,
      script: calls.script,
      durationSeconds: calls.durationSeconds,
      result: calls.result,
      summary: calls.summary,
    })
    .from(page)
    .innerJoin(attempts, eq(attempts.id, page.id))
    .innerJoin(contacts, eq(contacts.id, attempts.contactId))
    .leftJoin(calls, eq(calls.attemptId, attempts.id))
    .orderBy(desc(attempts.id));
}

export type ExecutionPage = {
  campaignId: number;
  filter: ExecutionFilter;
  /** Of one contact alone, or of all. */
  contactId: number | null;
  limit: number;
  offset: number;
};

/** How many attempts of a campaign a filter lets through. */
export async function countExecutions(
  executor: Executor,
  of: Pick<ExecutionPage, 'campaignId' | 'filter' | 'contactId'>,
): Promise<number> {
  return executor.$count(attempts, isListed(of));
}

function isListed({
  campaignId,
  filter,
  contactId,
}: Pick<ExecutionPage, 'campaignId' | 'filter' | 'contactId'>): SQL | undefined {
  return and(
    eq(attempts.campaignId, campaignId),
    ne(attempts.runNumber, TEST_RUN),
    eq(attempts.purpose, 'campaign'),
    contactId === null ? undefined : eq(attempts.contactId, contactId),
    outcomeIs(filter),
  );
}

function outcomeIs(filter: ExecutionFilter): SQL | undefined {
  if (filter === 'all') return undefined;
  if (filter === 'under_way') return isNull(attempts.outcome);
  return filter.length > 0 ? inArray(attempts.outcome, filter) : sql`false`;
}
