import { useSignal } from '@preact/signals';
import { Icon } from '#sandbox/page/icons.tsx';
import { asObject, asText } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';

export type PictureSize = 'accessory' | 'inline' | 'icon' | 'hero' | 'full';

/** A picture of the workspace or this machine. Pictures elsewhere are named, never fetched. */
export function PictureView({ picture, size }: { picture: JsonObject; size: PictureSize }) {
  const hasFailed = useSignal(false);
  const alt = asText(picture.alt_text);
  const source = pictureSource(picture);
  if (!source || hasFailed.value) {
    return (
      <span class={`picture-missing is-${size}`} role="img" aria-label={alt} title={missingReason(picture)}>
        <Icon name="picture" />
        {(size === 'full' || size === 'hero') && <span>{alt || 'A picture'}</span>}
      </span>
    );
  }
  return (
    <img
      class={`picture is-${size}`}
      src={source}
      alt={alt}
      loading="lazy"
      onError={() => {
        hasFailed.value = true;
      }}
    />
  );
}

function pictureSource(picture: JsonObject): string | null {
  const file = asObject(picture.slack_file);
  const fileId = asText(file?.id) || /\/(F[A-Z0-9]{6,})\b/.exec(asText(file?.url))?.[1];
  if (fileId) return `/ui/files/${encodeURIComponent(fileId)}`;
  const url = URL.parse(asText(picture.image_url) || asText(picture.thumbnail_url), location.href);
  if (!url) return null;
  const isNear = url.origin === location.origin || ['127.0.0.1', 'localhost'].includes(url.hostname);
  return isNear || url.protocol === 'data:' ? url.href : null;
}

function missingReason(picture: JsonObject): string {
  const url = URL.parse(asText(picture.image_url));
  return url ? `The sandbox fetches nothing from ${url.host}` : 'The picture could not be loaded';
}
