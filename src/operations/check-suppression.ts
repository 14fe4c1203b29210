import { type PrefixRow, prefixesOf } from '#db/suppression-prefixes.ts';
import { type SuppressionRow, suppressionsInForce } from '#db/suppressions.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/**
 * Whether a number that somebody typed is on the do-not-call list, and how it came there: entries of its own, those for one
 * campaign among them, and the ranges it lies in. Throws `phone_invalid`.
 */
export async function checkSuppression(
  deps: Deps,
  { workspaceId, phone }: { workspaceId: number; phone: string },
): Promise<{ phoneNumber: string; entries: SuppressionRow[]; ranges: PrefixRow[] }> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  const entries = await suppressionsInForce(deps.db, workspaceId, phoneNumber);
  return { phoneNumber, entries, ranges: await prefixesOf(deps.db, workspaceId, phoneNumber) };
}
