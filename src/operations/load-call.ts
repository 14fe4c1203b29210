import { type KnownCall, readKnownCall } from '#db/live-calls.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Right } from '#domain/rights.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';

export type CallOfActor = { workspaceId: number; callId: number; actor: Actor };

/** A call for somebody who may do this with it. Throws `call_not_found` and the refusals of `authorize`. */
export async function loadCall(
  deps: Deps,
  { workspaceId, callId, actor }: CallOfActor,
  right: Right,
): Promise<KnownCall> {
  const known = await readKnownCall(deps.db, workspaceId, callId);
  if (!known) throw new Refusal('call_not_found', {});
  await authorize(deps, { workspaceId, actor, channelId: known.campaign?.channelId ?? null, right });
  return known;
}

/** A call that somebody talks on now. Throws `call_over` and `call_not_answered` besides. */
export async function loadHeldCall(
  deps: Deps,
  asked: CallOfActor,
  right: Right,
): Promise<KnownCall & { ref: string }> {
  const known = await loadCall(deps, asked, right);
  const { endedAt, answeredAt, providerRef } = known.call;
  if (endedAt !== null) throw new Refusal('call_over', {});
  if (answeredAt === null || providerRef === null) throw new Refusal('call_not_answered', {});
  return { ...known, ref: providerRef };
}
