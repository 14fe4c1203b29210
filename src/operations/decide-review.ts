import { recordCampaignEvent } from '#db/campaigns.ts';
import { readAttempt } from '#db/ledger.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Deps } from './deps.ts';
import { endAttempts } from './end-attempts.ts';

export type ReviewDecision = {
  workspaceId: number;
  attemptId: number;
  decision: 'retry' | 'assume_done';
  actor: Actor;
};

/**
 * Somebody decided about a text whose fate the provider could not tell: it is sent again, or taken as received. `changed`
 * is false when a colleague or a late report was faster, or the attempt is another workspace’s.
 */
export async function decideReview(deps: Deps, input: ReviewDecision): Promise<{ changed: boolean }> {
  return deps.db.transaction(async (tx) => {
    const attempt = await readAttempt(tx, input.attemptId);
    const isOurs = attempt?.workspaceId === input.workspaceId;
    if (!isOurs || attempt.state !== 'needs_review') return { changed: false };
    const outcome = input.decision === 'retry' ? 'not_placed' : 'assumed_done';
    await endAttempts(deps, tx, [{ id: attempt.id, outcome, ref: null, status: null, refusal: null }]);
    await recordCampaignEvent(tx, {
      workspaceId: attempt.workspaceId,
      campaignId: attempt.campaignId,
      actor: actorText(input.actor),
      kind: 'review_decided',
      details: { attemptId: attempt.id, decision: input.decision },
      createdAt: deps.clock.now(),
    });
    return { changed: true };
  });
}
