/**
 * Why an attempt did not reach the person, in the provider-neutral classes that decide what follows
 * (telephony.md §2, §3, §9). The adapter of each provider maps its codes to these; nothing else reads provider codes.
 */
export type FailureClass =
  | 'invalid_number'
  | 'not_textable'
  | 'not_callable'
  | 'opted_out'
  | 'account'
  | 'sender'
  | 'region'
  | 'filtered'
  | 'content'
  | 'unreachable'
  | 'blocked'
  | 'provider';

/**
 * What a failure means. `contact`: final, skipped, tried again within `max_attempts`, tried once more at most, or put
 * back untouched because the fault is ours and used up no attempt. `campaign`: whether everything must stop, because
 * nothing can be placed (`fail`) or because the next ones would meet the same fate (`hold`). `providerFault` failures
 * count for the circuit breaker.
 */
export type Consequence = {
  contact: 'failed' | 'skipped' | 'retry' | 'retry_once' | 'requeue';
  campaign: 'continue' | 'hold' | 'fail';
  providerFault: boolean;
};

export const CONSEQUENCES: Record<FailureClass, Consequence> = {
  invalid_number: { contact: 'failed', campaign: 'continue', providerFault: false },
  not_textable: { contact: 'failed', campaign: 'continue', providerFault: false },
  not_callable: { contact: 'failed', campaign: 'continue', providerFault: false },
  opted_out: { contact: 'skipped', campaign: 'continue', providerFault: false },
  account: { contact: 'requeue', campaign: 'fail', providerFault: true },
  sender: { contact: 'requeue', campaign: 'fail', providerFault: true },
  region: { contact: 'requeue', campaign: 'hold', providerFault: true },
  filtered: { contact: 'retry_once', campaign: 'hold', providerFault: true },
  content: { contact: 'failed', campaign: 'continue', providerFault: false },
  unreachable: { contact: 'retry_once', campaign: 'continue', providerFault: false },
  blocked: { contact: 'retry_once', campaign: 'continue', providerFault: true },
  provider: { contact: 'retry', campaign: 'continue', providerFault: true },
};

const SENTENCES: Record<FailureClass, string> = {
  invalid_number: 'The number does not exist.',
  not_textable: 'The number cannot receive texts.',
  not_callable: 'The number cannot be called.',
  opted_out: 'They asked the carrier for no more texts.',
  account: 'The provider refused our account.',
  sender: 'The provider refused our number.',
  region: 'The account may not reach that country.',
  filtered: 'The carrier filtered the text.',
  content: 'The carrier refused the text itself.',
  unreachable: 'The phone could not be reached.',
  blocked: 'The carrier blocked it.',
  provider: 'The carrier could not deliver it.',
};

/** A failure as people read it, with the provider's code for whoever looks it up. */
export function describeFailure(failureClass: FailureClass | null, code: string | null): string {
  const sentence = failureClass ? SENTENCES[failureClass] : 'It failed without a reason.';
  return code ? `${sentence.slice(0, -1)} (${code}).` : sentence;
}
