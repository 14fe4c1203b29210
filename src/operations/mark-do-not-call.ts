import { changeCall } from '#db/call-desk.ts';
import type { CallVerb } from './run-call-act.ts';
import { suppress } from './suppress.ts';

const LONGEST_QUOTE = 300;
const CHANNELS = ['all', 'voice', 'sms'] as const;

/**
 * Somebody said on the phone that they want no more of this: their number is on the do-not-call list when this is
 * committed, on every channel unless they named one (47 CFR 64.1200(a)(10), (b)(3); telephony.md §6).
 */
export const markDoNotCall: CallVerb = async (deps, tx, call, { channel, quote }) => {
  const words = String(quote ?? '').slice(0, LONGEST_QUOTE);
  await suppress(deps, tx, {
    workspaceId: call.workspaceId,
    phoneNumber: call.contactNumber,
    channel: CHANNELS.find((one) => one === channel) ?? 'all',
    reason: words === '' ? 'They asked for it on the phone.' : `They asked for it on the phone: “${words}”`,
    source: 'opt_out',
    campaignId: call.campaignId,
    actor: { kind: 'system' },
  });
  if (channel !== 'sms') await changeCall(tx, call.id, { result: 'opted_out' });
  return { ok: true, told: { done: 'They are on the do-not-call list.' } };
};
