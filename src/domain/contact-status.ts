import type { Counts } from './metrics.ts';
import { listWords } from './phrases.ts';
import { Refusal } from './refusal.ts';

/** The statuses that contacts and executions share (campaign-api §2.3, §7.10). */
export const CONTACT_STATUSES = [
  'pending',
  'in_progress',
  'completed',
  'failed',
  'no_answer',
  'busy',
  'voicemail',
  'skipped',
] as const satisfies readonly (keyof Counts)[];

/** A status as somebody wrote it; null for none. Throws `status_unknown`, which names those there are. */
export function readContactStatus(given: string | undefined): keyof Counts | null {
  if (given === undefined || given === '') return null;
  const status = CONTACT_STATUSES.find((one) => one === given);
  if (!status) throw new Refusal('status_unknown', { given, known: listWords(CONTACT_STATUSES, 'or') });
  return status;
}
