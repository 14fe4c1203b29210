import { unitOf } from '#sandbox/carrier/random.ts';

/** One thing a contact does when it is their turn. */
export type Act = { say: string } | { press: string } | { hangsUp: true };

/** What happens when this contact is called. */
export type VoiceRule = {
  /** `rings_out_at_first`: nobody answers the first call, somebody the next ones. */
  ring: 'picks_up' | 'busy' | 'rings_out' | 'rings_out_at_first' | 'declines' | 'fails';
  sipCode?: number;
  /** The create is refused with this code. */
  refusal?: number;
  who: 'person' | 'machine' | 'fax';
  /** First words, or a machine's whole greeting; null for silence. */
  hello: string | null;
  /** One after the other, each when the other side has finished; after the last one they only listen. */
  turns: Act[];
  /** How many times as long as others they let it ring, and think. */
  slowness: number;
  /** What they say while the other side speaks. */
  interjection: string | null;
};

const SOMEBODY: VoiceRule = {
  ring: 'picks_up',
  who: 'person',
  hello: 'Hello?',
  turns: [],
  slowness: 1,
  interjection: null,
};
const BYE: Act = { say: 'Thank you, bye.' };
const HANGS_UP: Act = { hangsUp: true };

const LONG_GREETING =
  'Hi, you have reached my voicemail. I cannot come to the phone right now. Please leave a message after the tone and I will call you back.';

function person(...turns: (string | Act)[]): VoiceRule {
  return { ...SOMEBODY, turns: turns.map((turn) => (typeof turn === 'string' ? { say: turn } : turn)) };
}

const AGREES = person('Yes please, tell me more.', 'Yes, that sounds good.', BYE, HANGS_UP);
const IS_BUSY: VoiceRule = { ...SOMEBODY, ring: 'busy' };
const RINGS_OUT: VoiceRule = { ...SOMEBODY, ring: 'rings_out' };
const VOICEMAIL: VoiceRule = { ...SOMEBODY, who: 'machine', hello: LONG_GREETING };
const HANGS_UP_AT_ONCE: VoiceRule = { ...SOMEBODY, hello: null, turns: [HANGS_UP] };

/** The machine that takes a call which a person on the page lets go to it. */
export const OWN_VOICEMAIL = VOICEMAIL;

const VOICE_RULES: Record<string, VoiceRule> = {
  busy: IS_BUSY,
  no_answer: RINGS_OUT,
  call_fails: { ...SOMEBODY, ring: 'fails', sipCode: 503 },
  voicemail: VOICEMAIL,
  fax: { ...SOMEBODY, who: 'fax', hello: null },
  hangs_up: HANGS_UP_AT_ONCE,
  presses_9: person({ press: '9' }, { press: '9' }, HANGS_UP),
  wants_human: person('Can I speak to a real person please?', 'Yes, a human please.', BYE, HANGS_UP),
  tomorrow_at_three: person(
    'Can you call me back tomorrow at three?',
    'Yes, tomorrow at three.',
    BYE,
    HANGS_UP,
  ),
  declines: { ...SOMEBODY, ring: 'declines', sipCode: 603 },
  silent: { ...SOMEBODY, hello: null },
  interested: AGREES,
  stop: person('Stop calling me.', 'I said stop calling me.', HANGS_UP),
  stop_in_words: person('Please take me off your list.', 'Do not call this number again.', HANGS_UP),
  false_friend: person('Sorry, I had to stop at the lights. Go on.', 'Yes.', BYE, HANGS_UP),
  unreachable_once: { ...AGREES, ring: 'rings_out_at_first' },
  landline: AGREES,
  filtered: { ...SOMEBODY, ring: 'declines', sipCode: 603 },
  no_receipt: RINGS_OUT,
  emoji: { ...AGREES, slowness: 2 },
  help: person('Can you help me? I want to talk to somebody.', 'A person, please.', BYE, HANGS_UP),
  invalid: { ...SOMEBODY, refusal: 21211 },
  unknown_number: { ...SOMEBODY, ring: 'fails', sipCode: 404 },
  opted_out: person('I told you to stop calling me.', 'Remove my number.', HANGS_UP),
  mischief: person('<!channel> *free* `code` & <https://example.com|click>', 'Yes.', BYE, HANGS_UP),
  interrupts: { ...AGREES, interjection: 'Wait, wait, who is this?' },
  late_and_slow: { ...AGREES, slowness: 3 },
  wrong_number: person('You have the wrong number.', 'No, there is nobody of that name here.', HANGS_UP),
  are_you_a_robot: person('Are you a robot?', 'Yes, go on.', BYE, HANGS_UP),
  short_voicemail: { ...VOICEMAIL, hello: 'Please leave a message.' },
};

/** What the seed chooses among for all other endings. */
const ORDINARY: { upTo: number; rule: VoiceRule }[] = [
  { upTo: 0.62, rule: AGREES },
  { upTo: 0.7, rule: person('No, thank you, I am not interested.', 'No. Bye.', HANGS_UP) },
  { upTo: 0.86, rule: VOICEMAIL },
  { upTo: 0.95, rule: RINGS_OUT },
  { upTo: 0.99, rule: IS_BUSY },
  { upTo: 1, rule: HANGS_UP_AT_ONCE },
];

/** How this contact behaves on the phone, where their persona says nothing by what the seed decides. */
export function voiceRuleOf(personaId: string, phoneNumber: string, seed: string): VoiceRule {
  const known = VOICE_RULES[personaId];
  if (known) return known;
  const share = unitOf(`${seed} calls ${phoneNumber}`);
  return ORDINARY.find(({ upTo }) => share < upTo)?.rule ?? AGREES;
}
