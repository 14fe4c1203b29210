/** How Slack tells a person that the app did not answer. */

import type { Delivered } from './delivery.ts';

/** The three words Slack uses: late, broken, or answered with something that is no answer. */
export type FailureName = 'operation_timeout' | 'dispatch_failed' | 'invalid_command_response';

export const MODAL_TROUBLE = 'We had some trouble connecting. Try again?';

/** Errors of a form as a whole stand under this key in `SlackView.errors`. */
export const WHOLE_VIEW = '';

export function failureOf(delivered: Delivered): FailureName | null {
  if (delivered.outcome === 'failed')
    return delivered.reason === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed';
  return delivered.status >= 200 && delivered.status < 300 ? null : 'dispatch_failed';
}
