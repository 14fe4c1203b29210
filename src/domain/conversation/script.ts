import { type Answer, readAnswer, saysGoodbye } from './answers.ts';
import { sayTime } from './say-time.ts';
import { localIso, namesDay, namesHour, readSpokenTime, type SpokenTime } from './spoken-time.ts';
import {
  type Act,
  ending,
  endMessage,
  joined,
  linesFor,
  type Step,
  saying,
  type TalkEvent,
  type TalkFacts,
  type TalkState,
} from './talk.ts';

/** How often something may be misunderstood before the conversation goes on without it. */
const MOST_MISSES = 1;

/**
 * The first words after the greeting: welcome, agenda, and a question when neither asks one; a welcome that asks something
 * itself waits for its answer. What follows is the answer of the person, and the end message (telephony.md §4, “scripted
 * fallback”).
 */
export function openScript(state: TalkState, facts: TalkFacts): Step {
  const { welcome, agenda } = facts.script;
  if (asks(welcome) && agenda.trim() !== '') return saying(state, welcome.trim(), { stage: 'welcome' });
  return saying(state, opening(facts), { stage: 'question', offer: { kind: 'none' } });
}

/** Answers without a model what no reflex has answered. A whole call can be held by this alone. */
export function followScript(state: TalkState, event: TalkEvent, facts: TalkFacts): Step | null {
  if (state.stage === 'greeting' || state.stage === 'over') return null;
  const text = event.kind === 'heard' ? event.text : wordsOfKey(event);
  if (text === null) return null;
  if (state.stage === 'welcome') return onWelcome(state, text, facts);
  if (state.stage === 'callback') return onTime(state, text, facts);
  if (state.stage === 'callback_check') return onCheck(state, text, facts);
  const answer = readAnswer(text);
  return REPLIES[answer.kind](state, facts, { text, answer });
}

/** Keys of the question: one is yes, two is no, three is later, the star repeats. */
const KEYS: Readonly<Record<string, string>> = { '1': 'yes', '2': 'no', '3': 'call me later', '*': 'repeat' };

function wordsOfKey(event: TalkEvent): string | null {
  return event.kind === 'digit' ? (KEYS[event.digit] ?? event.digit) : null;
}

function asks(text: string): boolean {
  return /\?\s*$/.test(text);
}

function opening(facts: TalkFacts): string {
  return withQuestion(joined(facts.script.welcome, facts.script.agenda), facts);
}

function withQuestion(said: string, facts: TalkFacts): string {
  return asks(said) ? said : joined(said, linesFor(facts).question);
}

/** Whoever answers the welcome hears what the call is about; a no means that now, or they, are not right for it. */
function onWelcome(state: TalkState, text: string, facts: TalkFacts): Step {
  const { kind } = readAnswer(text);
  const lines = linesFor(facts);
  const { welcome, agenda } = facts.script;
  if (kind === 'later') return onLater(state, text, facts);
  if (kind === 'no') return saying(state, lines.when, { stage: 'callback', misses: 0 });
  if (kind === 'repeat') return saying(state, welcome.trim());
  if (kind === 'who') return saying(state, joined(lines.who(facts.script), welcome));
  return saying(state, withQuestion(agenda.trim(), facts), { stage: 'question' });
}

type Reply = (state: TalkState, facts: TalkFacts, given: { text: string; answer: Answer }) => Step;

const REPLIES: Record<Answer['kind'], Reply> = {
  yes: (state, facts) => close(state, facts, 'yes', 'yes'),
  no: (state, facts) => close(state, facts, 'no', 'no'),
  number: (state, facts, { answer }) =>
    close(state, facts, answer.kind === 'number' ? answer.value : '', 'answered'),
  repeat: (state, facts) => saying(state, opening(facts)),
  who: (state, facts) => saying(state, joined(linesFor(facts).who(facts.script), opening(facts))),
  later: (state, facts, { text }) => onLater(state, text, facts),
  other: (state, facts, { text }) =>
    state.misses < MOST_MISSES
      ? saying(state, joined(linesFor(facts).notUnderstood, linesFor(facts).question), {
          misses: state.misses + 1,
        })
      : close(state, facts, text, 'answered'),
};

