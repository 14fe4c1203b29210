import { useSignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { askConfirm } from '#sandbox/page/frame/confirm.tsx';
import { asObject, asText } from '#sandbox/page/json.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import type { Answer } from '#sandbox/page/verbs.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { createForm, type Form } from './form.ts';

/** Where elements stand: a message, a modal or the home tab. */
export type Surface = {
  form: Form;
  act(action: JsonObject): Promise<Answer>;
  suggest(blockId: string, actionId: string, value: string): Promise<Answer>;
};

/** How one element stands in its block. */
export type Slot = {
  blockId: string;
  element: JsonObject;
  /** Inside an `input` block: it is collected on submit, and tells the bot earlier only if it `dispatches`. */
  isInput: boolean;
  dispatches: boolean;
  isOptional: boolean;
  labelId?: string;
  controlId?: string;
  describedBy?: string;
  isInvalid: boolean;
};

const nowhere: Surface = {
  form: createForm(null),
  act: async () => ({ ok: false, error: 'This preview is not connected to anything.' }),
  suggest: async () => ({ ok: false, error: 'This preview is not connected to anything.' }),
};

export const SurfaceContext = createContext<Surface>(nowhere);

export function useSurface(): Surface {
  return useContext(SurfaceContext);
}

/** Tells the bot about an action, after the confirmation the element asks for. */
export function useAct(slot: Pick<Slot, 'blockId' | 'element'>) {
  const surface = useSurface();
  const waiting = useSignal(0);

  async function act(action: JsonObject, beforeSending?: () => void) {
    if (!(await askConfirm(asObject(slot.element.confirm)))) return;
    beforeSending?.();
    waiting.value += 1;
    const answer = await surface.act({
      type: asText(slot.element.type),
      block_id: slot.blockId,
      action_id: asText(slot.element.action_id),
      ...action,
    });
    waiting.value -= 1;
    if (!answer.ok) showError(answer.error);
  }

  return { act, isBusy: waiting.value > 0 };
}

/** The state of a field and the way to change it; a change outside an input block reaches the bot at once. */
export function useField(slot: Slot) {
  const { form } = useSurface();
  const { act, isBusy } = useAct(slot);
  const state = form.state(slot.blockId, slot.element);
  const tellsBot = !slot.isInput || slot.dispatches;

  return {
    state: state.value,
    isBusy,
    setQuietly(next: JsonObject) {
      state.value = next;
    },
    /** Tells the bot what is there now. */
    tell: () => act(state.peek()),
    async change(next: JsonObject) {
      if (!tellsBot) state.value = next;
      else
        await act(next, () => {
          state.value = next;
        });
    },
  };
}

/** What labels and describes the control for those who cannot see the block around it. */
export function ariaOf(slot: Slot) {
  return {
    id: slot.controlId,
    'aria-labelledby': slot.labelId,
    'aria-describedby': slot.describedBy,
    'aria-invalid': slot.isInvalid,
    'aria-required': slot.isInput && !slot.isOptional,
  };
}
