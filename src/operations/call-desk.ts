import type { CallDesk } from '#ports/call-flow.ts';
import { afterDial } from './after-dial.ts';
import { answerCall } from './answer-call.ts';
import { answerInbound } from './answer-inbound.ts';
import type { Deps } from './deps.ts';
import { proceedCall } from './proceed-call.ts';

/** What a provider asks us while calls run, each question answered by its verb. */
export function createCallDesk(deps: Deps): CallDesk {
  return {
    answer: (call) => answerCall(deps, call),
    proceed: (call) => proceedCall(deps, call),
    afterDial: (call) => afterDial(deps, call),
    answerInbound: (call) => answerInbound(deps, call),
  };
}
