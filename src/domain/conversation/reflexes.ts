import { readDecision } from './answers.ts';
import { type Heard, readUtterance } from './hear.ts';
import {
  ending,
  joined,
  linesFor,
  questionIn,
  type Step,
  saying,
  type TalkEvent,
  type TalkFacts,
  type TalkState,
} from './talk.ts';

/** What a reflex makes of an event: the step to take, or null and the state with which somebody else answers. */
export type Reflex = { state: TalkState; step: Step | null };

/** A voicemail greeting is believed only this early. */
const LATEST_MACHINE = 2;
/** How often the person is asked whether they are still there. */
const MOST_SILENCES = 1;
/** How often the question whether they want no more calls is repeated when the answer is neither. */
const MOST_UNCLEAR = 1;

/**
 * What happens before any script or model is asked (telephony.md §4): opt-outs and key 9 first, then a wrong number, a
 * voicemail greeting, the wish for a person, the truth about being a robot and about recording, anger and silence. None of
 * these is ever left to a model.
 */
export function reflex(state: TalkState, event: TalkEvent, facts: TalkFacts): Reflex {
  if (event.kind === 'silence') return taken(onSilence(state, facts));
  if (event.kind === 'digit') {
    const step = DIGITS[event.digit]?.(state, facts) ?? null;
    return { state: { ...state, silences: 0 }, step };
  }
  const listening = { ...state, silences: 0, replies: state.replies + (state.stage === 'greeting' ? 0 : 1) };
  return onWords(listening, event, facts);
}

/** Whoever was asked whether they want no more calls and hung up instead is taken to want none. */
export function lastWish(state: TalkState): { quote: string } | null {
  return state.offer.kind === 'asked' ? { quote: state.offer.quote } : null;
}

/**
 * Whether an event shows that a person is there: keys, and words after our greeting. A machine talks into the greeting as
 * people do, so there only words count that no machine says.
 */
export function provesPerson(state: TalkState, event: TalkEvent): boolean {
  if (event.kind !== 'heard') return event.kind === 'digit';
  const heard = readUtterance(event.text, { isDuringSpeech: false, isOptOutOffered: false, lastSaid: '' });
  if (heard.includes('machine')) return false;
  return (
    state.stage !== 'greeting' || heard.some((kind) => kind !== 'maybe_opt_out' && kind !== 'stop_talking')
  );
}

type Words = Extract<TalkEvent, { kind: 'heard' }>;
type Answer = (state: TalkState, facts: TalkFacts, words: Words) => Step | null;

function taken(step: Step): Reflex {
  return { state: step.state, step };
}

function onWords(state: TalkState, words: Words, facts: TalkFacts): Reflex {
  const { offer, lastSaid } = state;
  const heard = readUtterance(words.text, {
    isDuringSpeech: words.isDuringSpeech,
    isOptOutOffered: offer.kind !== 'none',
    lastSaid,
  });
  if (offer.kind === 'asked' && !heard.includes('opt_out')) {
    const decision = readDecision(words.text);
    if (decision === 'yes') return taken(optOut(state, facts, offer.quote));
    if (decision === 'no') return { state, step: staysListed(state, facts) };
  }
  for (const kind of heard) {
    const step = ANSWERS[kind](state, facts, words);
    if (step) return taken(heard.includes('robot_question') ? truthful(step, facts, kind) : step);
  }
  const asksAgain = offer.kind === 'asked' && state.misses < MOST_UNCLEAR;
  return asksAgain ? taken(askOptOut(state, facts, offer.quote, state.misses + 1)) : { state, step: null };
}

/** Who also asks whether it is a robot hears the truth first, whatever else is answered. */
function truthful(step: Step, facts: TalkFacts, answered: Heard): Step {
  if (answered === 'robot_question' || step.say === null || step.ending === 'hang_up') return step;
  const say = joined(linesFor(facts).robot(facts.script), step.say);
  return { ...step, say, state: { ...step.state, lastSaid: say } };
}

const ANSWERS: Record<Heard, Answer> = {
  opt_out: (state, facts, { text }) => optOut(state, facts, text),
  maybe_opt_out: (state, facts, { text }) => askOptOut(state, facts, text),
  stop_talking: (state, facts) => saying(state, linesFor(facts).quiet, { offer: { kind: 'mentioned' } }),
  machine: (state, { script }) =>
    state.replies > LATEST_MACHINE
      ? null
      : ending(
          state,
          [{ tool: 'note_machine', arguments: {} }],
          null,
          script.voicemail ? 'voicemail' : 'hang_up',
        ),
  wrong_number: (state, facts, { text }) =>
    ending(state, [{ tool: 'note_wrong_number', arguments: { quote: text } }], linesFor(facts).wrongNumber),
  robot_question: (state, facts) =>
    saying(state, joined(linesFor(facts).robot(facts.script), questionIn(state.lastSaid))),
  human: wantsPerson,
  no_recording: (state, facts) => ({
    ...saying(state, joined(linesFor(facts).recordingStopped, questionIn(state.lastSaid))),
    acts: [{ tool: 'refuse_recording', arguments: {} }],
  }),
  recording_question: (state, facts) => {
    const { isRecorded, isNotRecorded } = linesFor(facts);
    const truth = facts.script.isRecording ? isRecorded : isNotRecorded;
    return saying(state, joined(truth, questionIn(state.lastSaid)));
  },
  complaint: (state, facts, { text }) => {
    const acts = [{ tool: 'note_complaint' as const, arguments: { quote: text } }];
    if (state.complaints > 0) return ending(state, acts, linesFor(facts).goodbye);
    const asked = askOptOut(state, facts, text);
    return { ...asked, acts, state: { ...asked.state, complaints: 1 } };
  },
};

const DIGITS: Readonly<Record<string, (state: TalkState, facts: TalkFacts) => Step>> = {
  '9': (state, facts) => optOut(state, facts, 'pressed 9'),
  '0': wantsPerson,
};

function optOut(state: TalkState, facts: TalkFacts, quote: string): Step {
  const act = { tool: 'mark_do_not_call' as const, arguments: { channel: 'all', quote } };
  return ending(state, [act], linesFor(facts).optedOut);
}

function askOptOut(state: TalkState, facts: TalkFacts, quote: string, misses = 0): Step {
  return saying(state, linesFor(facts).askOptOut, { offer: { kind: 'asked', quote }, misses });
}

function staysListed(state: TalkState, facts: TalkFacts): Step {
  return saying(state, linesFor(facts).staysListed);
}

function wantsPerson(state: TalkState, facts: TalkFacts): Step {
  const lines = linesFor(facts);
  if (facts.transferKey === null && !facts.canCallBack) return saying(state, lines.noCallback);
  if (facts.transferKey === null) {
    const noted = { tool: 'note_person_wanted' as const, arguments: {} };
    return { ...saying(state, lines.noTransfer, { stage: 'callback', misses: 0 }), acts: [noted] };
  }
  const act = { tool: 'transfer' as const, arguments: { target_key: facts.transferKey } };
  return ending(state, [act], lines.transferring, 'transfer');
}

function onSilence(state: TalkState, facts: TalkFacts): Step {
  const wish = lastWish(state);
  if (wish) return optOut(state, facts, wish.quote);
  const lines = linesFor(facts);
  const silences = state.silences + 1;
  if (silences > MOST_SILENCES) {
    const act = { tool: 'end_call' as const, arguments: { outcome: 'silent', summary: '' } };
    return ending({ ...state, silences }, [act], lines.nobodyThere);
  }
  return { ...saying(state, lines.stillThere, { silences }), state: { ...state, silences } };
}
