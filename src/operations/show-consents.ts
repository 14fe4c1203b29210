import { type ConsentRow, consentsOf } from '#db/consents.ts';
import { suppressionsInForce } from '#db/suppressions.ts';
import { readWorkspace } from '#db/workspaces.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/** What is on record about the consent of one person, and what hangs on it. */
export type ConsentStory = {
  phoneNumber: string;
  /** The newest first; those withdrawn too. */
  consents: ConsentRow[];
  /** Whether the workspace contacts nobody without one. */
  isDemanded: { voice: boolean; sms: boolean };
  /** Whether they stand on the do-not-call list, which no consent overrules. */
  isSuppressed: boolean;
};

/** Reads what somebody consented to and withdrew. Throws `phone_invalid`. */
export async function showConsents(
  deps: Pick<Deps, 'db'>,
  { workspaceId, phone }: { workspaceId: number; phone: string },
): Promise<ConsentStory> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  const workspace = await readWorkspace(deps.db, workspaceId);
  const entries = await suppressionsInForce(deps.db, workspaceId, phoneNumber);
  return {
    phoneNumber,
    consents: await consentsOf(deps.db, workspaceId, phoneNumber),
    isDemanded: {
      voice: workspace?.requiresCallConsent ?? false,
      sms: workspace?.requiresTextConsent ?? false,
    },
    isSuppressed: entries.some(({ onlyCampaignId }) => onlyCampaignId === null),
  };
}
