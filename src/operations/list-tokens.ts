import { type ApiTokenRow, readTokens } from '#db/api-tokens.ts';
import type { Actor } from '#domain/actor.ts';
import type { Deps } from './deps.ts';

const MOST_SHOWN = 200;

export type ShownToken = Omit<ApiTokenRow, 'tokenHash' | 'recentRequests'>;

/**
 * The tokens of a workspace that nobody has revoked, those that are over included, newest first. A token sees itself and
 * those made by it.
 */
export async function listTokens(
  deps: Pick<Deps, 'db'>,
  { workspaceId, actor }: { workspaceId: number; actor: Actor },
): Promise<ShownToken[]> {
  const madeBy = actor.kind === 'api_token' ? actor.tokenId : null;
  const rows = await readTokens(deps.db, { workspaceId, madeBy, limit: MOST_SHOWN });
  return rows.map(({ tokenHash: _, recentRequests: __, ...shown }) => shown);
}
