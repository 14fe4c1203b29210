import { type AssistantRow, allAssistants } from '#db/assistants.ts';
import { type NumberUser, readNumberUsers } from '#db/number-users.ts';
import { Refusal } from '#domain/refusal.ts';
import { LookupFailed, type OurNumber } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';

/**
 * One of our numbers with who of a workspace contacts people from it. `assistants`: those in use first, and of them those
 * first that call from it where nothing else is set. `campaigns`: the newest that are not over, of `campaignCount`.
 * `isDefaultFor`: what comes from it where neither campaign nor assistant has a number.
 */
export type UsedNumber = OurNumber & {
  provider: string;
  assistants: AssistantRow[];
  campaigns: NumberUser[];
  campaignCount: number;
  isDefaultFor: ('calls' | 'texts')[];
};

const MOST_CAMPAIGNS = 20;

/** Every number that is ours at the provider. Throws `numbers_unknown` when it cannot be asked. */
export async function readOurNumbers(deps: Pick<Deps, 'telephony'>): Promise<OurNumber[]> {
  try {
    const numbers = await deps.telephony.listNumbers();
    return numbers.toSorted((a, b) => (a.phoneNumber < b.phoneNumber ? -1 : 1));
  } catch (cause) {
    if (cause instanceof LookupFailed) throw new Refusal('numbers_unknown', {});
    throw cause;
  }
}

/** Who of a workspace uses these numbers. */
export async function whoUsesNumbers(
  deps: Pick<Deps, 'db' | 'telephony' | 'defaultSender' | 'defaultCaller'>,
  { workspaceId, numbers }: { workspaceId: number; numbers: OurNumber[] },
): Promise<UsedNumber[]> {
  const { defaultSender, defaultCaller: caller, telephony } = deps;
  const texter = defaultSender?.kind === 'number' ? defaultSender.phoneNumber : null;
  const assistants = await allAssistants(deps.db, workspaceId);
  const asked = { workspaceId, caller, texter, most: MOST_CAMPAIGNS };
  const users = Map.groupBy(await readNumberUsers(deps.db, asked), ({ number }) => number);
  return numbers.map((number) => {
    const { phoneNumber } = number;
    const campaigns = users.get(phoneNumber) ?? [];
    return {
      ...number,
      provider: telephony.provider,
      assistants: assistantsWith(phoneNumber, assistants),
      campaigns,
      campaignCount: campaigns[0]?.total ?? 0,
      isDefaultFor: [
        ...(phoneNumber === caller ? (['calls'] as const) : []),
        ...(phoneNumber === texter ? (['texts'] as const) : []),
      ],
    };
  });
}

/** The first number of an assistant is the one it calls from. */
function assistantsWith(phoneNumber: string, assistants: AssistantRow[]): AssistantRow[] {
  const rank = ({ isActive, phoneNumbers }: AssistantRow) =>
    (isActive ? 0 : 1_000) + phoneNumbers.indexOf(phoneNumber);
  return assistants
    .filter(({ phoneNumbers }) => phoneNumbers.includes(phoneNumber))
    .toSorted((a, b) => rank(a) - rank(b));
}
