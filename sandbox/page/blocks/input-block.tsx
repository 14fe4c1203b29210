import { createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import { ElementView } from '#sandbox/page/elements/element.tsx';
import { asObject, asText } from '#sandbox/page/json.ts';
import { TextView } from '#sandbox/page/text/text-view.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';

/** By block_id, what is wrong with what was submitted. */
export const BlockErrorsContext = createContext<Record<string, string>>({});

export function InputBlock({ block }: { block: JsonObject }) {
  const id = useId();
  const error = useContext(BlockErrorsContext)[asText(block.block_id)];
  const element = asObject(block.element) ?? {};
  const isOptional = block.optional === true;
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');

  return (
    <div class={`block-input${error ? ' is-invalid' : ''}`} data-block-id={asText(block.block_id)}>
      <label id={`${id}-label`} class="input-label" htmlFor={`${id}-control`}>
        <TextView value={block.label} />
        {isOptional && <span class="hint"> (optional)</span>}
      </label>
      <ElementView
        slot={{
          blockId: asText(block.block_id),
          element,
          isInput: true,
          dispatches: block.dispatch_action === true,
          isOptional,
          labelId: `${id}-label`,
          controlId: `${id}-control`,
          describedBy: described || undefined,
          isInvalid: Boolean(error),
        }}
      />
      {error && (
        <p id={`${id}-error`} class="field-error" role="alert">
          {error}
        </p>
      )}
      {block.hint && (
        <p id={`${id}-hint`} class="hint">
          <TextView value={block.hint} />
        </p>
      )}
    </div>
  );
}
