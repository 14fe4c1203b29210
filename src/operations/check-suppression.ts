import { type SuppressionRow, suppressionsInForce } from '#db/suppressions.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/** Whether a number that somebody typed is on the do-not-call list, and how it came there. Throws `phone_invalid`. */
export async function checkSuppression(
  deps: Deps,
  { workspaceId, phone }: { workspaceId: number; phone: string },
): Promise<{ phoneNumber: string; entries: SuppressionRow[] }> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  return { phoneNumber, entries: await suppressionsInForce(deps.db, workspaceId, phoneNumber) };
}
