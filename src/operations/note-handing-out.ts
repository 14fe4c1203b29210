import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Executor } from '#db/client.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Deps } from './deps.ts';

/** Which file of people's data somebody had handed out. */
export type HandingOut = {
  workspaceId: number;
  campaignId: number | null;
  actor: Actor;
  file: 'results' | 'evidence' | 'do_not_call_list' | 'audit' | 'calls';
};

/** Keeps who had a file of people's data handed out. */
export async function noteHandingOut(
  deps: Pick<Deps, 'clock'>,
  executor: Executor,
  { workspaceId, campaignId, actor, file }: HandingOut,
): Promise<void> {
  await recordCampaignEvent(executor, {
    workspaceId,
    campaignId,
    actor: actorText(actor),
    kind: 'file_handed_out',
    details: { file },
    createdAt: deps.clock.now(),
  });
}
