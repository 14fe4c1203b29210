import { keepUse, lockTokenByHash } from '#db/api-tokens.ts';
import { isInForce } from '#domain/api-token.ts';
import { type RequestSlice, takeSlice } from '#domain/request-pace.ts';
import { type ApiToken, apiTokenOf } from './check-token.ts';
import type { Deps } from './deps.ts';

export type TakeRequestsInput = {
  tokenHash: string;
  /** Names the slice that is taken; `spent`: what came of the one before it. */
  id: string;
  spent: RequestSlice | null;
};

export type TakenRequests = { token: ApiToken; slice: RequestSlice; nextAt: number };

/**
 * Takes for one process a slice of the requests that a token allows all of them together, and notes that the token was
 * used. Null for a token that is unknown, revoked or over. Instants are milliseconds of real time.
 */
export async function takeRequests(
  deps: Pick<Deps, 'db' | 'clock'>,
  { tokenHash, id, spent }: TakeRequestsInput,
): Promise<TakenRequests | null> {
  return deps.db.transaction(async (tx) => {
    const row = await lockTokenByHash(tx, tokenHash);
    const lastUsedAt = deps.clock.now();
    if (!row || !isInForce(row, lastUsedAt)) return null;
    const now = deps.clock.toReal(lastUsedAt).getTime();
    const { recent, slice, nextAt } = takeSlice(row.recentRequests, {
      limit: row.requestsPerSecond,
      now,
      id,
      spent,
    });
    await keepUse(tx, row.id, { recentRequests: recent, lastUsedAt });
    return { token: apiTokenOf(row), slice, nextAt };
  });
}
