import { markMachine } from '#db/call-actions.ts';
import type { CallVerb } from './run-call-act.ts';

/** A voicemail greeting was heard that no detection had recognised: no person was on this call. */
export const noteMachine: CallVerb = async (deps, tx, call) => {
  await markMachine(tx, call.id, deps.clock.now());
  return { ok: true, told: {} };
};
