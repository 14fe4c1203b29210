import {
  AFTER_A_VISIT,
  BEFORE_A_PLACE,
  CONTACT_WORDS,
  COURTESY_WORDS,
  FOR_GOOD,
  HELP_MESSAGES,
  INSISTENCE_WORDS,
  NEAR_STOP_MESSAGES,
  NEGATION_BRIDGES,
  NEGATIONS,
  PERSON_WORDS,
  START_MESSAGES,
  STOP_MESSAGES,
  STOP_PHRASES,
  STRONG_STOPS,
  TIME_LIMITS,
} from './opt-out-words.ts';

/**
 * What a text from a contact is. `stop`: suppress at once. `near_stop`: perhaps an opt-out, so nothing more is sent
 * until a person decides. `start`, `help`: the carrier's keywords. `reply`: anything else.
 */
export type ReplyVerdict = 'stop' | 'near_stop' | 'start' | 'help' | 'reply';

/**
 * Reads a text from a contact (telephony.md §3, §6; field-notes.md §2 row 14). The provider's own keyword verdict wins.
 * Otherwise, in this order:
 *
 * 1. The whole message is a keyword of `STOP_MESSAGES`, `START_MESSAGES` or `HELP_MESSAGES`, whatever its case, accents,
 *    punctuation, quotes, emoji and repetitions.
 * 2. It nearly is one (`NEAR_STOP_MESSAGES`), or a keyword with courtesy around it.
 * 3. One of its clauses holds a phrase of `STOP_PHRASES`, or has a “stop” and is nothing but courtesy and insistence
 *    beside it, or is very short and begins with it, or speaks of contact too (`CONTACT_WORDS`, `PERSON_WORDS`). A
 *    “stop” that is turned round (“don’t stop”) or that is a place (“bus stop”, “stop by”) counts for nothing.
 *
 * When in doubt it says `near_stop`: a held message costs a click, a missed opt-out a complaint.
 */
export function readReply(body: string, providerVerdict?: 'stop' | 'start' | 'help' | null): ReplyVerdict {
  if (providerVerdict) return providerVerdict;
  const text = withoutOthersWords(body.slice(0, LONGEST_REPLY));
  const words = plainWords(text);
  return readKeyword(words) ?? (asksForEnd(text, words) ? 'near_stop' : 'reply');
}

/**
 * The clauses of what somebody said that ask for an end, as plain words. `isExplicit`: in so many words (“take me off your
 * list”, “stop calling”), so that nobody needs to be asked what was meant; else it may be a mere “stop”.
 */
export function requestsToStop(text: string): { words: readonly string[]; isExplicit: boolean }[] {
  return clausesOf(text.slice(0, LONGEST_REPLY))
    .map(withoutFalseFriends)
    .filter(isRequestToStop)
    .map((words) => ({ words, isExplicit: holdsStopPhrase(words) || speaksOfContact(words) }));
}

/** Whether all of it is a word or a sign for stop, or nearly one, with courtesy at most. */
export function isStopMessage(text: string): boolean {
  const words = plainWords(text.slice(0, LONGEST_REPLY));
  return readKeyword(words) === 'stop' || isBareStop(text, words);
}

const LONGEST_REPLY = 1600;
/** “stop bro”: a clause this short that begins with a stop says little else. */
const CURT = 3;
const STOP_SIGNS = /^[\s\p{P}]*(?:[🛑⛔🚫✋🤚]\p{M}?[\u{1F3FB}-\u{1F3FF}\s\p{P}]*)+$/u;

const STOP_KEYWORDS = new Set(Object.values(STOP_MESSAGES).flat());
const KEYWORDS: readonly [ReadonlySet<string>, ReplyVerdict][] = [
  [STOP_KEYWORDS, 'stop'],
  [new Set(START_MESSAGES), 'start'],
  [new Set(HELP_MESSAGES), 'help'],
];

function readKeyword(words: readonly string[]): ReplyVerdict | undefined {
  const spelled = words.length > 2 && words.every((word) => word.length === 1);
  const whole = words.join(spelled ? '' : ' ');
  return KEYWORDS.find(
    ([keywords]) => keywords.has(whole) || (words.length > 0 && words.every((word) => keywords.has(word))),
  )?.[1];
}

function asksForEnd(text: string, words: readonly string[]): boolean {
  return isBareStop(text, words) || clausesOf(text).map(withoutFalseFriends).some(isRequestToStop);
}

function isBareStop(text: string, words: readonly string[]): boolean {
  return STOP_SIGNS.test(text) || NEAR_STOP_MESSAGES.has(words.join(' ')) || isCourteousKeyword(words);
}

/** “cancel please”, “bitte abmelden”: a keyword once courtesy is taken away. */
function isCourteousKeyword(words: readonly string[]): boolean {
  const rest = words.filter((word) => !COURTESY_WORDS.has(word));
  return (
    rest.length < words.length &&
    (STOP_KEYWORDS.has(rest.join(' ')) || NEAR_STOP_MESSAGES.has(rest.join(' ')))
  );
}

function holdsStopPhrase(clause: readonly string[]): boolean {
  const timed = clause.some((word) => TIME_LIMITS.has(word)) && !clause.some((word) => FOR_GOOD.has(word));
  return PHRASES.some(({ items, unlessTimed }) => !(timed && unlessTimed) && holdsPhrase(clause, items));
}

