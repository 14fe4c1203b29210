import { type ApiTokenRow, readTokenByHash } from '#db/api-tokens.ts';
import { isInForce } from '#domain/api-token.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import { hashOf } from './create-token.ts';
import type { Deps } from './deps.ts';

/** Who asks over the API. */
export type ApiToken = {
  id: number;
  workspaceId: number;
  /** The first token of its family: of those that one made, and those that they made. */
  familyId: number;
  name: string;
  scopes: TokenScope[];
  expiresAt: Date | null;
  /** Of all requests together of it and its family, whichever process answers them. */
  requestsPerSecond: number;
};

/** The token that a secret belongs to; null for none, and for one that is revoked or over. */
export async function checkToken(deps: Pick<Deps, 'db' | 'clock'>, secret: string): Promise<ApiToken | null> {
  const row = await readTokenByHash(deps.db, hashOf(secret));
  return row && isInForce(row, deps.clock.now()) ? apiTokenOf(row) : null;
}

/** What the rest of the product needs to know of a token. */
export function apiTokenOf({
  id,
  workspaceId,
  rootId,
  name,
  scopes,
  expiresAt,
  requestsPerSecond,
}: ApiTokenRow): ApiToken {
  return { id, workspaceId, familyId: rootId ?? id, name, scopes, expiresAt, requestsPerSecond };
}
