import type { InputBlock, ModalView } from '@slack/types';
import { listWords } from '#domain/phrases.ts';
import { TOKEN_SCOPES } from '#domain/token-scopes.ts';
import { createToken } from '#operations/create-token.ts';
import { actionId } from '#slack/action-ids.ts';
import { context, input, option, plainSection } from '#slack/blocks/kit.ts';
import { SCOPE_WORDS } from '#slack/blocks/tokens.ts';
import type { Entry } from '#slack/context.ts';
import { localTime } from '#slack/mrkdwn.ts';
import { choiceField, textField } from './fields.ts';
import { modal } from './frame.ts';
import type { ModalHandler } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readChoices, readText } from './state.ts';

const LONGEST_NAME = 80;
const DAY_MS = 86_400_000;
const NEVER = 'never';
const ENDS = [
  { text: 'in 30 days', value: '30' },
  { text: 'in 90 days', value: '90' },
  { text: 'in a year', value: '365' },
  { text: 'never, until it is revoked', value: NEVER },
];

/** Asks what a new token is for, what it may do and for how long. */
export async function openToken(entry: Entry): Promise<void> {
  await openThen(entry, 'Opening the form…', async () =>
    modal({
      name: 'token',
      title: 'New API token',
      submit: 'Make it',
      blocks: [
        textField({
          blockId: 'name',
          label: 'What is it for?',
          hint: 'The program that will use it, so that you know later which one to revoke.',
          placeholder: 'CRM',
          max: LONGEST_NAME,
        }),
        scopesField(),
        choiceField('expires_at', 'It ends', ENDS, '90'),
        context('Anybody who has the token can do what it may. You will see it once, and nobody else will.'),
      ],
    }),
  );
}

export const token: ModalHandler = {
  right: 'administer',
  problemField: 'name',
  async submit({ deps, workspaceId, actor, state }) {
    const days = readChoice(state, 'expires_at');
    const expiresAt = days === NEVER ? null : new Date(deps.clock.now().getTime() + Number(days) * DAY_MS);
    const made = await createToken(deps, {
      workspaceId,
      actor,
      name: readText(state, 'name'),
      scopes: readChoices(state, 'scopes'),
      expiresAt,
    });
    return { kind: 'show', view: madeView(made) };
  },
};

function scopesField(): InputBlock {
  return input({
    blockId: 'scopes',
    label: 'It may',
    hint: TOKEN_SCOPES.map((scope) => `${scope}: ${SCOPE_WORDS[scope]}`).join('. '),
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options: TOKEN_SCOPES.map((scope) => option(scope, scope)),
    },
  });
}

/** The secret stands here and nowhere else: not in a message, not in a row. */
function madeView({ secret, token: made }: Awaited<ReturnType<typeof createToken>>): ModalView {
  const end = made.expiresAt ? `ends ${localTime(made.expiresAt)}` : 'has no end';
  return modal({
    name: 'notice',
    title: 'Your new token',
    close: 'I have kept it',
    blocks: [
      plainSection(`This is “${made.name}”. Copy it now: only you see it, and it is not shown again.`),
      plainSection(secret),
      context(
        `It may ${listWords(made.scopes)} and ${end}. Send it as “Authorization: Bearer …”; /api/docs at the bot’s address shows what can be asked. /campaign token lists and revokes it.`,
      ),
    ],
  });
}
