import type { Persona } from '#sandbox/page-protocol.ts';
import { CALL_PERSONAS } from './call-personas.ts';
import type { PersonaRule } from './persona-rule.ts';
import { unitOf } from './random.ts';

const TEXT_PERSONAS: PersonaRule[] = [
  {
    id: 'silent',
    ending: '80',
    label: 'Silent',
    description: 'Receives every text and never answers.',
    onThePhone: 'Answers and says nothing.',
  },
  {
    id: 'interested',
    ending: '81',
    label: 'Interested',
    description: 'Answers “Yes please, tell me more”.',
    reply: { body: 'Yes please, tell me more', patience: 1 },
    onThePhone: 'Answers and says yes to everything.',
  },
  {
    id: 'stop',
    ending: '82',
    label: 'Texts STOP',
    description: 'Answers STOP: the carrier confirms it and blocks the number, later texts fail with 21610.',
    reply: { body: 'STOP', patience: 1 },
    onThePhone: 'Says “stop calling me”.',
  },
  {
    id: 'stop_in_words',
    ending: '83',
    label: 'Stops in own words',
    description: 'Answers “stop texting me please”, which the carrier does not recognise.',
    reply: { body: 'stop texting me please', patience: 1 },
    onThePhone: 'Says “please take me off your list”.',
  },
  {
    id: 'false_friend',
    ending: '84',
    label: 'Says stop, means something else',
    description: 'Answers “we must stop this”, which is no opt-out.',
    reply: { body: 'we must stop this', patience: 1 },
    onThePhone: 'Says “I had to stop at the lights” and talks on.',
  },
  {
    id: 'unreachable_once',
    ending: '85',
    label: 'Switched off at first',
    description: 'The first text is undelivered (30003), the next ones arrive.',
    deliveryError: { code: 30003, tries: 'first' },
    onThePhone: 'Does not answer the first call, answers the next ones.',
  },
  {
    id: 'landline',
    ending: '86',
    label: 'Landline',
    description: 'Cannot receive texts: refused with 21614.',
    refusal: 21614,
    onThePhone: 'Answers and says yes.',
  },
  {
    id: 'filtered',
    ending: '87',
    label: 'Filtered',
    description: 'The contact’s network filters every text (30007).',
    deliveryError: { code: 30007, tries: 'all' },
    onThePhone: 'A call blocker turns every call away.',
  },
  {
    id: 'no_receipt',
    ending: '88',
    label: 'No receipt',
    description: 'The text is sent and no delivery receipt ever comes.',
    hasNoReceipt: true,
    onThePhone: 'Never answers.',
  },
  {
    id: 'emoji',
    ending: '89',
    label: 'Answers late, with emoji',
    description: 'Answers after a while with a text that needs UCS-2.',
    reply: { body: 'Klingt gut 👍 – schreibe später zurück 😀', patience: 6 },
    onThePhone: 'Answers late, and thinks before every word.',
  },
  {
    id: 'help',
    ending: '90',
    label: 'Texts HELP',
    description: 'Answers HELP: the carrier explains how to stop.',
    reply: { body: 'HELP', patience: 1 },
    onThePhone: 'Asks to talk to somebody.',
  },
  {
    id: 'invalid',
    ending: '91',
    label: 'Not a number',
    description: 'Looks right but does not exist: refused with 21211.',
    refusal: 21211,
    onThePhone: 'Refused with 21211.',
  },
  {
    id: 'unknown_number',
    ending: '92',
    label: 'Disconnected',
    description: 'Accepted, then undelivered because nobody has this number any more (30005).',
    deliveryError: { code: 30005, tries: 'all' },
    onThePhone: 'The call fails: nobody has this number (404).',
  },
  {
    id: 'opted_out',
    ending: '93',
    label: 'Opted out long ago',
    description: 'Texted STOP before this campaign: refused with 21610 until START comes from this phone.',
    isOptedOut: true,
    onThePhone: 'Says “I told you to stop calling me”.',
  },
  {
    id: 'mischief',
    ending: '94',
    label: 'Answers with mark-up',
    description: 'Answers with characters that mean something in Slack, which must arrive as plain text.',
    reply: { body: '<!channel> *free* `code` & <https://example.com|click> :tada:', patience: 1 },
    onThePhone: 'Says things with characters that mean something in Slack.',
  },
];

/** Endings start at 70, so that the numbers people invent for examples (…0100 upwards) mostly belong to ordinary contacts. */
export const SPECIAL_PERSONAS: PersonaRule[] = [...TEXT_PERSONAS, ...CALL_PERSONAS];

/** What the seed chooses among for all other endings; `upTo` is the share of contacts up to and including this one. */
const ORDINARY: { upTo: number; rule: PersonaRule }[] = [
  { upTo: 0.8, rule: ordinary('Ordinary') },
  { upTo: 0.86, rule: ordinary('Ordinary, interested', 'Sounds interesting, can you send details?') },
  { upTo: 0.9, rule: ordinary('Ordinary, curious', 'Who is this?') },
  { upTo: 0.94, rule: ordinary('Ordinary, friendly', 'Thanks!') },
  { upTo: 0.97, rule: ordinary('Ordinary, not now', 'Not interested right now, maybe next month') },
  {
    upTo: 1,
    rule: { ...ordinary('Ordinary, bad coverage'), deliveryError: { code: 30003, tries: 'first' } },
  },
];

const byEnding = new Map(SPECIAL_PERSONAS.map((rule) => [rule.ending, rule]));

export function personaOf(phoneNumber: string, seed: string): PersonaRule {
  const special = byEnding.get(phoneNumber.slice(-2));
  if (special) return special;
  const share = unitOf(`${seed} ${phoneNumber}`);
  const chosen = ORDINARY.find((choice) => share < choice.upTo) ?? ORDINARY[0];
  return chosen?.rule ?? ordinary('Ordinary');
}

/** The list that the page shows. */
export function personaRows(): Persona[] {
  const rows = SPECIAL_PERSONAS.toSorted((a, b) => Number(a.ending) - Number(b.ending)).map(rowOf);
  const description =
    'Everybody else: nearly all texts arrive, most calls are answered, the seed decides who says what.';
  return [...rows, { id: 'ordinary', label: 'Ordinary', numberEnding: 'any other', description }];
}

function rowOf({ id, label, ending, description, onThePhone }: PersonaRule): Persona {
  const words = onThePhone ? `${description} On the phone: ${onThePhone}` : description;
  return { id, label, numberEnding: ending ?? '', description: words };
}

function ordinary(label: string, reply?: string): PersonaRule {
  const rule: PersonaRule = { id: 'ordinary', ending: null, label, description: label };
  return reply ? { ...rule, reply: { body: reply, patience: 1 } } : rule;
}
