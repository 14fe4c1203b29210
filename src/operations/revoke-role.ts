import { recordCampaignEvent } from '#db/campaigns.ts';
import { deleteGrant } from '#db/roles.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { RoleSubject } from '#domain/rights.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';

/**
 * Takes a role back from a person or a group; from then on they have what their groups or the workspace's default give.
 * Only admins may. False when they had none of their own, and nothing was changed then.
 */
export async function revokeRole(
  deps: Deps,
  { workspaceId, actor, subject }: { workspaceId: number; actor: Actor; subject: RoleSubject },
): Promise<{ changed: boolean }> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  return deps.db.transaction(async (tx) => {
    const before = await deleteGrant(tx, workspaceId, subject);
    if (before === null) return { changed: false };
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'role_revoked',
      details: { ...subject, before },
      createdAt: deps.clock.now(),
    });
    return { changed: true };
  });
}
