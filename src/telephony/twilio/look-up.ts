import { LookupFailed } from '#ports/telephony.ts';

/** A page of one of Twilio's lists, as its client gives it. */
export type Page<Item> = {
  instances: Item[];
  nextPageUrl?: string;
  nextPage(): Promise<Page<Item>> | undefined;
};

export const PAGE_SIZE = 100;
const MOST_PAGES = 5;

/** Whatever goes wrong while Twilio is asked is a `LookupFailed`. */
export async function lookUp<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (problem) {
    throw new LookupFailed(
      `Twilio could not be asked: ${problem instanceof Error ? problem.message : 'no reason'}`,
    );
  }
}

/**
 * Everything in a list since an instant, newest first. Reads until a whole page is older: the list is newest first, but
 * not to the second. An incomplete search is a failed one, or we would conclude that something was never placed.
 */
export async function listSince<Item extends { dateCreated: Date }>(
  first: Page<Item>,
  since: Date,
): Promise<Item[]> {
  const earliest = Math.floor(since.getTime() / 1_000) * 1_000;
  const found: Item[] = [];
  let page: Page<Item> | undefined = first;
  for (let count = 1; page; count += 1) {
    const recent = page.instances.filter(({ dateCreated }) => dateCreated.getTime() >= earliest);
    found.push(...recent);
    if (recent.length === 0 || !page.nextPageUrl) break;
    if (count === MOST_PAGES) throw new Error(`more than ${MOST_PAGES * PAGE_SIZE} of them to look through`);
    page = await page.nextPage();
  }
  return found.toSorted((a, b) => b.dateCreated.getTime() - a.dateCreated.getTime());
}

/** A price is negative at Twilio, because the account is charged; ours is what it costs. */
export function priceOf(
  price: string | null | undefined,
  currency: string | null | undefined,
): { amount: string; currency: string } | null {
  if (price === null || price === undefined) return null;
  return { amount: String(price).replace(/^-/, ''), currency: (currency ?? 'USD').toUpperCase() };
}
