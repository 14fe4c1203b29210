import { and, asc, eq, gte, inArray, sql } from 'drizzle-orm/sql';
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
  const ids = await readPageIds(executor, page);
  if (ids.length === 0) return [];
  const rows = await executor
    .select(LISTED)
    .from(contacts)
    .leftJoin(imports, eq(imports.id, contacts.importId))
    .where(inArray(contacts.id, ids));
  return rows.map(flat).sort((a, b) => a.id - b.id);
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

/** Contacts whose ids are the same but for their last bits stand in one block (`migrations/0008_uploads.sql`). */
const BLOCK_BITS = 11;

async function readPageIds(executor: Executor, page: ContactPage): Promise<number[]> {
  const { campaignId, status, limit, offset } = page;
  const start = await findBlock(executor, page);
  if (!start) return [];
  const rows = await executor
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        gte(contacts.id, start.block * 2 ** BLOCK_BITS),
        status ? eq(contacts.status, status) : undefined,
      ),
    )
    .orderBy(asc(contacts.id))
    .offset(offset - start.before)
    .limit(limit);
  return rows.map(({ id }) => id);
}

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
