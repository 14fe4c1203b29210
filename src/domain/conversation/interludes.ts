import { openScript } from './script.ts';
import {
  type Act,
  ending,
  endMessage,
  joined,
  linesFor,
  questionIn,
  type Step,
  saying,
  type TalkFacts,
  type TalkState,
} from './talk.ts';

/** What was said and done before a line broke. */
export type Before = { before: readonly { role: string; text: string }[]; isOver: boolean };

/**
 * How a conversation goes on after its line broke: the greeting is not repeated, the last question is; where it was over
 * already, with a goodbye (telephony.md §4).
 */
export function resumed(state: TalkState, { before, isOver }: Before, facts: TalkFacts): Step {
  const lines = linesFor(facts);
  if (isOver) return ending(state, [], lines.goodbye);
  const lastSaid = before.findLast(({ role }) => role === 'assistant')?.text ?? '';
  const opened = openScript(state, facts);
  const question = lastSaid === facts.script.greeting ? '' : questionIn(lastSaid);
  const isAboutTheMatter = question !== '' && !facts.script.welcome.includes(question);
  const stage = isAboutTheMatter ? 'question' : opened.state.stage;
  return saying(opened.state, joined(lines.brokeOff, question || (opened.say ?? '')), { stage });
}

/** The call has lasted as long as it may. */
export function timeIsUp(state: TalkState, facts: TalkFacts): Step {
  return ending(state, [ENDED], joined(linesFor(facts).timeUp, endMessage(facts)));
}

/** Nothing that could answer answers any more. */
export function brokenDown(state: TalkState, facts: TalkFacts): Step {
  return ending(state, [ENDED], joined(linesFor(facts).trouble, endMessage(facts)));
}

const ENDED: Act = { tool: 'end_call', arguments: { outcome: 'answered', summary: '' } };
