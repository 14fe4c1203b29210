import { Refusal } from '#domain/refusal.ts';
import { revokeRole } from '#operations/revoke-role.ts';
import { rolesMessage } from '#slack/commands/roles.ts';
import { openRole } from '#slack/modals/role.ts';
import type { ActionHandler } from './action.ts';

export const giveRole: ActionHandler = { right: 'administer', runs: 'now', run: openRole };

/** The list in which it was pressed shows at once that it is gone. */
export const takeRole: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  async run(press) {
    const [, kind, subjectId] = /^(user|group)\.([USW][A-Z0-9]{1,30})$/.exec(press.value ?? '') ?? [];
    if (!subjectId) throw new Refusal('group_not_found', {});
    const subject = { subjectKind: kind === 'user' ? 'user' : 'group', subjectId } as const;
    const { deps, workspaceId, actor } = press;
    await revokeRole(deps, { workspaceId, actor, subject });
    await press.answer.instead(await rolesMessage(press));
  },
};
