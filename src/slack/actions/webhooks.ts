import { Refusal } from '#domain/refusal.ts';
import { tryWebhook } from '#operations/try-webhook.ts';
import { updateWebhook } from '#operations/update-webhook.ts';
import { parseRowId } from '#slack/action-ids.ts';
import { webhooksMessage } from '#slack/commands/webhooks.ts';
import { openWebhook } from '#slack/modals/webhook.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler, Press } from './action.ts';

export const newWebhook: ActionHandler = { right: 'administer', runs: 'now', run: openWebhook };

export const switchOnWebhook: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  run: (press) => switchTo(press, true),
};

export const switchOffWebhook: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  run: (press) => switchTo(press, false),
};

export const tryThisWebhook: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  async run(press) {
    await tryWebhook(press.deps, wantedOf(press));
    const sentence = 'A test is on its way. /campaign webhooks shows in a moment whether it was taken.';
    await press.answer.privately(sentenceMessage(sentence));
  },
};

/** The list in which it was pressed shows at once how it stands. */
async function switchTo(press: Press, isActive: boolean): Promise<void> {
  await updateWebhook(press.deps, { ...wantedOf(press), changes: { isActive } });
  await press.answer.instead(await webhooksMessage(press));
}

function wantedOf({ workspaceId, actor, value }: Press) {
  const webhookId = parseRowId(value);
  if (!webhookId) throw new Refusal('webhook_not_found', { wanted: '' });
  return { workspaceId, webhookId, actor };
}
