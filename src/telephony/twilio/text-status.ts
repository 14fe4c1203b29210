import type { ProviderRefusal, TextStatus } from '#ports/telephony.ts';
import { refusalFor, UNEXPLAINED } from './error-table.ts';

const STATUSES = new Map<string, TextStatus>([
  ['accepted', 'queued'],
  ['scheduled', 'queued'],
  ['queued', 'queued'],
  ['sending', 'sending'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['partially_delivered', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
]);

/** Twilio's word for how far a text is, in ours; null for a word we do not know (telephony.md §3). */
export function textStatusOf(word: string): TextStatus | null {
  return STATUSES.get(word) ?? null;
}

/** Why a text failed; null while it has not. */
export function deliveryRefusal(status: TextStatus, code: number | null): ProviderRefusal | null {
  if (status !== 'failed' && status !== 'undelivered') return null;
  return code ? refusalFor(code) : UNEXPLAINED;
}
