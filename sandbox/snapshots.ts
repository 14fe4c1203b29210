import { writeJson } from './json-file.ts';

export type Snapshots = {
  /** Something changed: it is written soon, together with what else changes until then. */
  touch(): void;
  /** Writes what has not been written yet. */
  flush(): Promise<void>;
};

const LEAST_WAIT_MS = 400;
/** Writing takes at most this share of the time, however much there is to write. */
const WRITING_SHARE = 0.05;

/** Keeps what `take` returns in a file, a moment behind. `onFailure` hears when it cannot be written. */
export function keepSnapshots(
  path: string,
  take: () => unknown,
  onFailure: (error: unknown) => void,
): Snapshots {
  let timer: NodeJS.Timeout | null = null;
  let isChanged = false;
  let waitMs = LEAST_WAIT_MS;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    if (!isChanged) return;
    isChanged = false;
    const begunAt = performance.now();
    await writeJson(path, take()).catch((error: unknown) => {
      isChanged = true;
      onFailure(error);
    });
    waitMs = Math.max(LEAST_WAIT_MS, (performance.now() - begunAt) / WRITING_SHARE);
  }

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    writing = writing.then(write);
    return writing;
  }

  return {
    touch() {
      isChanged = true;
      timer ??= setTimeout(() => void flush(), waitMs);
    },
    flush,
  };
}
