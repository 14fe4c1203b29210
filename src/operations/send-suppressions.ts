import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { exportSuppressions } from './export-suppressions.ts';

/** What Slack takes in one upload with room to spare; a longer list comes in several files, and none of it is left out. */
const MAX_BYTES = 45_000_000;

/**
 * Hands the whole do-not-call list to one person as CSV: numbers are unmasked in it, so it goes into their direct messages and
 * nowhere else. Never more than one file stands in memory.
 */
export async function sendSuppressions(
  deps: Pick<Deps, 'db' | 'chat' | 'log'>,
  { workspaceId, place }: { workspaceId: number; place: ChatPlace },
  maxBytes = MAX_BYTES,
): Promise<void> {
  let part = 0;
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const send = async (isLast: boolean) => {
    part += 1;
    const content = Buffer.concat(pieces);
    [pieces, bytes] = [[], 0];
    await upload(deps, place, { content, part, isLast });
  };
  for await (const text of exportSuppressions(deps, { workspaceId })) {
    const piece = new TextEncoder().encode(text);
    if (bytes > 0 && bytes + piece.length > maxBytes) await send(false);
    pieces.push(piece);
    bytes += piece.length;
  }
  await send(true);
}

async function upload(
  deps: Pick<Deps, 'chat' | 'log'>,
  place: ChatPlace,
  { content, part, isLast }: { content: Uint8Array; part: number; isLast: boolean },
): Promise<void> {
  const isWhole = part === 1 && isLast;
  const name = isWhole ? 'do-not-call.csv' : `do-not-call-part-${part}.csv`;
  const comment = isWhole
    ? 'The do-not-call list. The numbers in it are whole: keep the file to those who need it.'
    : `The do-not-call list, part ${part}${isLast ? ', the last one' : '; the next part follows'}.`;
  const result = await deps.chat.uploadFile(place, { name, title: 'Do-not-call list', comment, content });
  // The queue tries again later: seeing the file twice is a nuisance, not seeing it is a loss.
  if (result.kind === 'throttled' || result.kind === 'unknown')
    throw new Error(`the do-not-call list: ${result.kind}`);
  if (result.kind !== 'done')
    deps.log.warn({ result: result.kind, part }, 'the do-not-call list was not uploaded');
}
