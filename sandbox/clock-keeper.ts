import type { DataFolder } from './data-folder.ts';
import { readSaved } from './data-folder.ts';
import { writeJson } from './json-file.ts';
import {
  type ClockNote,
  createProductClock,
  NOTE_AGE_MAX_MS,
  type ProductClock,
  resumeClock,
} from './product-clock.ts';

export type KeptClock = {
  clock: ProductClock;
  isFirst: boolean;
  /** Notes the present as the moment at which time stands still until the next start. */
  stop(): Promise<void>;
};

/** Product time goes on where it was; it is noted often enough that it never goes back, even after a kill. */
export async function openClock(
  folder: DataFolder,
  speed: number | null,
  say: (sentence: string) => void,
): Promise<KeptClock> {
  const note = await readSaved<ClockNote>(folder.clock, say);
  const clock = createProductClock(resumeClock(note, speed, Date.now()));
  let writing = writeJson(folder.clock, clock.note(false));
  const write = (isStopped: boolean) => {
    writing = writing.catch(() => undefined).then(() => writeJson(folder.clock, clock.note(isStopped)));
    return writing;
  };
  await writing;
  const timer = setInterval(() => void write(false).catch(() => undefined), NOTE_AGE_MAX_MS / 4);
  return {
    clock,
    isFirst: note === null,
    stop() {
      clearInterval(timer);
      return write(true);
    },
  };
}
