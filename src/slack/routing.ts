import { parseActionId } from './action-ids.ts';
import { ACTIONS } from './actions/index.ts';
import { COMMANDS, findCommand } from './commands/index.ts';
import { EVENT_TYPES } from './events/types.ts';
import type { SlackBody, StoredRequest } from './intake.ts';

/**
 * What is stored before Slack is answered: every event we listen to, and each command or press that changes something. What
 * opens a modal or only looks is done at once (null), because a trigger lives 3 s and nothing is lost with it.
 */
export function storedAs(body: SlackBody): StoredRequest | 'ignore' | null {
  if (body.type === 'event_callback') return storedEvent(body);
  if (body.type === 'app_rate_limited') return 'ignore';
  const triggerId = textOf(body, 'trigger_id');
  if (!triggerId) return null;
  if (typeof body.command === 'string') {
    const isStored = findCommand(textOf(body, 'text') ?? '')?.command.runs === 'stored';
    return isStored ? { key: `command:${triggerId}`, kind: 'command' } : null;
  }
  if (body.type !== 'block_actions') return null;
  return isStoredPress(body) ? { key: `action:${triggerId}`, kind: 'action' } : null;
}

function storedEvent(body: SlackBody): StoredRequest | 'ignore' {
  const event = body.event as SlackBody | undefined;
  const eventId = textOf(body, 'event_id');
  const isKnown = event && EVENT_TYPES.includes(textOf(event, 'type') ?? '');
  return isKnown && eventId ? { key: `event:${eventId}`, kind: 'event' } : 'ignore';
}

function isStoredPress(body: SlackBody): boolean {
  const [action] = Array.isArray(body.actions) ? (body.actions as SlackBody[]) : [];
  const id = parseActionId((action && textOf(action, 'action_id')) ?? '');
  if (!id) return false;
  // A choice in a picker is as lasting as the command it was asked for.
  if (id.name === 'campaign.pick') return COMMANDS.find(({ name }) => name === id.detail)?.runs === 'stored';
  return ACTIONS[id.name].runs === 'stored';
}

function textOf(body: SlackBody, name: string): string | null {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