/** Notes the answer, says the end message, and ends. */
function close(state: TalkState, facts: TalkFacts, value: string, outcome: string): Step {
  const { noted } = linesFor(facts);
  const acts: Act[] = [
    { tool: 'record_answer', arguments: { key: 'answer', value } },
    { tool: 'end_call', arguments: { outcome, summary: '' } },
  ];
  return ending(state, acts, joined(noted, endMessage(facts)));
}

function onLater(state: TalkState, text: string, facts: TalkFacts): Step {
  if (!facts.canCallBack) return saying(state, linesFor(facts).noCallback);
  const read = readSpokenTime(text, facts.now, facts.reach, facts.script.language);
  if (read.kind === 'at') return propose(state, facts, read);
  return saying(state, linesFor(facts).when, { stage: 'callback', misses: 0 });
}

function onTime(state: TalkState, text: string, facts: TalkFacts): Step {
  const lines = linesFor(facts);
  const read = readSpokenTime(text, facts.now, facts.reach, facts.script.language);
  if (read.kind === 'at') return propose(state, facts, read);
  const { kind } = readAnswer(text);
  if (kind === 'no' || saysGoodbye(text)) return farewell(state, facts);
  if (kind === 'who') return saying(state, joined(lines.who(facts.script), lines.when));
  if (state.misses >= MOST_MISSES) return ending(state, [endCall('answered')], lines.noTime);
  return saying(state, read.kind === 'too_far' ? lines.tooFar : lines.whenAgain, {
    misses: state.misses + 1,
  });
}

function propose(state: TalkState, facts: TalkFacts, { at, isMoved }: { at: Date; isMoved: boolean }): Step {
  const lines = linesFor(facts);
  const time = sayTime(at, facts.now, facts.reach.zone, facts.script.language);
  return saying(state, isMoved ? lines.checkMoved(time) : lines.check(time), {
    stage: 'callback_check',
    proposedAt: at.toISOString(),
    misses: 0,
  });
}

function onCheck(state: TalkState, text: string, facts: TalkFacts): Step {
  const { kind } = readAnswer(text);
  const read = readOtherTime(state, text, facts);
  const isOther = read.kind === 'at' && read.at.toISOString() !== state.proposedAt;
  // “Yes, tomorrow is fine” names no other hour; “yes, but at four” does.
  if (isOther && (kind !== 'yes' || namesHour(text, facts.script.language)))
    return propose(state, facts, read);
  if (kind === 'yes' || (read.kind === 'at' && !isOther)) return schedule(state, facts);
  if (kind === 'no' || state.misses >= MOST_MISSES) {
    return saying(state, linesFor(facts).when, { stage: 'callback', misses: 0, proposedAt: null });
  }
  return saying(state, state.lastSaid, { misses: state.misses + 1 });
}

/** An hour without a day is one of the day that was proposed. */
function readOtherTime(state: TalkState, text: string, { now, reach, script }: TalkFacts): SpokenTime {
  const isOfThatDay =
    state.proposedAt !== null && namesHour(text, script.language) && !namesDay(text, script.language);
  const day = isOfThatDay ? `${localIso(new Date(state.proposedAt ?? now), reach.zone).slice(0, 10)} ` : '';
  return readSpokenTime(`${day}${text}`, now, reach, script.language);
}

function schedule(state: TalkState, facts: TalkFacts): Step {
  const at = new Date(state.proposedAt ?? facts.now);
  const { zone } = facts.reach;
  const acts: Act[] = [
    { tool: 'schedule_callback', arguments: { local_time: localIso(at, zone), note: '' } },
    endCall('callback'),
  ];
  return ending(state, acts, linesFor(facts).calledBack(sayTime(at, facts.now, zone, facts.script.language)));
}

function farewell(state: TalkState, facts: TalkFacts): Step {
  return ending(state, [endCall('no')], endMessage(facts));
}

function endCall(outcome: string): Act {
  return { tool: 'end_call', arguments: { outcome, summary: '' } };
}
