import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { Blocks } from '#sandbox/page/blocks/block.tsx';
import { BlockErrorsContext } from '#sandbox/page/blocks/input-block.tsx';
import { withIds } from '#sandbox/page/elements/fields.ts';
import { formOf } from '#sandbox/page/elements/form.ts';
import { type Surface, SurfaceContext } from '#sandbox/page/elements/surface.ts';
import { FocusTrap } from '#sandbox/page/frame/focus-trap.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { asObjects, wordsOf } from '#sandbox/page/json.ts';
import { place } from '#sandbox/page/session.ts';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { SlackView } from '#sandbox/page-protocol.ts';

export function Modal({ row, stackSize }: { row: SlackView; stackSize: number }) {
  const titleId = useId();
  const modal = useModal(row);
  const body = useRef<HTMLDivElement>(null);
  const submit = wordsOf(row.view.submit);
  const errors = { ...row.errors, ...modal.problems };
  const failure = modal.failure || row.errors[''];
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    const field = body.current?.querySelector<HTMLElement>('.is-invalid');
    field?.scrollIntoView({ block: 'center' });
    field?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [row.errors, modal.problems]);

  return (
    <FocusTrap class="modal" labelledBy={titleId} testId="modal" onEscape={() => void modal.close(false)}>
      <form
        class="modal-form"
        noValidate
        aria-busy={modal.isSubmitting}
        onSubmit={(event) => {
          event.preventDefault();
          void modal.submit();
        }}
      >
        <ModalHead titleId={titleId} row={row} stackSize={stackSize} onClose={modal.close} />
        <div ref={body} class="modal-body">
          {failure && (
            <p class="modal-failure" role="alert">
              <Icon name="error" /> {failure}
            </p>
          )}
          <BlockErrorsContext.Provider value={errors}>
            <SurfaceContext.Provider value={modal.surface}>
              <Blocks blocks={modal.blocks} />
            </SurfaceContext.Provider>
          </BlockErrorsContext.Provider>
        </div>
        <div class="modal-footer">
          <button
            type="button"
            class="button"
            data-testid="modal-close"
            onClick={() => void modal.close(false)}
          >
            {wordsOf(row.view.close) || (submit ? 'Cancel' : 'Close')}
          </button>
          {submit && (
            <button
              type="submit"
              class="button is-primary"
              data-testid="modal-submit"
              disabled={modal.isSubmitting}
              aria-busy={modal.isSubmitting}
            >
              <span class="button-words">{submit}</span>
              {modal.isSubmitting && <span class="spinner" />}
            </button>
          )}
        </div>
      </form>
    </FocusTrap>
  );
}

function ModalHead(props: {
  titleId: string;
  row: SlackView;
  stackSize: number;
  onClose(isCleared: boolean): Promise<void>;
}) {
  return (
    <header class="modal-head">
      {props.stackSize > 1 && (
        <button
          type="button"
          class="quiet icon-only"
          aria-label="Back"
          onClick={() => void props.onClose(false)}
        >
          <Icon name="left" />
        </button>
      )}
      <h2 id={props.titleId} class="modal-title">
        {wordsOf(props.row.view.title)}
      </h2>
      <button
        type="button"
        class="quiet icon-only push-right"
        aria-label={props.stackSize > 1 ? 'Close all' : 'Close dialog'}
        data-testid="modal-dismiss"
        onClick={() => void props.onClose(true)}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

function useModal(row: SlackView) {
  const { id: viewId, userId, view } = row;
  const problems = useSignal<Record<string, string>>({});
  const failure = useSignal('');
  const isWaiting = useSignal(false);
  const blocks = useMemo(() => withIds(asObjects(view.blocks)), [view]);
  const form = formOf(viewId, currentChannelId());
  useEffect(() => form.keepOnly(blocks), [form, blocks]);
  useEffect(() => {
    failure.value = '';
  }, [row.hash]);

  const surface = useMemo<Surface>(
    () => ({
      form,
      act: (action) => callVerb('act-in-view', { userId, viewId, action, state: form.values(blocks) }),
      suggest: (blockId, actionId, value) =>
        callVerb('suggest-options', { userId, viewId, channelId: null, ts: null, blockId, actionId, value }),
    }),
    [form, blocks, userId, viewId],
  );

  async function submit() {
    if (isWaiting.value || !wordsOf(view.submit)) return;
    problems.value = form.problems(blocks);
    failure.value = '';
    if (Object.keys(problems.value).length > 0) return;
    isWaiting.value = true;
    const answer = await callVerb('submit-view', { userId, viewId, state: form.values(blocks) });
    isWaiting.value = false;
    if (!answer.ok) failure.value = answer.error;
  }

  async function close(isCleared: boolean) {
    const clearsAll = isCleared || view.clear_on_close === true;
    const answer = await callVerb('close-view', { userId, viewId, isCleared: clearsAll });
    if (!answer.ok) failure.value = answer.error;
  }

  return {
    blocks,
    surface,
    submit,
    close,
    problems: problems.value,
    failure: failure.value,
    isSubmitting: isWaiting.value || row.isSubmitting,
  };
}

function currentChannelId(): string | null {
  const current = place.peek();
  return current?.kind === 'channel' ? current.channelId : null;
}
