import { recordCampaignEvent } from '#db/campaigns.ts';
import { keepGrant } from '#db/roles.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Role, RoleSubject } from '#domain/rights.ts';
import { ChatUnavailable } from '#ports/chat.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';

export type GrantRoleInput = { workspaceId: number; actor: Actor; subject: RoleSubject; role: Role };

/**
 * Gives a person or a user group a role, in place of the one they had. Only admins may; guests, bots and people of other
 * companies get none, and a group must be one that Slack shows us, or its members could never be told. Throws
 * `not_allowed` and the other refusals of `authorize`, `not_a_member`, `group_not_found` and `groups_unavailable`.
 */
export async function grantRole(
  deps: Deps,
  { workspaceId, actor, subject, role }: GrantRoleInput,
): Promise<{ before: Role | null }> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  await (subject.subjectKind === 'user'
    ? checkPerson(deps, workspaceId, subject.subjectId)
    : checkGroup(deps, subject.subjectId));
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const grant = { workspaceId, ...subject, role, grantedBy: actorText(actor), grantedAt: now };
    const before = await keepGrant(tx, grant);
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: actorText(actor),
      kind: 'role_granted',
      details: { ...subject, before, role },
      createdAt: now,
    });
    return { before };
  });
}

/** Everybody who belongs to the workspace may look, so this asks what `authorize` asks of anybody. */
async function checkPerson(deps: Deps, workspaceId: number, userId: string): Promise<void> {
  try {
    const actor = { kind: 'slack_user', userId } as const;
    await authorize(deps, { workspaceId, actor, channelId: null, right: 'view' });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_allowed') throw new Refusal('not_a_member', {});
    throw error;
  }
}

async function checkGroup(deps: Deps, groupId: string): Promise<void> {
  const groups = await deps.chat.groups().catch((error: unknown) => {
    if (error instanceof ChatUnavailable) throw new Refusal('groups_unavailable', {});
    throw error;
  });
  if (!groups.some(({ id }) => id === groupId)) throw new Refusal('group_not_found', {});
}
