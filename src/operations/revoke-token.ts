import { endTokens, isInFamily, lockToken } from '#db/api-tokens.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { readWebhooksMadeBy } from '#db/webhooks.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

export type RevokeTokenInput = { workspaceId: number; actor: Actor; tokenId: number };

/** `ended` is empty when it was revoked before. `webhooks`: those that it and its family made, and that go on. */
export type RevokedToken = { name: string; ended: number[]; webhooks: number[] };

/**
 * Ends an API token for good, and with it all that were made by it; every process refuses them within a second. A token
 * revokes itself and those made by it. What they made stays, webhooks too, which may lead to whoever the token fell into
 * the hands of. Throws `token_not_found`, also for tokens of others.
 */
export async function revokeToken(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, actor, tokenId }: RevokeTokenInput,
): Promise<RevokedToken> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const token = await lockToken(tx, { workspaceId, tokenId });
    const isTheirs = actor.kind !== 'api_token' || (await isInFamily(tx, { tokenId, of: actor.tokenId }));
    if (!token || !isTheirs) throw new Refusal('token_not_found', { tokenId });
    const ended = await endFamily(tx, { tokenId, revokedAt: now, revokedBy: actorText(actor) });
    if (ended.length > 0)
      await recordCampaignEvent(tx, {
        workspaceId,
        actor: actorText(actor),
        kind: 'token_revoked',
        details: { tokenId, name: token.name, ended },
        createdAt: now,
      });
    const makers = ended.map((id) => actorText({ kind: 'api_token', tokenId: id }));
    return { name: token.name, ended, webhooks: await readWebhooksMadeBy(tx, { workspaceId, makers }) };
  });
}

/** One that was being made meanwhile is seen at the second look; after that nobody can make any more. */
async function endFamily(tx: Transaction, end: Parameters<typeof endTokens>[1]): Promise<number[]> {
  const ended = await endTokens(tx, end);
  return ended.length === 0 ? [] : [...ended, ...(await endFamily(tx, end))];
}
