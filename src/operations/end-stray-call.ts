import { readCampaign } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';

/** A call that the provider has for an attempt which another call owns. */
export type StrayCall = { ref: string; attemptId: number; campaignId: number; phone: string };

/**
 * Has a second call for one attempt ended after the commit, and tells the thread that it was there (telephony.md §2). One
 * that is over already is told alone.
 */
export async function endStrayLater(
  deps: Deps,
  tx: Transaction,
  stray: StrayCall,
  isOver = false,
): Promise<void> {
  deps.log.error({ attemptId: stray.attemptId, ref: stray.ref }, 'a second call was made for one attempt');
  if (!isOver)
    await enqueue(tx, deps.clock, 'end_stray_call', { ref: stray.ref }, { key: `stray:${stray.ref}` });
  const row = await readCampaign(tx, stray.campaignId);
  if (!row) return;
  await announce(tx, deps, {
    workspaceId: row.workspace.id,
    campaignId: stray.campaignId,
    channelId: row.campaign.channelId,
    key: `stray:${stray.ref}`,
    content: {
      kind: 'note',
      level: 'problem',
      text: `The carrier has a second call to ${maskPhone(stray.phone)} that was not asked for. It is hung up at once; the first one goes on.`,
      buttons: [],
    },
  });
}

/** Ends such a call at the provider, whether it is queued, rings or was answered. Throws when that is not known, to be tried again. */
export async function endStrayCall(
  { telephony }: Pick<Deps, 'telephony'>,
  { ref }: { ref: string },
): Promise<void> {
  const canceled = await telephony.cancelCall(ref);
  if (canceled.kind === 'done') return;
  const ended = await telephony.hangUp(ref);
  const lost = [canceled, ended].find((change) => change.kind === 'unknown');
  if (ended.kind !== 'done' && lost?.kind === 'unknown')
    throw new Error(`the second call could not be ended: ${lost.cause}`);
}
