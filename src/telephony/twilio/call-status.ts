import type { AnsweredBy, CallStatusName } from '#domain/call.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { ProviderRefusal } from '#ports/telephony.ts';
import { refusalFor } from './error-table.ts';

const STATUSES = new Map<string, CallStatusName>([
  ['queued', 'queued'],
  ['initiated', 'initiated'],
  ['ringing', 'ringing'],
  ['in-progress', 'in_progress'],
  ['answered', 'in_progress'],
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
]);

/** Twilio's word for how far a call is, in ours; null for a word we do not know (telephony.md §2). */
export function callStatusOf(word: string): CallStatusName | null {
  return STATUSES.get(word) ?? null;
}

const ANSWERED_BY = new Map<string, AnsweredBy>([
  ['human', 'human'],
  ['machine_start', 'machine'],
  ['machine_end_beep', 'machine_ready'],
  ['machine_end_silence', 'machine_ready'],
  ['machine_end_other', 'machine_ready'],
  ['fax', 'fax'],
  ['unknown', 'unknown'],
]);

/** Who picked up, in our words; null where detection did not run, and for a word we do not know. */
export function answeredByOf(word: string | null | undefined): AnsweredBy | null {
  return ANSWERED_BY.get(word ?? '') ?? null;
}

/** SIP answers that say something about the number and not about the networks between (RFC 3261 §21, RFC 8197). */
const SIP: [codes: number[], failure: FailureClass, fix: string][] = [
  [
    [404, 410, 484, 604],
    'invalid_number',
    'Nobody has this number any more. Correct it in the contact list, or remove it.',
  ],
  [
    [403, 603, 607, 608],
    'blocked',
    'The phone or its network rejects our calls. Ask the contact on another channel.',
  ],
  [[408, 480], 'unreachable', 'The phone was off or out of reach. Another try later may succeed.'],
];

/** Why a call failed; null while it has not. The error code says more than the network's answer, which may be all there is. */
export function callRefusal(
  status: CallStatusName,
  code: number | null,
  sipCode: number | null,
): ProviderRefusal | null {
  if (status !== 'failed') return null;
  if (code) return refusalFor(code);
  if (!sipCode || sipCode < 300) return UNEXPLAINED_CALL;
  const [, failure, fix] = SIP.find(([codes]) => codes.includes(sipCode)) ?? [
    [],
    'provider' as const,
    NETWORK_FAULT,
  ];
  return { class: failure, code: `SIP ${sipCode}`, fix };
}

const NETWORK_FAULT = 'The network could not put the call through. Another try later may succeed.';

const UNEXPLAINED_CALL: ProviderRefusal = {
  class: 'provider',
  code: 'none',
  fix: 'Twilio gave no reason. If many calls fail like this, look at status.twilio.com.',
};
