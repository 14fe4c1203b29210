import { createHash, randomBytes } from 'node:crypto';
import { type ApiTokenRow, countTokensInForce, insertToken, lockToken } from '#db/api-tokens.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { lockWorkspace } from '#db/workspaces.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { checkTokenWish, isInForce } from '#domain/api-token.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** Each that a person made has a limit of requests of its own; without an end to their number there would be none. */
const MOST_TOKENS = 100;

export type CreateTokenInput = {
  workspaceId: number;
  actor: Actor;
  name: string;
  scopes: readonly string[];
  /** Null: it ends when somebody revokes it. */
  expiresAt: Date | null;
};

/**
 * Makes an API token. Its secret is in the answer and nowhere else; only a hash is kept. A token makes others that may do
 * no more than itself and no longer, and that end with it. Throws `settings_invalid` with every problem in words,
 * `tokens_many`, and `token_not_found` when the token that asks has been revoked meanwhile.
 */
export async function createToken(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, actor, ...wish }: CreateTokenInput,
): Promise<{ tokenId: number; secret: string; token: ApiTokenRow }> {
  const secret = `rm_${randomBytes(32).toString('base64url')}`;
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    // Two that make the last one at the same moment wait for each other here.
    await lockWorkspace(tx, workspaceId);
    const maker = actor.kind === 'api_token' ? await makerOf(tx, workspaceId, actor.tokenId, now) : null;
    const checked = checkTokenWish(wish, now, maker);
    if (!checked.ok) throw new Refusal('settings_invalid', { problems: checked.problems });
    if ((await countTokensInForce(tx, { workspaceId, now })) >= MOST_TOKENS)
      throw new Refusal('tokens_many', { most: MOST_TOKENS });
    const { name, scopes, expiresAt } = checked;
    const token = await insertToken(tx, {
      workspaceId,
      name,
      tokenHash: hashOf(secret),
      hint: secret.slice(-4),
      scopes,
      ...(maker ? familyOf(maker) : {}),
      createdBy: actorText(actor),
      createdAt: now,
      expiresAt,
    });
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'token_created',
      details: { tokenId: token.id, name, scopes, expiresAt: expiresAt?.toISOString() ?? null },
      createdAt: now,
    });
    return { tokenId: token.id, secret, token };
  });
}

/** What is kept of a secret. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** What is allowed a second is taken of the first token of a family; this is what it was when the new one was made. */
function familyOf({ id, rootId, requestsPerSecond }: ApiTokenRow) {
  return { parentId: id, rootId: rootId ?? id, requestsPerSecond };
}

async function makerOf(tx: Transaction, workspaceId: number, tokenId: number, now: Date) {
  const maker = await lockToken(tx, { workspaceId, tokenId });
  if (!maker || !isInForce(maker, now)) throw new Refusal('token_not_found', { tokenId });
  return maker;
}
