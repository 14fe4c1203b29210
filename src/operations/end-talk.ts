import { noteWrongNumber } from './note-wrong-number.ts';
import type { CallVerb } from './run-call-act.ts';

/** Keeps what came of a conversation that is about to end. Whoever calls it a wrong number will not call it again. */
export const endTalk: CallVerb = async (deps, tx, call, given) => {
  if (given.outcome === 'wrong_number') {
    const noted = await noteWrongNumber(deps, tx, call, { quote: given.summary });
    if (!noted.ok) return noted;
  }
  return { ok: true, told: { ended: given.outcome } };
};
