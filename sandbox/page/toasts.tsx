import { signal } from '@preact/signals';
import { Icon } from './icons.tsx';

type Toast = { id: number; words: string; isError: boolean };

const toasts = signal<Toast[]>([]);
const shownMs = 8000;
let lastId = 0;

export function showError(words: string) {
  show({ id: ++lastId, words, isError: true });
}

export function showNotice(words: string) {
  show({ id: ++lastId, words, isError: false });
}

function show(toast: Toast) {
  const others = toasts.value.filter((other) => other.words !== toast.words);
  toasts.value = [...others.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), shownMs);
}

function dismiss(id: number) {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" data-testid="toasts">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={toast.isError ? 'toast is-error' : 'toast'}>
          <Icon name={toast.isError ? 'error' : 'info'} />
          <span>{toast.words}</span>
          <button
            type="button"
            class="quiet icon-only"
            aria-label="Dismiss"
            onClick={() => dismiss(toast.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
