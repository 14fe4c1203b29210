/**
 * What somebody may do, from looking to administering. Stopping needs less than starting (slack.md §8), so whoever may look
 * may also hang up a call. `listen` covers what people said on the phone (live, as a transcript, as a recording): it is
 * personal speech, so looking is not enough.
 */
export type Right = 'view' | 'edit' | 'launch' | 'stop' | 'export' | 'suppress' | 'listen' | 'administer';
export type Role = 'viewer' | 'editor' | 'launcher' | 'admin';

/** Whom a role is given to: a person or a user group, by their ids in Slack. */
export type RoleSubject = { subjectKind: 'user' | 'group'; subjectId: string };

const RIGHTS: Record<Role, readonly Right[]> = {
  viewer: ['view', 'stop', 'suppress'],
  editor: ['view', 'stop', 'suppress', 'edit', 'export', 'listen'],
  launcher: ['view', 'stop', 'suppress', 'edit', 'export', 'listen', 'launch'],
  admin: ['view', 'stop', 'suppress', 'edit', 'export', 'listen', 'launch', 'administer'],
};

export const ROLES = Object.keys(RIGHTS) as Role[];

/** Whether somebody's role, whichever of these it may be, includes a right; null when that depends on which it is. */
export function rolesAgree(roles: readonly Role[], right: Right): boolean | null {
  const verdicts = new Set(roles.map((role) => roleMay(role, right)));
  const [verdict] = verdicts;
  return verdicts.size === 1 && verdict !== undefined ? verdict : null;
}

/** Whether a role includes a right. */
export function roleMay(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}

/** The roles that include a right, for a refusal that says whom to ask. */
export function rolesThatMay(right: Right): Role[] {
  return ROLES.filter((role) => roleMay(role, right));
}

/** Whom a role was given to, as it stands in the log: by their id, which the chat shows as a name. */
export function roleSubjectWords({ subjectKind, subjectId }: Record<string, unknown>): string {
  return subjectKind === 'group' ? `the group ${subjectId}` : `member ${subjectId}`;
}
