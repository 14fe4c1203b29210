import type { Counts } from './metrics.ts';

/**
 * Whom a campaign reaches once more (campaign-api §1.5): everybody, those it did not reach, the contacts with these ids,
 * or those with these statuses.
 */
export type Selection = 'all' | 'failed_only' | readonly number[] | { statuses: readonly string[] };

type Status = keyof Counts;
export type CheckedSelection =
  | { statuses: readonly Status[] | 'all' }
  | { ids: readonly number[] }
  | { problem: string };

/** The statuses of a contact that a run can end with. */
const FINAL: readonly Status[] = ['completed', 'failed', 'no_answer', 'busy', 'voicemail', 'skipped'];

/** What `failed_only` means (campaign-api §1.5). */
const NOT_REACHED: readonly Status[] = ['failed', 'no_answer', 'busy', 'voicemail'];

/** Reads a selection that somebody sent; what cannot be one comes back as a sentence. */
export function checkSelection(selection: Selection): CheckedSelection {
  if (selection === 'all') return { statuses: 'all' };
  if (selection === 'failed_only') return { statuses: NOT_REACHED };
  if (Array.isArray(selection)) {
    const isWhole = selection.every((id) => Number.isSafeInteger(id) && id > 0);
    return isWhole
      ? { ids: [...new Set(selection)] }
      : { problem: 'Contacts are chosen by their whole numbers.' };
  }
  const given = (selection as { statuses?: unknown } | null)?.statuses;
  if (!Array.isArray(given)) return { problem: 'Choose all, failed_only, contacts by number, or statuses.' };
  const odd = given.find((status) => !FINAL.includes(status));
  return odd === undefined
    ? { statuses: FINAL.filter((status) => given.includes(status)) }
    : { problem: `“${String(odd).slice(0, 40)}” is none of ${FINAL.join(', ')}.` };
}
