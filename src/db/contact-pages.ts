import { and, eq, inArray, sql } from 'drizzle-orm/sql';
import type { Counts } from '#domain/metrics.ts';
import type { Executor } from './client.ts';
import type { ContactRow } from './contacts.ts';
import { imports } from './import-schema.ts';
import { contacts } from './schema.ts';

/** A contact and the file that it came with; null for one that came with none. */
export type ListedContact = ContactRow & { fileName: string | null };

/** Which contacts of a campaign, and how many there are of them by its counts. */
export type ContactPage = {
  campaignId: number;
  status: keyof Counts | null;
  total: number;
  limit: number;
  offset: number;
};

/**
 * One page of a campaign's contacts in the order of their import. Ids come first, by index alone and from the nearer end:
 * of a million contacts no page is more than half a million steps away, and none of those reads a contact.
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

async function readPageIds(executor: Executor, page: ContactPage): Promise<number[]> {
  const { campaignId, status, total, limit, offset } = page;
  const count = Math.min(limit, total - offset);
  if (count <= 0) return [];
  const behind = total - offset - count;
  const isFromEnd = behind < offset;
  // Its numbers stand in the statement, so that each page is planned for its own distance and not for an average one.
  const rows = await executor.execute<{ id: string }>(
    sql.raw(`select id from contacts
      where campaign_id = ${campaignId} ${status ? `and status = '${status}'` : ''}
      order by id ${isFromEnd ? 'desc' : ''} offset ${isFromEnd ? behind : offset} limit ${count}`),
  );
  return rows.map(({ id }) => Number(id));
}
