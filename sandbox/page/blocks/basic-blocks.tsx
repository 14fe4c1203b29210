import { useMemo } from 'preact/hooks';
import { ActionElement } from '#sandbox/page/elements/element.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { asNumber, asObject, asObjects, asText, wordsOf } from '#sandbox/page/json.ts';
import { safeHref } from '#sandbox/page/text/formatted.ts';
import { Formatted } from '#sandbox/page/text/formatted-view.tsx';
import { parseMarkdown } from '#sandbox/page/text/markdown.ts';
import { paragraphsOfRichText } from '#sandbox/page/text/rich-text.ts';
import { TextView } from '#sandbox/page/text/text-view.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { PictureView } from './picture.tsx';

const headingTags = ['h3', 'h4', 'h5', 'h6'] as const;

export function Header({ block }: { block: JsonObject }) {
  const level = Math.min(4, Math.max(1, asNumber(block.level) ?? 2));
  const Tag = headingTags[level - 1] ?? 'h4';
  return (
    <Tag class={`block-header level-${level}`}>
      <TextView value={block.text} />
    </Tag>
  );
}

export function Section({ block }: { block: JsonObject }) {
  const accessory = asObject(block.accessory);
  const fields = asObjects(block.fields);
  return (
    <div class="block-section">
      <div class="section-words">
        {block.text && <TextView value={block.text} />}
        {fields.length > 0 && (
          <div class="section-fields">
            {fields.map((field, index) => (
              <div key={`${index} ${asText(field.text)}`}>
                <TextView value={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="section-accessory">
          <ActionElement blockId={asText(block.block_id)} element={accessory} />
        </div>
      )}
    </div>
  );
}

export function Divider() {
  return <hr class="block-divider" />;
}

export function ContextBlock({ block }: { block: JsonObject }) {
  return (
    <div class="block-context">
      {asObjects(block.elements).map((element, index) =>
        element.type === 'image' ? (
          <PictureView key={`${index} image`} picture={element} size="inline" />
        ) : (
          <span class="context-text" key={`${index} text`}>
            <TextView value={element} />
          </span>
        ),
      )}
    </div>
  );
}

export function Actions({ block }: { block: JsonObject }) {
  return (
    <div class={block.type === 'context_actions' ? 'block-actions is-context' : 'block-actions'}>
      {asObjects(block.elements).map((element) => (
        <ActionElement
          key={`${asText(element.action_id)} ${asText(element.type)}`}
          blockId={asText(block.block_id)}
          element={element}
        />
      ))}
    </div>
  );
}

export function ImageBlock({ block }: { block: JsonObject }) {
  return (
    <figure class="block-image">
      {block.title && (
        <figcaption>
          <TextView value={block.title} />
        </figcaption>
      )}
      <PictureView picture={block} size="full" />
    </figure>
  );
}

export function RichText({ block }: { block: JsonObject }) {
  const paragraphs = useMemo(() => paragraphsOfRichText(block), [block]);
  return <Formatted paragraphs={paragraphs} />;
}

export function Markdown({ block }: { block: JsonObject }) {
  const text = asText(block.text);
  const paragraphs = useMemo(() => parseMarkdown(text), [text]);
  return <Formatted paragraphs={paragraphs} />;
}

export function Video({ block }: { block: JsonObject }) {
  const href = safeHref(asText(block.title_url) || asText(block.video_url));
  return (
    <div class="block-video">
      <PictureView picture={block} size="hero" />
      <div>
        <a href={href ?? undefined} target="_blank" rel="noreferrer noopener">
          <Icon name="play" /> {wordsOf(block.title) || 'Video'}
        </a>
        <p class="hint">
          {[asText(block.author_name), asText(block.provider_name)].filter(Boolean).join(' · ')}
        </p>
        <TextView value={block.description} />
      </div>
    </div>
  );
}

export function RemoteFile({ block }: { block: JsonObject }) {
  return (
    <div class="file-row">
      <Icon name="file" />
      <span class="file-name">{asText(block.external_id)}</span>
      <span class="hint">remote file</span>
    </div>
  );
}

const alertIcons = {
  info: 'info',
  warning: 'fault',
  error: 'error',
  success: 'check',
  default: 'info',
} as const;

export function Alert({ block }: { block: JsonObject }) {
  const level = asText(block.level) as keyof typeof alertIcons;
  const known = Object.hasOwn(alertIcons, level) ? level : 'default';
  return (
    <div
      class={`block-alert is-${known}`}
      role={known === 'error' || known === 'warning' ? 'alert' : 'status'}
    >
      <Icon name={alertIcons[known]} />
      <div>
        <TextView value={block.text} />
      </div>
    </div>
  );
}
