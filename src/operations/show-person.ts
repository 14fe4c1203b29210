import { isInFlight, readPerson } from '#db/person-facts.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

/** How much is kept about one person, and whether something with them is under way. */
export type PersonSummary = {
  phoneNumber: string;
  campaigns: number;
  attempts: number;
  calls: number;
  recordings: number;
  texts: number;
  consents: number;
  isSuppressed: boolean;
  isInFlight: boolean;
};

/** Counts what is kept about a person. Throws `phone_invalid`. */
export async function showPerson(
  deps: Pick<Deps, 'db'>,
  { workspaceId, phone }: { workspaceId: number; phone: string },
): Promise<PersonSummary> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  const kept = await readPerson(deps.db, { workspaceId, phoneNumber });
  return {
    phoneNumber,
    campaigns: kept.contacts.length,
    attempts: kept.attempts.length,
    calls: kept.calls.length,
    recordings: kept.recordings.filter(({ status }) => status === 'completed').length,
    texts: kept.inboundTexts.length,
    consents: kept.consents.length,
    isSuppressed: kept.suppressions.some(({ liftedAt }) => liftedAt === null),
    isInFlight: await isInFlight(deps.db, { workspaceId, phoneNumber }),
  };
}
