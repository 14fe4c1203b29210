import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** A CSV file that may be too long for one upload. `name` has no ending; `what` begins a sentence about it. */
export type LongFile = {
  name: string;
  title: string;
  what: string;
  /** What its reader is to know, as a sentence; by default that the numbers in it are whole. */
  note?: string;
  rows: AsyncIterable<string>;
};

/** What Slack takes in one upload with room to spare. */
const MAX_BYTES = 45_000_000;
const WHOLE_NUMBERS = 'The numbers in it are whole: keep the file to those who need it.';

/**
 * Puts a CSV file into a place, in several parts where it is longer than one upload may be, so that none of it is left out.
 * Never more than one part stands in memory. Throws when the chat cannot say whether it took a part: the queue tries again.
 */
export async function uploadInParts(
  deps: Pick<Deps, 'chat' | 'log'>,
  place: ChatPlace,
  file: LongFile,
  maxBytes = MAX_BYTES,
): Promise<void> {
  let part = 0;
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const send = async (isLast: boolean) => {
    part += 1;
    const content = Buffer.concat(pieces);
    [pieces, bytes] = [[], 0];
    await upload(deps, place, file, { content, part, isLast });
  };
  for await (const text of file.rows) {
    const piece = new TextEncoder().encode(text);
    if (bytes > 0 && bytes + piece.length > maxBytes) await send(false);
    pieces.push(piece);
    bytes += piece.length;
  }
  await send(true);
}

async function upload(
  { chat, log }: Pick<Deps, 'chat' | 'log'>,
  place: ChatPlace,
  { name, title, what, note = WHOLE_NUMBERS }: LongFile,
  { content, part, isLast }: { content: Uint8Array; part: number; isLast: boolean },
): Promise<void> {
  const isWhole = part === 1 && isLast;
  const result = await chat.uploadFile(place, {
    name: isWhole ? `${name}.csv` : `${name}-part-${part}.csv`,
    title,
    comment: isWhole
      ? `${what}. ${note}`
      : `${what}, part ${part}${isLast ? ', the last one' : '; the next part follows'}.`,
    content,
  });
  // Seeing a file twice is a nuisance, not seeing it is a loss.
  if (result.kind === 'throttled' || result.kind === 'unknown') throw new Error(`${title}: ${result.kind}`);
  if (result.kind !== 'done') log.warn({ result: result.kind, part, title }, 'a file was not uploaded');
}
