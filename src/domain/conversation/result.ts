import type { ConversationResult } from '#domain/call.ts';
import type { Act } from './talk.ts';

/** What is known of a conversation once it is over. `turns`: what was said, in order. */
export type Conversation = {
  acts: readonly Act[];
  turns: readonly { role: 'assistant' | 'contact' | 'tool' | 'note'; text: string }[];
  hasSpoken: boolean;
  isMachine: boolean;
  voicemailLeft: boolean;
  hasCallback: boolean;
  /** The name of whom they were put through to. */
  transferLabel: string | null;
  answers: Readonly<Record<string, string>>;
};

/**
 * What came of a call, the weightiest first: what must never be missed comes before what is merely good to know. Null when
 * nobody and nothing was talked to.
 */
export function resultOf(conversation: Conversation): ConversationResult | null {
  return RESULTS.find(([, applies]) => applies(conversation))?.[0] ?? null;
}

/** One or two sentences on a call, made without a model; the model’s own, given at the end of a call, comes first. */
export function summaryOf(conversation: Conversation, result: ConversationResult | null): string | null {
  const given = conversation.acts.findLast(({ tool }) => tool === 'end_call')?.arguments.summary;
  if (typeof given === 'string' && given.trim() !== '' && !DECISIVE.has(result)) return given.trim();
  return result && SUMMARIES[result](conversation);
}

/** Whether a person in the channel should know of a call: somebody acts on what came of it, or wanted a person and got none. */
export function isWorthTelling(conversation: Conversation, result: ConversationResult | null): boolean {
  return result !== null && (WORTH_TELLING.has(result) || wantsPerson(conversation));
}

/** Results that a person in the channel acts on. */
const WORTH_TELLING: ReadonlySet<ConversationResult> = new Set([
  'opted_out',
  'wrong_number',
  'complaint',
  'transferred',
  'callback',
  'yes',
]);

/** What a summary of somebody else’s may not gloss over. */
const DECISIVE = new Set<ConversationResult | null>(['opted_out', 'wrong_number', 'complaint']);

const did = (tool: Act['tool']) => (conversation: Conversation) =>
  conversation.acts.some((act) => act.tool === tool);
const endedAs = (outcome: string) => (conversation: Conversation) =>
  conversation.acts.some((act) => act.tool === 'end_call' && act.arguments.outcome === outcome);

/** By the transfer that was tried, or by the note where there is nobody to put them through to. */
function wantsPerson(conversation: Conversation): boolean {
  return did('transfer')(conversation) || did('note_person_wanted')(conversation);
}

/** No more texts, but calls, is no end of it. */
const isOptOut = ({ tool, arguments: given }: Act) => tool === 'mark_do_not_call' && given.channel !== 'sms';

const RESULTS: readonly [ConversationResult, (conversation: Conversation) => boolean][] = [
  ['opted_out', (it) => it.acts.some(isOptOut)],
  ['wrong_number', (it) => did('note_wrong_number')(it) || endedAs('wrong_number')(it)],
  ['complaint', (it) => did('note_complaint')(it) || endedAs('complaint')(it)],
  ['transferred', (it) => it.transferLabel !== null],
  ['callback', (it) => it.hasCallback],
  ['yes', endedAs('yes')],
  ['no', endedAs('no')],
  ['answered', (it) => it.hasSpoken],
  ['silent', (it) => !it.isMachine && !it.voicemailLeft && (it.turns.length > 0 || endedAs('silent')(it))],
  ['voicemail', (it) => it.isMachine || it.voicemailLeft],
];

const WANTED_NOBODY_THERE = 'Asked for a person, and nobody could take the call.';

const SUMMARIES: Record<ConversationResult, (conversation: Conversation) => string> = {
  opted_out: (it) => `Asked not to be contacted again${quoted(it, 'mark_do_not_call')}.`,
  wrong_number: (it) => `Said that it is the wrong number${quoted(it, 'note_wrong_number')}.`,
  complaint: (it) => `Was angry or complained${quoted(it, 'note_complaint')}.`,
  transferred: (it) =>
    `${wantsPerson(it) ? 'Asked for a person: the' : 'The'} call was passed on to ${it.transferLabel}.`,
  callback: (it) => `Asked ${wantsPerson(it) ? 'for a person, and ' : ''}to be called again.`,
  yes: (it) => `Said yes${lastWords(it)}.`,
  no: (it) => (wantsPerson(it) ? WANTED_NOBODY_THERE : `Said no${lastWords(it)}.`),
  answered: (it) => answeredWords(it),
  silent: () => 'Somebody picked up and said nothing.',
  voicemail: (it) =>
    it.voicemailLeft
      ? 'A machine answered, and the message was left.'
      : 'A machine answered; nothing was left.',
};

const LONGEST_QUOTE = 160;

function quoted({ acts }: Conversation, tool: Act['tool']): string {
  const quote = acts.find((act) => act.tool === tool)?.arguments.quote;
  return typeof quote === 'string' && quote !== '' ? `: “${shortened(quote).replace(/\.$/, '')}”` : '';
}

function answeredWords(conversation: Conversation): string {
  if (wantsPerson(conversation)) return WANTED_NOBODY_THERE;
  const answers = Object.values(conversation.answers);
  if (answers.length > 0) return `Answered “${shortened(answers.join('”, “'))}”.`;
  return `Talked to the assistant${lastWords(conversation)}.`;
}

function lastWords({ turns }: Conversation): string {
  const last = turns.findLast(({ role }) => role === 'contact');
  return last ? `; last words: “${shortened(last.text).replace(/\.$/, '')}”` : '';
}

function shortened(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length <= LONGEST_QUOTE ? plain : `${plain.slice(0, LONGEST_QUOTE - 1)}…`;
}
