import { computed, effect, signal } from '@preact/signals';
import { forgetForms } from '#sandbox/page/elements/form.ts';
import { useFocusReturn } from '#sandbox/page/frame/focus-trap.tsx';
import { actingUserId, pane } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import type { SlackView } from '#sandbox/page-protocol.ts';
import { Modal } from './modal.tsx';

/** The acting person's newest stack of views, lowest first. */
export const openViews = computed<SlackView[]>(() => {
  const mine = tables.views.rows.value.filter((view) => view.userId === actingUserId.value);
  const rootId = mine.at(-1)?.rootId;
  return mine.filter((view) => view.rootId === rootId).sort((one, other) => one.depth - other.depth);
});

const knownViewIds = signal(new Set<string>());

effect(() => {
  const present = new Set(tables.views.rows.value.map((view) => view.id));
  const before = knownViewIds.peek();
  forgetForms((surfaceId) => before.has(surfaceId) && !present.has(surfaceId));
  knownViewIds.value = present;
});

/** On a narrow screen a modal is worth leaving the phones for. */
const topViewId = computed(() => openViews.value.at(-1)?.id ?? null);
effect(() => {
  if (topViewId.value !== null && pane.peek() === 'phones') pane.value = 'conversation';
});

export function ModalStack() {
  const views = openViews.value;
  return views.length > 0 ? <OpenStack views={views} /> : null;
}

function OpenStack({ views }: { views: SlackView[] }) {
  useFocusReturn();
  const top = views.at(-1);
  return (
    <div class="modal-backdrop">
      {views.length > 1 && <div class="modal-behind" aria-hidden="true" />}
      {top && <Modal key={top.id} row={top} stackSize={views.length} />}
    </div>
  );
}
