import { type Signal, useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { Icon } from '#sandbox/page/icons.tsx';
import { asList, asNumber, asObject, asText, asTexts } from '#sandbox/page/json.ts';
import { actingUserId } from '#sandbox/page/session.ts';
import { formatBytes } from '#sandbox/page/text/bytes.ts';
import { fileOf, uploadFile } from '#sandbox/page/verbs.ts';
import type { Json, SlackFile } from '#sandbox/page-protocol.ts';
import { ariaOf, type Slot, useField } from './surface.ts';

const defaultMaxFiles = 10;

type Uploading = { name: string; share: number };

export function FileInput({ slot }: { slot: Slot }) {
  const field = useField(slot);
  const uploading = useSignal<Uploading | null>(null);
  const problem = useSignal('');
  const types = asTexts(slot.element.filetypes).map((type) => type.toLowerCase());
  const files = asList(field.state.files);
  const max = asNumber(slot.element.max_files) ?? defaultMaxFiles;
  const add = (chosen: File[]) =>
    void addFiles(chosen, {
      files: () => asList(field.state.files),
      types,
      max,
      uploading,
      problem,
      keep: field.setQuietly,
    });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way; the file control is everyone's
    <div
      class="file-input"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        add([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {files.map((file) => (
        <ChosenFile
          key={asText(asObject(file)?.id)}
          file={file}
          onRemove={() => field.setQuietly({ files: files.filter((other) => other !== file) })}
        />
      ))}
      {uploading.value && <UploadingFile {...uploading.value} />}
      {files.length < max && !uploading.value && (
        <label class="file-pick">
          <Icon name="clip" />
          <span>
            Choose {max === 1 ? 'a file' : 'files'} or drop {max === 1 ? 'it' : 'them'} here
            {types.length > 0 && <span class="hint"> {types.map((type) => `.${type}`).join(', ')}</span>}
          </span>
          <input
            {...ariaOf(slot)}
            type="file"
            multiple={max > 1}
            accept={types.map((type) => `.${type}`).join(',') || undefined}
            data-testid="file-input"
            onChange={(event: TargetedEvent<HTMLInputElement>) => {
              add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </label>
      )}
      {problem.value && <p class="field-error">{problem.value}</p>}
    </div>
  );
}

type Adding = {
  files(): Json[];
  types: string[];
  max: number;
  uploading: Signal<Uploading | null>;
  problem: Signal<string>;
  keep(state: { files: Json[] }): void;
};

async function addFiles(chosen: File[], to: Adding) {
  to.problem.value = '';
  let files = to.files();
  for (const file of chosen) {
    if (files.length >= to.max) {
      to.problem.value = `Only ${to.max} ${to.max === 1 ? 'file fits' : 'files fit'} here; “${file.name}” was left out.`;
      break;
    }
    const extension = file.name.split('.').at(-1)?.toLowerCase() ?? '';
    if (to.types.length > 0 && !to.types.includes(extension)) {
      to.problem.value = `“${file.name}” was left out: this takes ${to.types.map((type) => `.${type}`).join(', ')} files.`;
      continue;
    }
    const uploaded = await uploadDraft(file, to);
    if (uploaded) files = [...files, uploaded as unknown as Json];
    to.keep({ files });
  }
}

async function uploadDraft(file: File, to: Adding): Promise<SlackFile | null> {
  to.uploading.value = { name: file.name, share: 0 };
  const answer = await uploadFile({
    path: '/ui/upload-draft',
    query: { userId: actingUserId.value, name: file.name },
    file,
    onProgress: (share) => {
      to.uploading.value = { name: file.name, share };
    },
  });
  to.uploading.value = null;
  if (!answer.ok) to.problem.value = answer.error;
  return fileOf(answer);
}

function ChosenFile({ file, onRemove }: { file: Json; onRemove(): void }) {
  const { name, size } = asObject(file) ?? {};
  return (
    <div class="file-row">
      <Icon name="file" />
      <span class="file-name">{asText(name)}</span>
      <span class="hint">{formatBytes(asNumber(size) ?? 0)}</span>
      <button type="button" class="quiet icon-only" aria-label={`Remove ${asText(name)}`} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function UploadingFile({ name, share }: Uploading) {
  return (
    <div class="file-row">
      <Icon name="file" />
      <span class="file-name">{name}</span>
      <progress max={1} value={share} aria-label={`Uploading ${name}`} />
    </div>
  );
}
