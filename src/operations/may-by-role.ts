import { readGrants } from '#db/roles.ts';
import type { WorkspaceRow } from '#db/workspaces.ts';
import { type Right, type Role, roleMay, rolesAgree } from '#domain/rights.ts';
import type { ChatUser } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/**
 * Whether a member's role includes a right. Slack's own admins are admins. A role given to the person counts before those
 * of their groups, of which the one that may counts; whoever has none has the workspace's default. Slack is asked about
 * groups only where the answer matters, so that stopping never waits for it; throws `ChatUnavailable` when it does not say.
 */
export async function mayByRole(
  { db, chat }: Pick<Deps, 'db' | 'chat'>,
  workspace: Pick<WorkspaceRow, 'id' | 'defaultRole'>,
  user: Pick<ChatUser, 'id' | 'isAdmin'>,
  right: Right,
): Promise<boolean> {
  if (user.isAdmin) return roleMay('admin', right);
  const grants = await readGrants(db, workspace.id);
  const own = grants.find(({ subjectKind, subjectId }) => subjectKind === 'user' && subjectId === user.id);
  if (own) return roleMay(own.role, right);
  const ofGroups = grants.filter(({ subjectKind }) => subjectKind === 'group');
  const standard = workspace.defaultRole as Role;
  const verdict = rolesAgree([standard, ...ofGroups.map(({ role }) => role)], right);
  if (verdict !== null) return verdict;
  const members = await Promise.all(ofGroups.map(({ subjectId }) => chat.groupMembers(subjectId)));
  const roles = ofGroups.filter((_, at) => members[at]?.includes(user.id)).map(({ role }) => role);
  return (roles.length > 0 ? roles : [standard]).some((role) => roleMay(role, right));
}
