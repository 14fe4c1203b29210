import { computed, signal } from '@preact/signals';
import { wordsOf } from '#sandbox/page/json.ts';
import { TextView } from '#sandbox/page/text/text-view.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { FocusTrap, useFocusReturn } from './focus-trap.tsx';

type Question = { confirm: JsonObject; answer(isYes: boolean): void };

const question = signal<Question | null>(null);
export const isConfirming = computed(() => question.value !== null);

/** True at once when there is nothing to confirm, else what the person says. */
export function askConfirm(confirm: JsonObject | null): Promise<boolean> {
  if (!confirm) return Promise.resolve(true);
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      confirm,
      answer: (isYes) => {
        question.value = null;
        resolve(isYes);
      },
    };
  });
}

export function ConfirmDialog() {
  const open = question.value;
  return open ? <OpenQuestion {...open} /> : null;
}

function OpenQuestion({ confirm, answer }: Question) {
  useFocusReturn();
  const isDanger = confirm.style === 'danger';
  return (
    <div class="modal-backdrop is-confirm">
      <FocusTrap class="modal is-small" labelledBy="confirm-title" onEscape={() => answer(false)}>
        <h2 id="confirm-title" class="modal-title">
          {wordsOf(confirm.title) || 'Are you sure?'}
        </h2>
        <div class="modal-body">
          <TextView value={confirm.text} />
        </div>
        <div class="modal-footer">
          <button type="button" class="button" onClick={() => answer(false)}>
            {wordsOf(confirm.deny) || 'Cancel'}
          </button>
          <button
            type="button"
            class={isDanger ? 'button is-danger' : 'button is-primary'}
            onClick={() => answer(true)}
            data-testid="confirm-yes"
            data-autofocus
          >
            {wordsOf(confirm.confirm) || 'Yes'}
          </button>
        </div>
      </FocusTrap>
    </div>
  );
}
