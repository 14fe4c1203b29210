import type { Deps } from '#operations/deps.ts';
import { openConversation, type TalkingCall } from '#operations/open-conversation.ts';
import { createTurnKeeper, type TurnKeeper } from '#operations/turn-keeper.ts';
import type { OpenConversation } from '#ports/conversation.ts';
import { createModelBreaker } from './breaker.ts';
import { ModelBrain } from './model-brain.ts';
import { AssistantSession } from './session.ts';
import { clockTimers, type Timers } from './timers.ts';
import { Transcript } from './transcript.ts';

/**
 * Holds the conversations of this process. Each is one session on one line; the second session of a call, after its line
 * broke, ends the first if that has not noticed yet. Assistants that follow their script, and all of them while there is
 * no model or it rests, need nothing outside.
 */
export function createConversations(
  deps: Deps,
  timers: Timers = clockTimers(deps.clock),
  keeper: TurnKeeper = createTurnKeeper(deps),
): OpenConversation {
  const breaker = createModelBreaker();
  const running = new Map<number, AssistantSession>();
  const brainFor = (call: TalkingCall) => {
    const { model, clock } = deps;
    const realNow = clock.toReal(clock.now()).getTime();
    if (!model || call.assistant.isScripted || breaker.isOpen(realNow)) return null;
    return new ModelBrain({ model, call, clock, timers, breaker });
  };
  return async (opening, transport) => {
    const call = await openConversation(deps, keeper, opening);
    if (!call) return null;
    running.get(call.id)?.onClose();
    const session: AssistantSession = new AssistantSession({
      deps,
      call,
      transport,
      timers,
      transcript: new Transcript(keeper, deps.clock, call),
      brain: brainFor(call),
      onEnd: () => {
        if (running.get(call.id) === session) running.delete(call.id);
      },
    });
    running.set(call.id, session);
    session.begin();
    return session;
  };
}
