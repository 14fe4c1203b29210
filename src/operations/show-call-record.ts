import { type ListedCall, readListedCall } from '#db/call-list.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** Which call is meant: by our own id, or by the one that the provider gave it. */
export type CallName = { id: number } | { sid: string };

/** One call of a workspace as lists tell of it. Throws `call_not_found`, also before the provider has it. */
export async function showCallRecord(
  deps: Pick<Deps, 'db' | 'telephony'>,
  { workspaceId, call }: { workspaceId: number; call: CallName },
): Promise<ListedCall> {
  const { provider } = deps.telephony;
  const found = await readListedCall(
    deps.db,
    workspaceId,
    'sid' in call ? { provider, ref: call.sid } : call,
  );
  if (!found) throw new Refusal('call_not_found', {});
  return found;
}
