import { useSignal } from '@preact/signals';
import { type ComponentType, createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import { ActionElement } from '#sandbox/page/elements/element.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { asObject, asObjects, asText } from '#sandbox/page/json.ts';
import { TextView } from '#sandbox/page/text/text-view.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { RichText } from './basic-blocks.tsx';
import { PictureView } from './picture.tsx';

/** How a container draws what it holds, handed down so that blocks need not know the whole registry. */
export const NestedBlockContext = createContext<ComponentType<{ block: JsonObject }>>(() => null);

export function Card({ block }: { block: JsonObject }) {
  const hero = asObject(block.hero_image);
  const icon = asObject(block.icon);
  const actions = asObjects(block.actions);
  return (
    <article class="card">
      {hero && <PictureView picture={hero} size="hero" />}
      <div class="card-head">
        {icon && <PictureView picture={icon} size="icon" />}
        {block.slack_icon && <Icon name="bot" />}
        <div>
          {block.title && (
            <div class="card-title">
              <TextView value={block.title} />
            </div>
          )}
          {block.subtitle && (
            <div class="hint">
              <TextView value={block.subtitle} />
            </div>
          )}
        </div>
      </div>
      {block.body && <TextView value={block.body} />}
      {block.subtext && (
        <div class="hint">
          <TextView value={block.subtext} />
        </div>
      )}
      {actions.length > 0 && (
        <div class="block-actions">
          {actions.map((action, index) => (
            <ActionElement
              key={asText(action.action_id) || index}
              blockId={asText(block.block_id)}
              element={{ ...action, action_id: asText(action.action_id) || `action-${index}` }}
            />
          ))}
        </div>
      )}
    </article>
  );
}

export function Carousel({ block }: { block: JsonObject }) {
  return (
    <section class="carousel" aria-label="Cards">
      {asObjects(block.elements).map((card, index) => (
        <Card
          key={asText(card.block_id) || index}
          block={{ ...card, block_id: asText(card.block_id) || `${asText(block.block_id)}-${index}` }}
        />
      ))}
    </section>
  );
}

export function Container({ block }: { block: JsonObject }) {
  const NestedBlock = useContext(NestedBlockContext);
  const isFolded = useSignal(block.is_collapsible === true && block.default_collapsed === true);
  const id = useId();
  const title = <ContainerTitle block={block} />;
  return (
    <section class={`container is-${asText(block.width) || 'standard'}`} aria-labelledby={`${id}-title`}>
      <div
        id={`${id}-title`}
        class={block.has_header_divider ? 'container-head has-divider' : 'container-head'}
      >
        {block.is_collapsible === true ? (
          <button
            type="button"
            class="quiet fold"
            aria-expanded={!isFolded.value}
            aria-controls={`${id}-body`}
            onClick={() => {
              isFolded.value = !isFolded.value;
            }}
          >
            <Icon name={isFolded.value ? 'right' : 'down'} />
            {title}
          </button>
        ) : (
          title
        )}
      </div>
      <div id={`${id}-body`} class="blocks" hidden={isFolded.value}>
        {asObjects(block.child_blocks).map((child) => (
          <NestedBlock key={asText(child.block_id)} block={child} />
        ))}
      </div>
    </section>
  );
}

function ContainerTitle({ block }: { block: JsonObject }) {
  const rich = asObject(block.rich_text_title);
  const icon = asObject(block.icon);
  return (
    <span class="container-title">
      {icon && <PictureView picture={icon} size="inline" />}
      <strong>{rich ? <RichText block={rich} /> : <TextView value={block.title} />}</strong>
      {block.subtitle && (
        <span class="hint">
          <TextView value={block.subtitle} />
        </span>
      )}
    </span>
  );
}
