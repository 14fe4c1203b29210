import { readInboundText } from '#db/inbound-texts.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { suppress } from './suppress.ts';

/** Puts whoever wrote a text on the do-not-call list, on somebody's wish. `changed` is false when they stood there. */
export async function suppressFromReply(
  deps: Deps,
  { inboundTextId, actor }: { inboundTextId: number; actor: Actor },
): Promise<{ changed: boolean }> {
  const asked = await readInboundText(deps.db, inboundTextId);
  if (!asked) throw new Refusal('reply_not_found', {});
  const { workspaceId, fromNumber, campaignId } = asked.text;
  const changed = await deps.db.transaction((tx) =>
    suppress(deps, tx, {
      workspaceId,
      phoneNumber: fromNumber,
      channel: 'all',
      reason: 'A colleague read their text and asked for it.',
      source: 'manual',
      campaignId,
      actor,
    }),
  );
  return { changed };
}
