/** The page's JSON, checked before a verb trusts it. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { isObject } from './block-schema.ts';
import { PersonRefusal } from './person-refusal.ts';
import type { SlackVerbName } from './verbs.ts';

type Kind = 'text' | 'text or null' | 'flag' | 'number or null' | 'object';

const FIELDS: { [K in SlackVerbName]: Record<keyof Verbs[K], Kind> } = {
  'post-message': { userId: 'text', channelId: 'text', text: 'text', threadTs: 'text or null' },
  'run-slash-command': { userId: 'text', channelId: 'text', text: 'text' },
  'act-in-message': { userId: 'text', channelId: 'text', ts: 'text', action: 'object', state: 'object' },
  'act-in-view': { userId: 'text', viewId: 'text', action: 'object', state: 'object' },
  'submit-view': { userId: 'text', viewId: 'text', state: 'object' },
  'close-view': { userId: 'text', viewId: 'text', isCleared: 'flag' },
  'suggest-options': {
    userId: 'text',
    viewId: 'text or null',
    channelId: 'text or null',
    ts: 'text or null',
    blockId: 'text',
    actionId: 'text',
    value: 'text',
  },
  'run-shortcut': { userId: 'text', callbackId: 'text' },
  'run-message-shortcut': { userId: 'text', channelId: 'text', ts: 'text', callbackId: 'text' },
  'open-home': { userId: 'text' },
  'dismiss-ephemeral': { userId: 'text', id: 'text' },
  'delete-message': { channelId: 'text', ts: 'text' },
  'archive-channel': { channelId: 'text', isArchived: 'flag' },
  'set-bot-membership': { channelId: 'text', isMember: 'flag' },
  'switch-fault': { id: 'text', isOn: 'flag', count: 'number or null' },
};

const IS: Record<Kind, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  'text or null': (value) => value === null || typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
  'number or null': (value) => value === null || (Number.isInteger(value) && Number(value) > 0),
  object: (value) => isObject(value as JsonObject),
};

export function readVerbInput<K extends SlackVerbName>(name: K, body: unknown): Verbs[K] {
  const input = isObject(body as JsonObject) ? (body as JsonObject) : {};
  for (const [field, kind] of Object.entries(FIELDS[name]) as [string, Kind][]) {
    if (!IS[kind](input[field]))
      throw new PersonRefusal(`The page sent no usable "${field}" (wanted: ${kind}).`);
  }
  return input as unknown as Verbs[K];
}
