/**
 * What somebody heard of a message that they cut into. `heard` is what the provider says was played of everything that
 * was waiting, in its own spelling; the answer is the beginning of the message that it reaches (telephony.md §4:
 * “truncate last assistant message to what was heard”). Nothing heard is an empty text, more than the message all of it.
 */
export function heardOf(message: string, heard: string): string {
  const said = wordsOf(message);
  const played = wordsOf(heard);
  if (played.length === 0) return '';
  const reached = furthestMatch(said, played);
  if (reached === 0) return '';
  return message.slice(0, said[reached - 1]?.end ?? 0);
}

type Word = { plain: string; end: number };

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['’.,:][\p{L}\p{N}]+)*[^\p{L}\p{N}\s]*/gu)].map((match) => ({
    plain: match[0].toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
    end: match.index + match[0].length,
  }));
}

/**
 * How many words of the message were heard: as many as follow one another in both from where the played words meet the
 * beginning of the message, which other speech may precede.
 */
function furthestMatch(said: readonly Word[], played: readonly Word[]): number {
  let best = 0;
  for (let start = 0; start < played.length; start += 1) {
    const length = commonLength(said, played, start);
    const reachesEnd = start + length === played.length;
    if (length > best && (reachesEnd || length === said.length)) best = length;
  }
  return best > 0 ? best : commonLength(said, played, 0);
}

function commonLength(said: readonly Word[], played: readonly Word[], start: number): number {
  let length = 0;
  while (
    length < said.length &&
    start + length < played.length &&
    said[length]?.plain === played[start + length]?.plain
  )
    length += 1;
  return length;
}
