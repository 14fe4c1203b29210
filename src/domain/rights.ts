/**
 * What somebody may do, from looking to administering. Stopping needs less than starting (slack.md §8), so whoever may look
 * may also hang up a call. `listen` covers what people said on the phone (live, as a transcript, as a recording): it is
 * personal speech, so looking is not enough.
 */
export type Right = 'view' | 'edit' | 'launch' | 'stop' | 'export' | 'suppress' | 'listen' | 'administer';
export type Role = 'viewer' | 'editor' | 'launcher' | 'admin';

const RIGHTS: Record<Role, readonly Right[]> = {
  viewer: ['view', 'stop', 'suppress'],
  editor: ['view', 'stop', 'suppress', 'edit', 'export', 'listen'],
  launcher: ['view', 'stop', 'suppress', 'edit', 'export', 'listen', 'launch'],
  admin: ['view', 'stop', 'suppress', 'edit', 'export', 'listen', 'launch', 'administer'],
};

/** Whether a role includes a right. */
export function roleMay(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}

/** The roles that include a right, for a refusal that says whom to ask. */
export function rolesThatMay(right: Right): Role[] {
  return (Object.keys(RIGHTS) as Role[]).filter((role) => roleMay(role, right));
}
