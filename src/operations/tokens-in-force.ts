import { tokensInForce as readTokensInForce } from '#db/feed.ts';
import type { Deps } from './deps.ts';

/** Of these tokens, those that are still in force: neither revoked nor over. */
export async function tokensInForce(
  deps: Pick<Deps, 'db' | 'clock'>,
  tokenIds: number[],
): Promise<Set<number>> {
  return tokenIds.length === 0 ? new Set() : readTokensInForce(deps.db, tokenIds, deps.clock.now());
}
