import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/**
 * A CSV file that may be too long for one upload; its first piece begins with the row of headers. `name` has no ending;
 * `what` begins a sentence about it.
 */
export type LongFile = {
  name: string;
  title: string;
  what: string;
  /** What its reader is to know, as a sentence; null for nothing, by default that the numbers in it are whole. */
  note?: string | null;
  rows: AsyncIterable<string>;
};

/** What Slack takes in one upload with room to spare. */
const MAX_BYTES = 45_000_000;
const WHOLE_NUMBERS = 'The numbers in it are whole: keep the file to those who need it.';

/**
 * Puts a CSV file into a place, in several parts where it is longer than one upload may be, so that none of it is left out;
 * each begins with the headers. An empty one is not put anywhere. Never more than one part stands in memory. Throws when the chat cannot say whether it took a part: the queue tries again.
 */
export async function uploadInParts(
  deps: Pick<Deps, 'chat' | 'log'>,
  place: ChatPlace,
  file: LongFile,
  maxBytes = MAX_BYTES,
): Promise<void> {
  let part = 0;
  let header: Uint8Array | null = null;
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const send = async (isLast: boolean) => {
    part += 1;
    const content = Buffer.concat(pieces);
    pieces = header ? [header] : [];
    bytes = header?.length ?? 0;
    await upload(deps, place, file, { content, part, isLast });
  };
  for await (const text of file.rows) {
    if (text === '') continue;
    const piece = new TextEncoder().encode(text);
    if (pieces.length > 0 && bytes + piece.length > maxBytes) await send(false);
    header ??= new TextEncoder().encode(firstRow(text));
    pieces.push(piece);
    bytes += piece.length;
  }
  if (pieces.length > 0) await send(true);
}

/** With its end; a header in quotes may hold line ends of its own. */
function firstRow(csv: string): string {
  let isQuoted = false;
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] === '"') isQuoted = !isQuoted;
    else if (csv[at] === '\n' && !isQuoted) return csv.slice(0, at + 1);
  }
  return csv;
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
      ? [`${what}.`, ...(note === null ? [] : [note])].join(' ')
      : `${what}, part ${part}${isLast ? ', the last one' : '; the next part follows'}.`,
    content,
  });
  // Seeing a file twice is a nuisance, not seeing it is a loss.
  if (result.kind === 'throttled' || result.kind === 'unknown') throw new Error(`${title}: ${result.kind}`);
  if (result.kind !== 'done') log.warn({ result: result.kind, part, title }, 'a file was not uploaded');
}
