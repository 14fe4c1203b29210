/** What the app's answer to a submission does to the stack (slack.md §2.4). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import { isObject } from './block-schema.ts';
import type { SlackContext } from './context.ts';
import { putView, removeView } from './store.ts';
import { closeStack, pushView, readView, replaceView } from './views.ts';
import type { View } from './workspace.ts';

type Action = (slack: SlackContext, view: View, answer: JsonObject) => void;

const ACTIONS: Record<string, Action> = {
  clear: closeStack,
  update: (slack, view, answer) => {
    replaceView(slack, view, readView(answer.view, 'modal'));
  },
  push: (slack, view, answer) => {
    putView(slack, { ...view, errors: {} });
    pushView(slack, view, readView(answer.view, 'modal'));
  },
  errors: (slack, view, answer) => putView(slack, { ...view, errors: readErrors(view, answer) }),
};

/** False when Slack could make nothing of it, which the person sees as trouble connecting. */
export function applyAnswer(slack: SlackContext, view: View, body: string): boolean {
  if (body.trim() === '') {
    removeView(slack, view.id);
    return true;
  }
  try {
    const answer = JSON.parse(body) as JsonObject;
    if (!isObject(answer)) return false;
    if (answer.response_action === undefined) removeView(slack, view.id);
    else {
      const name = String(answer.response_action);
      if (!Object.hasOwn(ACTIONS, name)) return false;
      ACTIONS[name]?.(slack, view, answer);
    }
    return true;
  } catch (error) {
    if (error instanceof ApiRefusal || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Only input blocks can show an error; any other key spoils the whole answer. */
function readErrors(view: View, answer: JsonObject): Record<string, string> {
  const blocks = Array.isArray(view.view.blocks) ? view.view.blocks.filter(isObject) : [];
  const inputs = blocks.filter(({ type }) => type === 'input').map(({ block_id }) => block_id);
  const errors = isObject(answer.errors) ? Object.entries(answer.errors) : [];
  const isGood =
    errors.length > 0 && errors.every(([id, text]) => inputs.includes(id) && typeof text === 'string');
  if (!isGood) throw new ApiRefusal('invalid_errors');
  return Object.fromEntries(errors.map(([id, text]) => [id, String(text)]));
}
