import { ROLES, type Role } from '#domain/rights.ts';
import { grantRole } from '#operations/grant-role.ts';
import { type ChatGroup, ChatUnavailable } from '#ports/chat.ts';
import { actionId } from '#slack/action-ids.ts';
import { type Block, context, input, plainSection } from '#slack/blocks/kit.ts';
import { ROLE_WORDS } from '#slack/commands/roles.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { choiceField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import type { ModalHandler } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readUser } from './state.ts';

/** Asks for a person or a group and the role they are to have. */
export async function openRole(entry: Entry): Promise<void> {
  await openThen(entry, 'Asking Slack for groups…', async () => {
    const groups = await shownGroups(entry);
    return modal({
      name: 'role',
      title: 'Give a role',
      submit: 'Give the role',
      blocks: [
        input({
          blockId: 'person',
          label: 'Person',
          optional: true,
          element: { type: 'users_select', action_id: actionId('form.input') },
        }),
        ...groupField(groups),
        choiceField(
          'role',
          'Role',
          ROLES.map((role) => ({ text: role, value: role })),
          'launcher',
          ROLES.map((role) => `${role}: ${ROLE_WORDS[role]}`).join('. '),
        ),
        context(
          'It holds at once. Guests and people of other companies may do nothing here, whatever role they have.',
        ),
      ],
    });
  });
}

export const role: ModalHandler = {
  right: 'administer',
  problemField: 'person',
  async submit({ deps, workspaceId, actor, state }) {
    const userId = readUser(state, 'person');
    const groupId = readChoice(state, 'group');
    if ((userId === null) === (groupId === null))
      return { kind: 'errors', errors: { person: 'Choose either a person or a group.' } };
    const subject = userId
      ? ({ subjectKind: 'user', subjectId: userId } as const)
      : ({ subjectKind: 'group', subjectId: groupId ?? '' } as const);
    const given = readChoice(state, 'role') as Role;
    await grantRole(deps, { workspaceId, actor, subject, role: given });
    const sentence = `They are ${given} now: ${ROLE_WORDS[given]}. /campaign roles shows all.`;
    return { kind: 'show', view: sentenceView('Given', sentenceMessage(sentence)) };
  },
};

/** None where the plan or the permission does not let us see them: roles then go to people. */
async function shownGroups({ deps }: Entry): Promise<ChatGroup[]> {
  try {
    return await deps.chat.groups();
  } catch (error) {
    if (error instanceof ChatUnavailable) return [];
    throw error;
  }
}

function groupField(groups: ChatGroup[]): Block[] {
  if (groups.length === 0) {
    const why = 'Slack shows no user groups to me: they need a paid plan.';
    return [plainSection(why)];
  }
  const choices = groups.map(({ id, name, handle }) => ({ text: `${name} (@${handle})`, value: id }));
  return [{ ...choiceField('group', 'Or a user group', choices, null), optional: true }];
}
