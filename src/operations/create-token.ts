import { createHash, randomBytes } from 'node:crypto';
import { insertToken } from '#db/api-tokens.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import type { Deps } from './deps.ts';

export type CreateTokenInput = {
  workspaceId: number;
  actor: Actor;
  name: string;
  scopes: TokenScope[];
  expiresAt: Date | null;
};

/** Makes an API token. Its secret is in the answer and nowhere else; only a hash is kept. */
export async function createToken(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, actor, name, scopes, expiresAt }: CreateTokenInput,
): Promise<{ tokenId: number; secret: string }> {
  const secret = `rm_${randomBytes(32).toString('base64url')}`;
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const made = await insertToken(tx, {
      workspaceId,
      name,
      tokenHash: hashOf(secret),
      hint: secret.slice(-4),
      scopes,
      createdBy: actorText(actor),
      createdAt: now,
      expiresAt,
    });
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'token_created',
      details: { tokenId: made.id, name, scopes },
      createdAt: now,
    });
    return { tokenId: made.id, secret };
  });
}

/** What is kept of a secret. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
