import { and, desc, eq, inArray, isNull, lt, type SQL, sql, sum } from 'drizzle-orm/sql';
import { type AttemptOutcome, TEST_RUN } from '#domain/attempt.ts';
import { calls } from './call-schema.ts';
import type { Executor } from './client.ts';
import { attempts, contacts } from './schema.ts';
import { attemptBlocks } from './upload-schema.ts';

/** Which attempts of a campaign: all, those that are under way, or those that ended so. */
export type ExecutionFilter = 'all' | 'under_way' | AttemptOutcome[];

export type ExecutionRow = Awaited<ReturnType<typeof readExecutionPage>>[number];

/** One page of a campaign's attempts, newest first; tests and texts that people wrote by hand are none. */
export async function readExecutionPage(executor: Executor, page: ExecutionPage) {
  const ids = await readPageIds(executor, page);
  if (ids.length === 0) return [];
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
    .from(attempts)
    .innerJoin(contacts, eq(contacts.id, attempts.contactId))
    .leftJoin(calls, eq(calls.attemptId, attempts.id))
    .where(inArray(attempts.id, ids))
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
  { campaignId, filter, contactId }: Pick<ExecutionPage, 'campaignId' | 'filter' | 'contactId'>,
): Promise<number> {
  if (filter !== 'all' || contactId !== null)
    return executor.$count(attempts, and(isExecution(campaignId), isOf(contactId), outcomeIs(filter)));
  const [row] = await executor
    .select({ total: sum(attemptBlocks.attempts) })
    .from(attemptBlocks)
    .where(eq(attemptBlocks.campaignId, campaignId));
  return Number(row?.total ?? 0);
}

/** How many ids stand in one block (`migrations/0008_uploads.sql`). */
const BLOCK = 2_048;

async function readPageIds(executor: Executor, page: ExecutionPage): Promise<number[]> {
  const { campaignId, filter, contactId, limit, offset } = page;
  if (filter === 'all' && contactId === null) return readNewestIds(executor, page);
  const ids = (outcome: SQL | undefined) =>
    executor
      .select({ id: attempts.id })
      .from(attempts)
      .where(and(isExecution(campaignId), isOf(contactId), outcome))
      .orderBy(desc(attempts.id))
      // No more of one outcome can stand on the page or before it.
      .limit(offset + limit);
  // One walk for each outcome, all of them in order, so that nothing has to be sorted.
  const parts = Array.isArray(filter)
    ? filter.map((outcome) => ids(outcomeIs([outcome])))
    : [ids(outcomeIs(filter))];
  if (parts.length === 0) return [];
  const rows = await executor.execute<{ id: string }>(sql`
    select id from (${sql.join(
      parts.map((part) => sql`(${part})`),
      sql` union all `,
    )}) as found order by id desc limit ${limit} offset ${offset}`);
  return rows.map(({ id }) => Number(id));
}

/** The first pages are walked to; blocks lead to all others. */
async function readNewestIds(
  executor: Executor,
  { campaignId, limit, offset }: ExecutionPage,
): Promise<number[]> {
  const start = offset < BLOCK ? { block: null, before: 0 } : await findBlock(executor, campaignId, offset);
  if (!start) return [];
  const rows = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(
      and(
        isExecution(campaignId),
        start.block === null ? undefined : lt(attempts.id, (start.block + 1) * BLOCK),
      ),
    )
    .orderBy(desc(attempts.id))
    .limit(limit)
    .offset(offset - start.before);
  return rows.map(({ id }) => id);
}

/** The block in which a page begins, and how many newer attempts there are; null behind the last. */
async function findBlock(executor: Executor, campaignId: number, offset: number) {
  const [row] = await executor.execute<{ block: string; before: string }>(sql`
    select block, upto - attempts as before from (
      select block, attempts, sum(attempts) over (order by block desc) as upto from attempt_blocks
      where campaign_id = ${campaignId}) summed
    where upto > ${offset} order by block desc limit 1`);
  return row ? { block: Number(row.block), before: Number(row.before) } : null;
}

/** Said as the indexes say it, which are passed over otherwise. */
function isExecution(campaignId: number): SQL {
  return sql`${attempts.campaignId} = ${campaignId} and ${attempts.purpose} = 'campaign' and ${attempts.runNumber} <> ${sql.raw(String(TEST_RUN))}`;
}

function isOf(contactId: number | null): SQL | undefined {
  return contactId === null ? undefined : eq(attempts.contactId, contactId);
}

function outcomeIs(filter: ExecutionFilter): SQL | undefined {
  if (filter === 'all') return undefined;
  if (filter === 'under_way') return isNull(attempts.outcome);
  return filter.length > 0 ? inArray(attempts.outcome, filter) : sql`false`;
}
