import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import type { Right, Role } from '#domain/rights.ts';
import { authorize } from '#operations/authorize.ts';
import { grantRole } from '#operations/grant-role.ts';
import { listRoles } from '#operations/list-roles.ts';
import { revokeRole } from '#operations/revoke-role.ts';
import { ChatUnavailable } from '#ports/chat.ts';
import { createEngine } from '#support/engine.ts';

const engine = await createEngine();
const { deps, chat, workspace } = engine;
const workspaceId = workspace.id;
const SYSTEM = { kind: 'system' } as const;

beforeEach(async () => {
  await deps.db.execute(sql`delete from role_grants`);
  await changeWorkspace(deps.db, workspaceId, { defaultRole: 'viewer' });
  chat.groupMembersOf.clear();
  chat.groupMembersOf.set('S_ONE', ['U_ANNA']).set('S_TWO', ['U_ANNA', 'U_BEN']);
});

const give = (subjectKind: 'user' | 'group', subjectId: string, role: Role, actor: Actor = SYSTEM) =>
  grantRole(deps, { workspaceId, actor, subject: { subjectKind, subjectId }, role });
type Actor = Parameters<typeof grantRole>[1]['actor'];
const may = (userId: string, right: Right) =>
  authorize(deps, {
    workspaceId,
    actor: { kind: 'slack_user', userId },
    channelId: null,
    right,
  }).then(
    () => true,
    (error: { code?: string }) => error.code,
  );

describe('what somebody may do', () => {
  test('is what the workspace gives to everybody, until they are given something of their own', async () => {
    expect(await may('U_BEN', 'launch')).toBe('not_allowed');
    await give('user', 'U_BEN', 'launcher');
    expect(await may('U_BEN', 'launch')).toBe(true);
    await revokeRole(deps, {
      workspaceId,
      actor: SYSTEM,
      subject: { subjectKind: 'user', subjectId: 'U_BEN' },
    });
    expect(await may('U_BEN', 'launch')).toBe('not_allowed');
  });

  test('comes from the most that their groups give', async () => {
    await give('group', 'S_ONE', 'editor');
    await give('group', 'S_TWO', 'launcher');
    expect(await may('U_ANNA', 'launch')).toBe(true);
    expect(await may('U_BEN', 'launch')).toBe(true);
    expect(await may('U_CARA', 'launch')).toBe('not_allowed');
  });

  test('may be less than the default, by a group or for a person in spite of their group', async () => {
    await changeWorkspace(deps.db, workspaceId, { defaultRole: 'launcher' });
    await give('group', 'S_ONE', 'viewer');
    expect(await may('U_ANNA', 'launch')).toBe('not_allowed');
    await give('group', 'S_TWO', 'admin');
    await give('user', 'U_BEN', 'viewer');
    expect(await may('U_BEN', 'edit')).toBe('not_allowed');
    expect(await may('U_CARA', 'launch')).toBe(true);
  });

  test('is nothing while Slack does not say who is in a group, but stopping never waits for that', async () => {
    await give('group', 'S_ONE', 'launcher');
    const { groupMembers } = chat;
    chat.groupMembers = async () => {
      throw new ChatUnavailable('no answer');
    };
    expect(await may('U_ANNA', 'launch')).toBe('cannot_check_now');
    expect(await may('U_ANNA', 'stop')).toBe(true);
    expect(await may('U_ANNA', 'administer')).toBe('not_allowed');
    chat.groupMembers = groupMembers;
  });

  test('is nothing for guests and outsiders, whatever they were given', async () => {
    await deps.db.execute(sql`
      insert into role_grants values (${workspaceId}, 'user', 'U_GUEST', 'admin', 'system', '2026-11-24T00:00:00Z')`);
    expect(await may('U_GUEST', 'view')).toBe('not_allowed');
    await expect(give('user', 'U_STRANGER', 'viewer')).rejects.toMatchObject({ code: 'not_a_member' });
  });
});

describe('a role', () => {
  test('is given and taken by admins only', async () => {
    const ben = { kind: 'slack_user', userId: 'U_BEN' } as const;
    await expect(give('user', 'U_BEN', 'admin', ben)).rejects.toMatchObject({ code: 'not_allowed' });
    await give('user', 'U_CARA', 'admin');
    const cara = { kind: 'slack_user', userId: 'U_CARA' } as const;
    expect(await give('user', 'U_BEN', 'editor', cara)).toEqual({ before: null });
    expect(await give('user', 'U_BEN', 'launcher', cara)).toEqual({ before: 'editor' });
    const subject = { subjectKind: 'user', subjectId: 'U_CARA' } as const;
    await expect(revokeRole(deps, { workspaceId, actor: ben, subject })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    const { grants } = await listRoles(deps, { workspaceId });
    expect(grants.map(({ subjectId, role, grantedBy }) => [subjectId, role, grantedBy])).toEqual(
      expect.arrayContaining([
        ['U_CARA', 'admin', 'system'],
        ['U_BEN', 'launcher', 'slack:U_CARA'],
      ]),
    );
  });

  test('is given to groups that Slack shows', async () => {
    await expect(give('group', 'S_GONE', 'editor')).rejects.toMatchObject({ code: 'group_not_found' });
    const { groups } = chat;
    chat.groups = async () => {
      throw new ChatUnavailable('plan_upgrade_required');
    };
    await expect(give('group', 'S_ONE', 'editor')).rejects.toMatchObject({ code: 'groups_unavailable' });
    chat.groups = groups;
  });

  test('that is taken twice changes nothing the second time', async () => {
    await give('user', 'U_BEN', 'editor');
    const subject = { subjectKind: 'user', subjectId: 'U_BEN' } as const;
    const take = () => revokeRole(deps, { workspaceId, actor: SYSTEM, subject });
    expect([await take(), await take()]).toEqual([{ changed: true }, { changed: false }]);
  });
});
