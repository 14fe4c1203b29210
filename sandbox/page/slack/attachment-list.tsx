import { Icon } from '#sandbox/page/icons.tsx';
import { formatBytes } from '#sandbox/page/text/bytes.ts';
import { type Attachment, attachmentsOf, detach } from './attachments.ts';

export function AttachmentList({ composerId }: { composerId: string }) {
  const attachments = attachmentsOf(composerId).value;
  if (attachments.length === 0) return null;
  return (
    <ul class="attachments" aria-label="Files to send">
      {attachments.map((attachment) => (
        <AttachmentRow
          key={attachment.id}
          attachment={attachment}
          onRemove={() => detach(composerId, attachment.id)}
        />
      ))}
    </ul>
  );
}

function AttachmentRow({ attachment, onRemove }: { attachment: Attachment; onRemove(): void }) {
  const { file } = attachment;
  const share = attachment.share.value;
  return (
    <li class={`attachment${attachment.problem.value ? ' is-invalid' : ''}`} data-testid="attachment">
      <span class="file-mark">
        <Icon name="file" />
      </span>
      <span class="file-words">
        <span class="file-name">{file.name}</span>
        {share === null ? (
          <span class={attachment.problem.value ? 'field-error' : 'hint'}>
            {attachment.problem.value || `${formatBytes(file.size)} · sent with your message`}
          </span>
        ) : (
          <span class="upload-progress">
            <progress max={1} value={share} aria-label={`Uploading ${file.name}`} />
            <span class="hint">{share >= 1 ? 'Storing…' : `${Math.round(share * 100)} %`}</span>
          </span>
        )}
      </span>
      {share === null && (
        <button type="button" class="quiet icon-only" aria-label={`Remove ${file.name}`} onClick={onRemove}>
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
