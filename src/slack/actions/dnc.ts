import { parseRowId } from '#slack/action-ids.ts';
import { listMessage } from '#slack/commands/dnc-list.ts';
import type { ActionHandler } from './action.ts';

/** Goes on with the do-not-call list, in place of the page before. */
export const turnDncPage: ActionHandler = {
  right: 'view',
  runs: 'now',
  run: async (press) => press.answer.instead(await listMessage(press, parseRowId(press.value))),
};
