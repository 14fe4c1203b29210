import { changeCall } from '#db/call-desk.ts';
import type { CallVerb } from './run-call-act.ts';
import { suppress } from './suppress.ts';

const LONGEST_QUOTE = 300;

/**
 * Whoever picked up is not whom we called: the number may have changed hands, and nobody has its new owner’s consent, so
 * it is on the do-not-call list on every channel (telephony.md §6, reassigned numbers).
 */
export const noteWrongNumber: CallVerb = async (deps, tx, call, { quote }) => {
  await suppress(deps, tx, {
    workspaceId: call.workspaceId,
    phoneNumber: call.contactNumber,
    channel: 'all',
    reason: `They said on the phone that it is the wrong number: “${String(quote ?? '').slice(0, LONGEST_QUOTE)}”`,
    source: 'opt_out',
    campaignId: call.campaignId,
    actor: { kind: 'system' },
  });
  await changeCall(tx, call.id, { result: 'wrong_number' });
  return { ok: true, told: { done: 'The number is on the do-not-call list.' } };
};
