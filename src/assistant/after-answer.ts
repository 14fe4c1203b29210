import { brokenDown } from '#domain/conversation/interludes.ts';
import {
  ending,
  endMessage,
  linesFor,
  type Step,
  type TalkFacts,
  type TalkState,
} from '#domain/conversation/talk.ts';
import type { TurnOutcome } from './model-turn.ts';

type Ended = Exclude<TurnOutcome, { kind: 'stopped' }>;

/**
 * How a conversation goes on after a turn of the model. Null: what it said stands, and it listens, or the message that a
 * tool's end was spoken with is heard to its end. A model that failed is apologised for, and given up after the second time.
 */
export function afterAnswer(
  outcome: Ended,
  state: TalkState,
  facts: TalkFacts,
  isGivenUp: boolean,
): Step | null {
  if (outcome.kind === 'said') return null;
  if (outcome.kind === 'failed') {
    if (isGivenUp) return brokenDown(state, facts);
    return outcome.hasSpoken ? null : { state, acts: [], say: linesFor(facts).slow, ending: null };
  }
  if (outcome.lastWords === null && outcome.hasSpoken) return null;
  return ending(state, [], outcome.lastWords ?? endMessage(facts), outcome.ending);
}
