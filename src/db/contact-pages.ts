import { and, asc, eq, gte, sql } from 'drizzle-orm/sql';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import type { Counts } from '#domain/metrics.ts';
import type { Executor } from './client.ts';
import type { ContactRow } from './contacts.ts';
import { imports } from './import-schema.ts';
import { contacts } from './schema.ts';
import { contactBlocks } from './upload-schema.ts';

/** A contact and the file that it came with; null for one that came with none. */
export type ListedContact = ContactRow & { fileName: string | null };

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
  const ids = executor
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        status ? eq(contacts.status, status) : undefined,
        start.block > 0 ? gte(contacts.id, start.block * BLOCK) : undefined,
      ),
    )
    .orderBy(asc(contacts.id))
    .offset(offset - start.before)
    .limit(limit)
    .as('page');
  const rows = await executor
    .select(LISTED)
    .from(ids)
    .innerJoin(contacts, eq(contacts.id, ids.id))
    .leftJoin(imports, eq(imports.id, contacts.importId))
    .orderBy(asc(contacts.id));
  return rows.map(flat);
}

/** One contact of a campaign, or null. */
export async function readListedContact(
  executor: Executor,
  campaignId: number,
  contactId: number,
): Promise<ListedContact | null> {
  const [row] = await executor
    .select(LISTED)
    .from(contacts)
    .leftJoin(imports, eq(imports.id, contacts.importId))
    .where(and(eq(contacts.id, contactId), eq(contacts.campaignId, campaignId)));
  return row ? flat(row) : null;
}

const LISTED = { contact: contacts, fileName: imports.fileName };

function flat({ contact, fileName }: { contact: ContactRow; fileName: string | null }): ListedContact {
  return { ...contact, fileName };
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
