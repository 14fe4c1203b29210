import type { CallStep } from '#ports/call-flow.ts';
import { quietLog } from '#support/engine.ts';
import type { CallEdge } from '#telephony/index.ts';

const hangUp = async (): Promise<CallStep[]> => [{ kind: 'hang_up' }];

/** A bot that takes no calls: it hangs up, and talks to nobody. */
export const NO_CALLS: CallEdge = {
  desk: {
    answer: hangUp,
    proceed: hangUp,
    afterDial: hangUp,
    answerInbound: async () => ({ token: 'inbound', steps: await hangUp() }),
  },
  converse: async () => null,
  log: quietLog,
};
