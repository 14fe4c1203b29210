import { Icon } from '#sandbox/page/icons.tsx';
import { formatBytes } from '#sandbox/page/text/bytes.ts';
import type { SlackFile } from '#sandbox/page-protocol.ts';

export function FileCard({ file }: { file: SlackFile }) {
  const address = `/ui/files/${encodeURIComponent(file.id)}`;
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype);
  return (
    <div class="file-card" data-testid="file">
      {isPicture && <img class="file-picture" src={address} alt={file.title || file.name} loading="lazy" />}
      <div class="file-row">
        <span class="file-mark">
          <Icon name="file" />
        </span>
        <span class="file-words">
          <span class="file-name">{file.title || file.name}</span>
          <span class="hint">
            {(file.filetype || 'file').toUpperCase()} · {formatBytes(file.size)}
          </span>
        </span>
        <a class="quiet icon-only" href={address} download={file.name} aria-label={`Download ${file.name}`}>
          <Icon name="download" />
        </a>
      </div>
    </div>
  );
}
