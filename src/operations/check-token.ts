import { readTokenByHash } from '#db/api-tokens.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import { hashOf } from './create-token.ts';
import type { Deps } from './deps.ts';

/** Who asks over the API. */
export type ApiToken = { id: number; workspaceId: number; name: string; scopes: TokenScope[] };

/** The token that a secret belongs to; null for none, and for one that is revoked or over. */
export async function checkToken(deps: Pick<Deps, 'db' | 'clock'>, secret: string): Promise<ApiToken | null> {
  const row = await readTokenByHash(deps.db, hashOf(secret));
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= deps.clock.now())) return null;
  return { id: row.id, workspaceId: row.workspaceId, name: row.name, scopes: row.scopes };
}
