import { readTokenEnds } from '#db/feed.ts';
import { isInForce } from '#domain/api-token.ts';
import type { Deps } from './deps.ts';

/** Of these tokens, those that are still in force: neither revoked nor over. */
export async function tokensInForce(
  deps: Pick<Deps, 'db' | 'clock'>,
  tokenIds: number[],
): Promise<Set<number>> {
  if (tokenIds.length === 0) return new Set();
  const now = deps.clock.now();
  const rows = await readTokenEnds(deps.db, tokenIds);
  return new Set(rows.filter((row) => isInForce(row, now)).map(({ id }) => id));
}
