import { clausesOf, isStopMessage, plainWords, requestsToStop } from '#domain/opt-out.ts';
import { PHRASES, type Said } from './phrases.ts';

/**
 * What must be acted on whatever else is going on (telephony.md §4). `opt_out`: not to be called again. `maybe_opt_out`:
 * perhaps so, and they are asked. `stop_talking`: the assistant is to be quiet, which is no opt-out. `complaint`: anger or
 * a threat. `machine`: a voicemail greeting that nobody recognised.
 */
export type Heard = Said | 'opt_out' | 'maybe_opt_out';

/** What was going on when it was said. `lastSaid`: the assistant's last words, in which “cancel” may have been offered. */
export type Hearing = { isDuringSpeech: boolean; isOptOutOffered: boolean; lastSaid: string };

/**
 * Reads what somebody said, before any model does; the most important first, empty when nothing of it matters here.
 *
 * A “stop” with a word for calling, and everything that says it in so many words, is an opt-out at once. A bare “stop”
 * into the assistant’s speech asks for silence; into silence, or once an opt-out was offered, it is an opt-out
 * (47 CFR 64.1200(a)(10), telephony.md §4). “Don’t call me at work, call my cell” asks for another way and not for an end.
 */
export function readUtterance(text: string, hearing: Hearing): Heard[] {
  const words = withoutFillers(text);
  const saying = sayingOf(words);
  const heard: Heard[] = [];
  if (matches('machine', saying)) heard.push('machine');
  const stop = readStop(withoutRecording(words), hearing);
  if (stop && stop !== 'maybe_opt_out') heard.push(stop);
  const others: Said[] = [
    'no_recording',
    'recording_question',
    'wrong_number',
    'human',
    'robot_question',
    'complaint',
  ];
  heard.push(...others.filter((kind) => matches(kind, saying)));
  if (stop === 'maybe_opt_out') heard.push(stop);
  if (matches('stop_talking', saying) && !heard.includes('opt_out')) heard.push('stop_talking');
  return [...new Set(heard)];
}

/** A text as plain words with a space at both ends, as the patterns of this folder read it. */
export function sayingOf(text: string): string {
  return ` ${plainWords(text.slice(0, LONGEST)).join(' ')} `;
}

const LONGEST = 1600;
const FILLERS =
  /(?<![\p{L}'’])(?:u+h+|u+m+|uhm|er+m?|a+h+|o+h+|hm+|well|look|listen|hey|hello|hi|äh+m?|euh|eh|bueno|ben)(?![\p{L}'’])[,.!]?/giu;

function withoutFillers(text: string): string {
  const rest = text.slice(0, LONGEST).replace(FILLERS, ' ');
  return rest.trim() === '' ? text.slice(0, LONGEST) : rest;
}

/** “Stop recording this call” stops the recording, not the calls. */
function withoutRecording(text: string): string {
  return text
    .split(/(?<=[.,!?;])/)
    .filter((clause) => !/record|aufnahm|aufzeich|aufgez|grab|enregistr/i.test(clause))
    .join('');
}

function matches(kind: Said, saying: string): boolean {
  return PHRASES[kind].some((pattern) => pattern.test(saying));
}

function readStop(text: string, hearing: Hearing): 'opt_out' | 'maybe_opt_out' | 'stop_talking' | null {
  const saying = sayingOf(text);
  if (MORE_STOPS.some((pattern) => pattern.test(saying))) return 'opt_out';
  const requests = requestsToStop(text);
  const explicit = requests.filter(({ isExplicit }) => isExplicit);
  if (explicit.length > 0)
    return readExplicit(
      explicit.map(({ words }) => words),
      saying,
    );
  if (requests.length === 0 && !isStopMessage(text)) return null;
  return readBare(plainWords(text), hearing);
}

/** What the texts’ own phrases do not cover, because nobody writes it. */
const MORE_STOPS: readonly RegExp[] = [
  / (?:stop|quit) (?:\w+ )?(?:calling|phoning|ringing|bothering|contacting) /,
  / (?:dont|idont|never) (?:ever )?want (?:to be called|you (?:to call|calling)|to hear from (?:you|them|anyone)) /,
  / (?:put|place|add) (?:me|us|this number|my number) on (?:your|the) (?:dont call|no call|dnc) /,
  / (?:hor|horen|hort) (?:sie )?(?:damit |endlich )?auf (?:mich |uns )?(?:anzurufen|zu belastigen) /,
];

const FOR_GOOD = / (?:again|anymore|ever|never|list|lists|registry|mehr|jamais|nunca|mas) /;
/** “… call my cell”, “… call me tomorrow”: they do want to be called, only differently. */
const OTHERWISE =
  /(?<!dont|never|not|stop|quit) (?:call|ring|phone|try|reach|text|email) (?:me |us |him |her )?(?:back|later|tomorrow|tonight|instead|on (?:my|mon|tue|wed|thu|fri|sat|sun)\w*|my|at|in the|in an?|after) |(?<!dont) i(?:ll| will) (?:call|ring) (?:you|back) /;
const OF_WRITING =
  /^(?:send|sending|write|writing|email|emails|mail|text|texts|texting|sms|message|messages|messaging)$/;
const OF_CALLING =
  /^(?:call|calls|calling|called|phone|phoning|ring|ringing|contact|bother|list|lists|number|off|out|alone)$/;

function readExplicit(
  clauses: readonly (readonly string[])[],
  saying: string,
): 'opt_out' | 'maybe_opt_out' | null {
  const words = clauses.flat();
  if (OTHERWISE.test(saying) && !FOR_GOOD.test(saying))
    return words.includes('stop') ? 'maybe_opt_out' : null;
  const isOfWriting =
    words.some((word) => OF_WRITING.test(word)) && !words.some((word) => OF_CALLING.test(word));
  return isOfWriting ? 'maybe_opt_out' : 'opt_out';
}

const BARE_STOPS = new Set(
  'stop stopp alto para pare parar parad arret arrete arretez arreter basta ferma aufhoren halt please pls bitte por favor now ok okay just no yes'.split(
    ' ',
  ),
);
/** Words that can mean nothing else, also when they stand alone. */
const PLAIN_OPT_OUTS = new Set([
  'unsubscribe',
  'opt out',
  'optout',
  'stop all',
  'stopall',
  'revoke',
  'abmelden',
  'abbestellen',
  'dar de baja',
  'desuscribir',
  'desabonner',
  'desinscrire',
  'do not call',
  'dont call',
  'no calls',
  'dnc',
]);

function readBare(
  words: readonly string[],
  hearing: Hearing,
): 'opt_out' | 'maybe_opt_out' | 'stop_talking' | null {
  if (PLAIN_OPT_OUTS.has(words.join(' '))) return 'opt_out';
  const isBareStop = words.every((word) => BARE_STOPS.has(word));
  if (isBareStop && hearing.isOptOutOffered) return 'opt_out';
  if (hearing.isDuringSpeech && (isBareStop || words.includes('stop'))) return 'stop_talking';
  if (isBareStop) return 'opt_out';
  const said = new Set(plainWords(hearing.lastSaid));
  return words.some((word) => word.length > 3 && said.has(word)) ? null : 'maybe_opt_out';
}

/** The clauses of an utterance that hold no word of another's; for those who match whole clauses. */
export function spokenClauses(text: string): string[] {
  return clausesOf(withoutFillers(text)).map((clause) => ` ${clause.join(' ')} `);
}
