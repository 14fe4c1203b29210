import { type Signal, signal } from '@preact/signals';
import { asText } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { type Field, type FieldState, fieldKinds, fieldProblem, fieldsIn } from './fields.ts';

/**
 * What a person typed and chose in one view or message. A value lives as long as its block_id and action_id stay,
 * whatever else an update changes (slack.md §2.4).
 */
export type Form = {
  state(blockId: string, element: JsonObject): Signal<FieldState>;
  /** `{blockId: {actionId: {type, …}}}`, exactly as Slack sends it. */
  values(blocks: JsonObject[]): JsonObject;
  /** By block_id, the sentences for what cannot be submitted. */
  problems(blocks: JsonObject[]): Record<string, string>;
  /** Forgets the fields that these blocks no longer have. */
  keepOnly(blocks: JsonObject[]): void;
};

const forms = new Map<string, Form>();

/** The same form for the same surface, also after its component was away. */
export function formOf(surfaceId: string, currentChannelId: string | null): Form {
  let form = forms.get(surfaceId);
  if (!form) {
    form = createForm(currentChannelId);
    forms.set(surfaceId, form);
  }
  return form;
}

export function forgetForms(isGone: (surfaceId: string) => boolean) {
  for (const surfaceId of [...forms.keys()].filter(isGone)) forms.delete(surfaceId);
}

export function createForm(currentChannelId: string | null): Form {
  const states = new Map<string, Signal<FieldState>>();

  function state(blockId: string, element: JsonObject): Signal<FieldState> {
    const key = keyOf({ blockId, actionId: asText(element.action_id), element });
    let found = states.get(key);
    if (!found) {
      found = signal(fieldKinds[asText(element.type)]?.initial(element, currentChannelId) ?? {});
      states.set(key, found);
    }
    return found;
  }

  return {
    state,
    values(blocks) {
      const values: Record<string, JsonObject> = {};
      for (const { blockId, actionId, element } of fieldsIn(blocks)) {
        values[blockId] ??= {};
        values[blockId][actionId] = { type: asText(element.type), ...state(blockId, element).peek() };
      }
      return values;
    },
    problems(blocks) {
      const problems: Record<string, string> = {};
      for (const field of fieldsIn(blocks).filter((candidate) => candidate.isInput)) {
        const problem = fieldProblem(field, state(field.blockId, field.element).peek());
        if (problem) problems[field.blockId] = problem;
      }
      return problems;
    },
    keepOnly(blocks) {
      const kept = new Set(fieldsIn(blocks).map(keyOf));
      for (const key of [...states.keys()].filter((candidate) => !kept.has(candidate))) states.delete(key);
    },
  };
}

function keyOf({ blockId, actionId, element }: Pick<Field, 'blockId' | 'actionId' | 'element'>): string {
  return JSON.stringify([blockId, actionId, asText(element.type)]);
}
