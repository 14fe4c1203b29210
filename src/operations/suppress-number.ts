import { readWorkspace } from '#db/workspaces.ts';
import { PHONE_PROBLEMS, toE164 } from '#domain/phone.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type Suppression, suppress } from './suppress.ts';

/**
 * Puts a number that somebody typed on the do-not-call list, for one campaign where `onlyCampaignId` names it. Throws
 * `phone_invalid` with the reason.
 */
export async function suppressNumber(
  deps: Deps,
  input: Omit<Suppression, 'phoneNumber' | 'campaignId'> & { phone: string; campaignId?: number | null },
): Promise<{ phoneNumber: string; changed: boolean }> {
  const phoneNumber = await typedNumber(deps, input.workspaceId, input.phone);
  const { phone: _, campaignId = null, ...entry } = input;
  const changed = await deps.db.transaction((tx) =>
    suppress(deps, tx, { ...entry, phoneNumber, campaignId }),
  );
  return { phoneNumber, changed };
}

/** The number that somebody typed, in E.164, read in the workspace's country. Throws `phone_invalid` with the reason. */
export async function typedNumber(
  deps: Pick<Deps, 'db'>,
  workspaceId: number,
  phone: string,
): Promise<string> {
  const workspace = await readWorkspace(deps.db, workspaceId);
  const read = toE164(phone, workspace?.defaultCountry ?? 'US');
  if (!read.ok) throw new Refusal('phone_invalid', { problem: PHONE_PROBLEMS[read.reason] });
  return read.phoneNumber;
}
