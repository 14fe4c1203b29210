import { recordCampaignEvent } from '#db/campaigns.ts';
import { liftPrefixes, type PrefixChoice } from '#db/suppression-prefixes.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { rangeText } from '#domain/do-not-call.ts';
import type { Deps } from './deps.ts';

/**
 * Takes a range of numbers off the do-not-call list, with who did it kept. Contacts that were skipped because of it stay
 * skipped, and numbers that stand on the list by themselves stay there.
 */
export async function liftPrefix(
  deps: Pick<Deps, 'db' | 'clock'>,
  { actor, ...choice }: PrefixChoice & { actor: Actor },
): Promise<{ changed: boolean }> {
  const now = deps.clock.now();
  const liftedBy = actorText(actor);
  return deps.db.transaction(async (tx) => {
    const lifted = await liftPrefixes(tx, choice, { liftedAt: now, liftedBy });
    if (lifted.length === 0) return { changed: false };
    await recordCampaignEvent(tx, {
      workspaceId: choice.workspaceId,
      actor: liftedBy,
      kind: 'suppression_lifted',
      details: { range: rangeText(choice.prefix), entries: lifted.map(({ id, source }) => ({ id, source })) },
      createdAt: now,
    });
    return { changed: true };
  });
}
