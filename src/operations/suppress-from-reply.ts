import { readInboundText } from '#db/inbound-texts.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { suppress } from './suppress.ts';

/**
 * Puts whoever wrote a text on the do-not-call list, on somebody's wish. `changed` is false when they stood there. Throws
 * `reply_not_found`, also for a text to another workspace.
 */
export async function suppressFromReply(
  deps: Deps,
  { workspaceId, inboundTextId, actor }: { workspaceId: number; inboundTextId: number; actor: Actor },
): Promise<{ changed: boolean }> {
  const asked = await readInboundText(deps.db, inboundTextId);
  if (asked?.text.workspaceId !== workspaceId) throw new Refusal('reply_not_found', {});
  const { fromNumber, campaignId } = asked.text;
  const changed = await deps.db.transaction((tx) =>
    suppress(deps, tx, {
      workspaceId,
      phoneNumber: fromNumber,
      channel: 'all',
      reason: 'A colleague read their text and asked for it.',
      source: 'manual',
      isTheirWish: true,
      campaignId,
      actor,
    }),
  );
  return { changed };
}
