import { and, asc, eq, gte, sql } from 'drizzle-orm/sql';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import type { Counts } from '#domain/metrics.ts';
import type { Executor } from './client.ts';
import type { ContactRow } from './contacts.ts';
import { imports } from './import-schema.ts';
import { keptStatement } from './kept-statements.ts';
import { contacts } from './schema.ts';
import { contactBlocks } from './upload-schema.ts';

/** A contact and the file that it came with; null for one that came with none. */
export type ListedContact = Pick<ContactRow, Exclude<keyof typeof LISTED, 'fileName'>> & {
  fileName: string | null;
};

/** Which contacts of a campaign. */
export type ContactPage = {
  campaignId: number;
  status: keyof Counts | null;
  limit: number;
  offset: number;
};

/**
 * One page of a campaign's contacts in the order of their import. The counts of its blocks tell where the page begins, so
 * that the last page of a million costs what the first one does.
 */
export async function readContactPage(executor: Executor, page: ContactPage): Promise<ListedContact[]> {
  const { campaignId, status, limit, offset } = page;
  // The first pages are as near as a block can lead.
  const start = offset < BLOCK ? FIRST : await findBlock(executor, page);
  if (!start) return [];
  const from = { status: status !== null, block: start.block > 0 };
  const statement = keptStatement(executor, `contact page ${JSON.stringify(from)}`, (name) =>
    selectPage(executor, from).prepare(name),
  );
  return statement.execute({
    campaignId,
    status,
    fromId: start.block * BLOCK,
    offset: offset - start.before,
    limit,
  });
}

/** One contact of a campaign, or null. */
export async function readListedContact(
  executor: Executor,
  campaignId: number,
  contactId: number,
): Promise<ListedContact | null> {
  const statement = keptStatement(executor, 'contact', (name) =>
    executor
      .select(LISTED)
      .from(contacts)
      .leftJoin(imports, eq(imports.id, contacts.importId))
      .where(
        and(
          eq(contacts.id, sql.placeholder('contactId')),
          eq(contacts.campaignId, sql.placeholder('campaignId')),
        ),
      )
      .prepare(name),
  );
  const [row] = await statement.execute({ campaignId, contactId });
  return row ?? null;
}

const LISTED = {
  id: contacts.id,
  phoneNumber: contacts.phoneNumber,
  variableValues: contacts.variableValues,
  customFields: contacts.customFields,
  status: contacts.status,
  attempts: contacts.attempts,
  createdAt: contacts.createdAt,
  lastAttemptAt: contacts.lastAttemptAt,
  nextAttemptAt: contacts.nextAttemptAt,
  waitReason: contacts.waitReason,
  skipReason: contacts.skipReason,
  importId: contacts.importId,
  lineNumber: contacts.lineNumber,
  fileName: imports.fileName,
};

/** Which of these stand in the text; the values are put in when it is asked. */
function selectPage(executor: Executor, from: { status: boolean; block: boolean }) {
  const ids = executor
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, sql.placeholder('campaignId')),
        from.status ? eq(contacts.status, sql.placeholder('status')) : undefined,
        from.block ? gte(contacts.id, sql.placeholder('fromId')) : undefined,
      ),
    )
    .orderBy(asc(contacts.id))
    .offset(sql.placeholder('offset'))
    .limit(sql.placeholder('limit'))
    .as('page');
  return executor
    .select(LISTED)
    .from(ids)
    .innerJoin(contacts, eq(contacts.id, ids.id))
    .leftJoin(imports, eq(imports.id, contacts.importId))
    .orderBy(asc(contacts.id));
}

/** How many ids stand in one block (`migrations/0008_uploads.sql`). */
const BLOCK = 2_048;
const FIRST = { block: 0, before: 0 };

/** The block in which a page begins, and how many of its kind stand before that block; null behind the last. */
async function findBlock(
  executor: Executor,
  { campaignId, status, offset }: ContactPage,
): Promise<{ block: number; before: number } | null> {
  const columns = status ? [status] : CONTACT_STATUSES;
  const count = sql.join(
    columns.map((column) => sql`${contactBlocks[column]}`),
    sql` + `,
  );
  const [row] = await executor.execute<{ block: string; before: string }>(sql`
    select block, upto - count as before from (
      select block, count, sum(count) over (order by block) as upto from (
        select ${contactBlocks.block} as block, ${count} as count from contact_blocks
        where ${contactBlocks.campaignId} = ${campaignId}) counted) summed
    where upto > ${offset} order by block limit 1`);
  return row ? { block: Number(row.block), before: Number(row.before) } : null;
}
