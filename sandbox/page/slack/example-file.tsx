import { useSignal } from '@preact/signals';
import { Icon } from '#sandbox/page/icons.tsx';
import { showError } from '#sandbox/page/toasts.tsx';
import { attach } from './attachments.ts';

const path = '/examples/clients.csv';
const name = 'clients.csv';

/** For whoever has no file of contacts at hand. */
export function ExampleFile({ composerId }: { composerId: string }) {
  const isFetching = useSignal(false);
  async function attachExample() {
    isFetching.value = true;
    const file = await fetchExample();
    isFetching.value = false;
    if (file) attach(composerId, [file]);
    else showError('The example could not be fetched. Is the sandbox still running?');
  }
  return (
    <p class="example-file">
      No file at hand?{' '}
      <button
        type="button"
        class="button is-slim"
        data-testid="attach-example"
        disabled={isFetching.value}
        onClick={() => void attachExample()}
      >
        <Icon name="clip" />
        Attach the example {name}
      </button>{' '}
      or{' '}
      <a href={path} download={name}>
        download it
      </a>{' '}
      to look at it first.
    </p>
  );
}

async function fetchExample(): Promise<File | null> {
  const response = await fetch(path).catch(() => null);
  return response?.ok ? new File([await response.blob()], name, { type: 'text/csv' }) : null;
}
