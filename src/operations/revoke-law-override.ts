import { recordCampaignEvent } from '#db/campaigns.ts';
import { type LawOverrideRow, revokeInForce } from '#db/law-overrides.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { LAW } from '#domain/law/legal-rules.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { judgeAnew } from './judge-anew.ts';

/**
 * Takes the override of a row back, so that the law holds as it is written from the next attempt on; null when none was in
 * force, and nothing was changed then. Only admins may. Throws the refusals of `authorize`.
 */
export async function revokeLawOverride(
  deps: Deps,
  { workspaceId, actor, ruleKey }: { workspaceId: number; actor: Actor; ruleKey: string },
): Promise<LawOverrideRow | null> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  const now = deps.clock.now();
  const by = actorText(actor);
  const revoked = await deps.db.transaction(async (tx) => {
    const row = await revokeInForce(tx, { workspaceId, ruleKey, revokedAt: now, revokedBy: by });
    if (!row) return null;
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: by,
      kind: 'law_override_revoked',
      details: { overrideId: row.id, ruleKey, before: row.hours, hours: LAW.get(ruleKey)?.hours ?? null },
      createdAt: now,
    });
    return row;
  });
  if (revoked) await judgeAnew(deps, workspaceId);
  return revoked;
}
