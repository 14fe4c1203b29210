import { Refusal } from '#domain/refusal.ts';
import { retireAssistant } from '#operations/retire-assistant.ts';
import { parseRowId } from '#slack/action-ids.ts';
import { assistantsMessage } from '#slack/commands/assistant.ts';
import { openAssistant } from '#slack/modals/assistant.ts';
import type { ActionHandler, Press } from './action.ts';

export const newAssistant: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) => openAssistant(press, { assistantId: null }),
};

export const editAssistant: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) => openAssistant(press, { assistantId: assistantOf(press) }),
};

/** The list in which it was pressed shows at once that it is gone. */
export const retire: ActionHandler = {
  right: 'edit',
  runs: 'stored',
  async run(press) {
    const { deps, workspaceId, actor } = press;
    await retireAssistant(deps, { workspaceId, assistantId: assistantOf(press), actor });
    await press.answer.instead(await assistantsMessage(press));
  },
};

function assistantOf({ value }: Press): number {
  const id = parseRowId(value);
  if (id === null || id > 2_147_483_647) throw new Refusal('assistant_not_found', { wanted: 'like that' });
  return id;
}
