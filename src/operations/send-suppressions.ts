import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { exportSuppressions } from './export-suppressions.ts';
import { uploadInParts } from './upload-in-parts.ts';

/**
 * Hands the whole do-not-call list to one person as CSV: numbers are unmasked in it, so it goes into their direct messages and
 * nowhere else. A list longer than one upload comes in several files, and none of it is left out.
 */
export async function sendSuppressions(
  deps: Pick<Deps, 'db' | 'chat' | 'log'>,
  { workspaceId, place }: { workspaceId: number; place: ChatPlace },
  maxBytes?: number,
): Promise<void> {
  const name = { name: 'do-not-call', title: 'Do-not-call list', what: 'The do-not-call list' };
  await uploadInParts(deps, place, { ...name, rows: exportSuppressions(deps, { workspaceId }) }, maxBytes);
}
