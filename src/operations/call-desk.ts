import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import type { Deps } from './deps.ts';

/** What a provider asks while calls run, answered by one verb each. */
export function createCallDesk(deps: Deps): CallDesk {
  const hangUp = async (): Promise<CallStep[]> => [{ kind: 'hang_up' }];
  return {
    answer: hangUp,
    proceed: hangUp,
    afterDial: hangUp,
    answerInbound: async () => ({ token: deps.randomToken(), steps: await hangUp() }),
  };
}