function speaksOfContact(clause: readonly string[]): boolean {
  return clause.some((word) => STRONG_STOPS.has(word)) && clause.some((word) => CONTACT_WORDS.has(word));
}

function isRequestToStop(clause: readonly string[]): boolean {
  if (holdsStopPhrase(clause)) return true;
  if (!clause.some((word) => STRONG_STOPS.has(word))) return false;
  const others = clause.filter((word) => !STRONG_STOPS.has(word));
  const [first] = clause.filter((word) => !COURTESY_WORDS.has(word));
  const curt = clause.length <= CURT && first !== undefined && STRONG_STOPS.has(first);
  return (
    curt ||
    others.every((word) => COURTESY_WORDS.has(word) || INSISTENCE_WORDS.has(word)) ||
    others.some((word) => CONTACT_WORDS.has(word) || PERSON_WORDS.has(word))
  );
}

/** Takes the stops out of a clause that ask for nothing: turned round, or a place. */
function withoutFalseFriends(clause: readonly string[]): string[] {
  return clause.filter((word, index) => {
    const stops = STRONG_STOPS.has(word) || STOP_KEYWORDS.has(word) || word === 'opt';
    return !stops || !(isTurnedRound(clause, index) || isPlace(clause, index));
  });
}

function isTurnedRound(clause: readonly string[], index: number): boolean {
  let before = index - 1;
  while (NEGATION_BRIDGES.has(clause[before] ?? '')) before -= 1;
  const word = clause[before] ?? '';
  return NEGATIONS.has(word) || word === 'idont';
}

function isPlace(clause: readonly string[], index: number): boolean {
  if (clause[index] !== 'stop') return false;
  return BEFORE_A_PLACE.has(clause[index - 1] ?? '') || AFTER_A_VISIT.has(clause[index + 1] ?? '');
}

type PhraseItem = { adjacent: boolean; exact: ReadonlySet<string>; beginnings: readonly string[] };

const MAX_WORDS_BETWEEN = 3;
const PHRASES = STOP_PHRASES.map(({ phrase, unlessTimed }) => ({
  unlessTimed: unlessTimed === true,
  items: phrase.split(' ').map(readItem),
}));

function readItem(item: string): PhraseItem {
  const adjacent = item.startsWith('+');
  const choices = (adjacent ? item.slice(1) : item).split('|');
  return {
    adjacent,
    exact: new Set(choices.filter((choice) => !choice.endsWith('*'))),
    beginnings: choices.filter((choice) => choice.endsWith('*')).map((choice) => choice.slice(0, -1)),
  };
}

function holdsPhrase(clause: readonly string[], items: readonly PhraseItem[]): boolean {
  return clause.some((_, start) => matchesFrom(clause, start, items, 0));
}

function matchesFrom(
  clause: readonly string[],
  at: number,
  items: readonly PhraseItem[],
  next: number,
): boolean {
  const item = items[next];
  if (item === undefined) return true;
  const furthest = next === 0 || item.adjacent ? at : Math.min(at + MAX_WORDS_BETWEEN, clause.length - 1);
  for (let index = at; index <= furthest; index += 1) {
    const word = clause[index];
    if (word !== undefined && fits(word, item) && matchesFrom(clause, index + 1, items, next + 1))
      return true;
  }
  return false;
}

function fits(word: string, item: PhraseItem): boolean {
  return item.exact.has(word) || item.beginnings.some((beginning) => word.startsWith(beginning));
}

/** A reaction or an answer may quote our own text, “Reply STOP to opt out” and all; phones add a signature. */
function withoutOthersWords(body: string): string {
  const own = body
    .replace(
      /^(?:sent from|get outlook|enviado desde|enviado do|envoye de|envoyé de|von meinem|gesendet von|inviato da) .*$/gimu,
      '',
    )
    .replace(/^>.*$/gmu, '')
    .replace(/["“„«][^"“”»]{20,}["“”»]/gu, ' ');
  return own.trim() === '' ? body : own;
}

/** The clauses of a text as plain words (`plainWords`). */
export function clausesOf(text: string): string[][] {
  return text
    .split(/[.,!?;:\n\r()…–—]+|\s-+\s/u)
    .map(plainWords)
    .filter((clause) => clause.length > 0);
}

const PAIRS: readonly [RegExp, string][] = [
  [/\b(i|we|they|you|he|she) (?:do not|dont|never)\b/g, '$1 idont'],
  [/\bdo not\b/g, 'dont'],
  [/\bwill not\b/g, 'wont'],
  [/\bdoes not\b/g, 'doesnt'],
  [/\b(?:can not|cannot)\b/g, 'cant'],
  [/\bany more\b/g, 'anymore'],
  [/\bthank you\b/g, 'thanks'],
  [/\b(?:at once|right now|right away)\b/g, 'now'],
  [/\bs il (?:vous|te) plait\b/g, 'please'],
  [/\bper favore\b/g, 'please'],
];

/**
 * A text as plain words: compatibility forms and accents folded, small letters, letters drawn out to three or more
 * (“stooop”) shortened, apostrophes of English endings dropped, everything that is no letter or digit a gap.
 */
export function plainWords(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/['’`´](?=(?:t|s|m|re|ve|ll|d)\b)/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1');
  const plain = PAIRS.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), folded);
  return plain.split(' ').filter((word) => word !== '');
}
