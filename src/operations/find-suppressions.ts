import { countChosen, type ListChoice, type ListedEntry, pageOfSuppressions } from '#db/suppression-list.ts';
import { readListSearch } from '#domain/do-not-call.ts';
import type { Deps } from './deps.ts';

/** Which entries of the do-not-call list are wanted; `page` counts from one. */
export type SuppressionQuery = Omit<ListChoice, 'search'> & { search: string; page: number; perPage: number };

/**
 * The entries of the do-not-call list that are in force and fit, the newest first, page by page, and how many there are in
 * all. A search that reads like a number is for numbers with these digits, any other for reasons with these words.
 */
export async function findSuppressions(
  deps: Pick<Deps, 'db'>,
  { page, perPage, search, ...choice }: SuppressionQuery,
): Promise<{ total: number; entries: ListedEntry[] }> {
  const wanted = { ...choice, search: readListSearch(search) };
  const total = await countChosen(deps.db, wanted);
  const offset = (page - 1) * perPage;
  if (offset >= total) return { total, entries: [] };
  return { total, entries: await pageOfSuppressions(deps.db, { ...wanted, offset, limit: perPage }) };
}
