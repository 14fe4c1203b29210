import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from '#sandbox/page/icons.tsx';
import { showError } from '#sandbox/page/toasts.tsx';
import { attach } from './attachments.ts';

/** Files dropped anywhere on it wait in the composer until the person sends them. */
export function DropZone(props: { composerId: string | null; label: string; children: ComponentChildren }) {
  const isOver = useSignal(false);
  const depth = useRef(0);
  const { composerId } = props;

  function leave() {
    depth.current = 0;
    isOver.value = false;
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way; the paper clip is everyone's
    <div
      class="drop-zone"
      data-testid="drop-zone"
      onDragEnter={(event) => {
        if (!composerId || !holdsFiles(event)) return;
        depth.current += 1;
        isOver.value = true;
      }}
      onDragLeave={() => {
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDragOver={(event) => {
        if (holdsFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        leave();
        if (composerId) attachDropped(composerId, event.dataTransfer);
      }}
    >
      {props.children}
      {isOver.value && (
        <div class="drop-overlay">
          <Icon name="clip" />
          <strong>Drop to attach to {props.label}</strong>
        </div>
      )}
    </div>
  );
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

function attachDropped(composerId: string, data: DataTransfer | null) {
  const items = [...(data?.items ?? [])].filter((item) => item.kind === 'file');
  const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry()?.isDirectory === true;
  if (items.some(isFolder)) showError('Folders cannot be attached. Drop the files themselves.');
  attach(
    composerId,
    items.flatMap((item) => (isFolder(item) ? [] : (item.getAsFile() ?? []))),
  );
}
