import type { InputBlock, ModalView } from '@slack/types';
import { listWords } from '#domain/phrases.ts';
import { WEBHOOK_EVENT_NAMES, WEBHOOK_EVENTS } from '#domain/webhook-events.ts';
import { createWebhook } from '#operations/create-webhook.ts';
import { listCampaigns } from '#operations/list-campaigns.ts';
import { actionId } from '#slack/action-ids.ts';
import { context, input, option, plainSection } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { LIMITS } from '#slack/limits.ts';
import { choiceField, textField } from './fields.ts';
import { modal } from './frame.ts';
import type { ModalHandler } from './modal.ts';
import { openThen } from './open.ts';
import { readChoice, readChoices, readText } from './state.ts';

const LONGEST_URL = 2_000;
const LONGEST_DESCRIPTION = 500;
const EVERYWHERE = 'all';

/** Asks which address is to be told, of what, and of which campaign. */
export async function openWebhook(entry: Entry): Promise<void> {
  await openThen(entry, 'Opening the form…', async () =>
    modal({
      name: 'webhook',
      title: 'New webhook',
      submit: 'Make it',
      blocks: [
        textField({
          blockId: 'url',
          label: 'Which address is to be told?',
          hint: 'https on the public internet; it answers 200 to 299 within ten seconds.',
          placeholder: 'https://crm.example.com/hooks/ringmaster',
          max: LONGEST_URL,
        }),
        eventsField(),
        choiceField('campaignId', 'Where it happens', await placesOf(entry), EVERYWHERE),
        textField({
          blockId: 'description',
          label: 'What is it for?',
          placeholder: 'CRM',
          optional: true,
          max: LONGEST_DESCRIPTION,
        }),
        context('Messages hold names and numbers of contacts, signed with a secret that you will see once.'),
      ],
    }),
  );
}

export const webhook: ModalHandler = {
  right: 'administer',
  problemField: 'url',
  async submit({ deps, workspaceId, actor, state, viewId }) {
    const place = readChoice(state, 'campaignId');
    const made = await createWebhook(deps, {
      workspaceId,
      actor,
      creationKey: `view:${viewId}`,
      url: readText(state, 'url'),
      events: readChoices(state, 'events'),
      campaignId: place === EVERYWHERE ? null : Number(place),
      description: readText(state, 'description') || null,
    });
    return { kind: 'show', view: madeView(made) };
  },
};

/** The whole workspace, or one of its newest campaigns. */
async function placesOf({ deps, workspaceId }: Entry) {
  const limit = LIMITS.options - 1;
  const { campaigns } = await listCampaigns(deps, { workspaceId, limit, offset: 0 });
  return [
    { text: 'In the whole workspace', value: EVERYWHERE },
    ...campaigns.map(({ id, name }) => ({ text: `${id}: ${name}`, value: String(id) })),
  ];
}

function eventsField(): InputBlock {
  return input({
    blockId: 'events',
    label: 'It is told of',
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options: WEBHOOK_EVENT_NAMES.map((name) => option(name, name, WEBHOOK_EVENTS[name])),
    },
  });
}

/** The secret stands here and in the row that it signs with: not in a message, and not in what Slack sent us. */
function madeView({ id, url, secret, events }: Awaited<ReturnType<typeof createWebhook>>): ModalView {
  return modal({
    name: 'notice',
    title: 'Your new webhook',
    close: 'I have kept it',
    blocks: [
      plainSection(
        `${new URL(url).host} is told from now on (webhook ${id}). What it is sent is signed with this secret. Copy it now: only you see it, and it is not shown again.`,
      ),
      plainSection(secret),
      context(
        `It is told of ${listWords([...events])}. /campaign webhooks sends it a test and shows how it does; docs/webhooks.md shows how to check a signature.`,
      ),
    ],
  });
}
