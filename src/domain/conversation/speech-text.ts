/** What is held back until its clause is whole, and what may be spoken now. */
export type SpeechFlow = { ready: string; held: string };

/** A clause that does not end is spoken up to here. */
const LONGEST_HELD = 160;
const CLAUSE_END = /[.!?,;:…\n](?=\s)/g;

/**
 * Takes the next words of a model and gives out what can be spoken: whole clauses, without markup, addresses and emoji.
 * How the words are cut into tokens changes nothing, and the spaces between them stay (telephony.md §4).
 */
export function feedSpeech(held: string, token: string): SpeechFlow {
  let rest = held + token;
  let ready = '';
  for (let end = clauseEnd(rest); end !== null; end = clauseEnd(rest)) {
    ready += forSpeech(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return { ready, held: rest };
}

/** What is left at the end of a turn. */
export function flushSpeech(held: string): string {
  return forSpeech(held);
}

/** Where the first clause ends, with the space after it; null while it may go on. Links are never cut. */
function clauseEnd(text: string): number | null {
  CLAUSE_END.lastIndex = 0;
  for (let found = CLAUSE_END.exec(text); found; found = CLAUSE_END.exec(text)) {
    const end = found.index + 2;
    if (found.index >= LONGEST_HELD) break;
    if (!isInsideLink(text.slice(0, end))) return end;
  }
  if (text.length <= LONGEST_HELD) return null;
  const space = text.lastIndexOf(' ', LONGEST_HELD - 1);
  return space > 0 && !isInsideLink(text.slice(0, space + 1)) ? space + 1 : LONGEST_HELD;
}

function isInsideLink(text: string): boolean {
  return /\[[^\]]*$|\]\([^)]*$/.test(text);
}

const MARKUP: readonly (readonly [RegExp, string])[] = [
  [/\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/\b(?:https?:\/\/|www\.)\S*[^\s.,;:!?)]/gi, ''],
  [/^(\s*)(?:#{1,6}|>|[-*+•])\s+/gm, '$1'],
  [/^(\s*)\d{1,2}[.)]\s+/gm, '$1'],
  [/\*+|`+|~~|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, ''],
  [/\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200D|\uFE0F|\u20E3/gu, ''],
  [/[<>{}|\\^]/g, ' '],
];

function forSpeech(text: string): string {
  return MARKUP.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), text);
}
