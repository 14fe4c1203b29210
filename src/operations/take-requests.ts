import { keepUse, lockTokenByHash } from '#db/api-tokens.ts';
import { isInForce } from '#domain/api-token.ts';
import { type RequestSlice, takeSlice } from '#domain/request-pace.ts';
import { type ApiToken, apiTokenOf } from './check-token.ts';
import type { Deps } from './deps.ts';

export type TakeRequestsInput = {
  tokenHash: string;
  /** Names the slice that is taken; `spent`: what came of those before it. */
  id: string;
  spent: readonly RequestSlice[];
};

/** `familyId`: the number of the first token of its family, of which the slice was taken. */
export type TakenRequests = { token: ApiToken; familyId: number; slice: RequestSlice; nextAt: number };

/**
 * Takes for one process a slice of the requests that a token allows all of them together, and notes that the token was
 * used. A token and all that were made by it share what the first of them allows. Null for a token that is unknown,
 * revoked or over. Instants are milliseconds of real time.
 */
export async function takeRequests(
  deps: Pick<Deps, 'db' | 'clock'>,
  { tokenHash, id, spent }: TakeRequestsInput,
): Promise<TakenRequests | null> {
  return deps.db.transaction(async (tx) => {
    const locked = await lockTokenByHash(tx, tokenHash);
    const lastUsedAt = deps.clock.now();
    if (!locked || !isInForce(locked.token, lastUsedAt)) return null;
    const { token, root } = locked;
    const now = deps.clock.toReal(lastUsedAt).getTime();
    const limit = root.requestsPerSecond;
    const { recent, slice, nextAt } = takeSlice(root.recentRequests, { limit, now, id, spent });
    const recentRequests = recent;
    if (token.id === root.id) await keepUse(tx, token.id, { recentRequests, lastUsedAt });
    else {
      await keepUse(tx, root.id, { recentRequests });
      await keepUse(tx, token.id, { lastUsedAt });
    }
    return { token: { ...apiTokenOf(token), requestsPerSecond: limit }, familyId: root.id, slice, nextAt };
  });
}
