import { Refusal } from '#domain/refusal.ts';
import { decideContactHold } from '#operations/decide-contact-hold.ts';
import { decideReview } from '#operations/decide-review.ts';
import { suppressFromReply } from '#operations/suppress-from-reply.ts';
import { parseRowId } from '#slack/action-ids.ts';
import { openReply } from '#slack/modals/reply.ts';
import type { ActionHandler, Press } from './action.ts';
import { settle, tellLate } from './settle.ts';

const NEVER_AGAIN = 'On the do-not-call list: nobody in this workspace will call or text them.';

export const writeReply: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) => openReply(press, rowOf(press)),
};

export const suppressReply: ActionHandler = {
  right: 'suppress',
  runs: 'stored',
  async run(press) {
    const { changed } = await suppressFromReply(press.deps, {
      workspaceId: press.workspaceId,
      inboundTextId: rowOf(press),
      actor: press.actor,
    });
    if (changed) return settle(press, NEVER_AGAIN);
    await tellLate(press, 'They are on the do-not-call list already.');
  },
};

export const suppressHold = decidesHold('suppress', NEVER_AGAIN);
export const keepHold = decidesHold('keep', 'Not an opt-out: what waits for this person goes on.');
export const retryReview = decidesReview('retry', 'Tried again.');
export const assumeDone = decidesReview('assume_done', 'Taken as received.');

function decidesHold(decision: 'suppress' | 'keep', words: string): ActionHandler {
  return {
    right: decision === 'suppress' ? 'suppress' : 'edit',
    runs: 'stored',
    async run(press) {
      const { changed } = await decideContactHold(press.deps, {
        workspaceId: press.workspaceId,
        contactHoldId: rowOf(press),
        decision,
        actor: press.actor,
      });
      if (changed) return settle(press, words);
      await tellLate(press, 'Somebody has decided about this person already.');
    },
  };
}

function decidesReview(decision: 'retry' | 'assume_done', words: string): ActionHandler {
  return {
    right: 'launch',
    runs: 'stored',
    async run(press) {
      const { changed } = await decideReview(press.deps, {
        workspaceId: press.workspaceId,
        attemptId: rowOf(press),
        decision,
        actor: press.actor,
      });
      if (changed) return settle(press, words);
      await tellLate(
        press,
        'Somebody has decided about this already, or the carrier has reported meanwhile.',
      );
    },
  };
}

function rowOf({ value }: Press): number {
  const id = parseRowId(value);
  if (id === null) throw new Refusal('reply_not_found', {});
  return id;
}
