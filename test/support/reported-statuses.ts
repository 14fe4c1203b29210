import type { CallStatusName } from '#domain/call.ts';

/** What a carrier may report of a call once it has begun one, in the order in which it gets there. */
export const CALL_STATUSES = [
  'ringing',
  'in_progress',
  'completed',
  'busy',
  'no_answer',
  'failed',
  'canceled',
] as const satisfies CallStatusName[];

/** The same of a text. */
export const TEXT_STATUSES = ['sending', 'sent', 'delivered', 'undelivered', 'failed'] as const;
