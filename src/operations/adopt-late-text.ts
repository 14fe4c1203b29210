import { reopenAttempt } from '#db/calls.ts';
import { readCampaign } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import {
  type AttemptEnding,
  type AttemptRow,
  advanceTexts,
  correctContact,
  correctEnding,
  hasNewerText,
} from '#db/ledger.ts';
import { type AttemptOutcome, TEXT_STATUS_RANK } from '#domain/attempt.ts';
import { FIRST_RECEIPT_LOOK_MS } from '#domain/look-times.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { TextStatusEvent } from '#ports/telephony.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { endUnsettled } from './end-attempts.ts';
import { touchCard } from './wake-campaign.ts';

/**
 * The provider reports on a text that we had given up on as never taken. The person has it: if nothing newer went to
 * them they are done, so that it is not sent again; if something did, the thread says plainly that they got two. In a mixed
 * campaign the attempt is taken back, because the other channel may have to follow.
 */
export async function adoptLateText(
  deps: Deps,
  tx: Transaction,
  { attempt, event }: { attempt: AttemptRow; event: TextStatusEvent },
): Promise<void> {
  if (await takesBack(deps, tx, attempt, event)) return;
  const isFailure =
    event.status === 'undelivered' || event.status === 'failed' || event.status === 'canceled';
  const now = deps.clock.now();
  await correctEnding(
    tx,
    {
      id: attempt.id,
      outcome: isFailure
        ? (event.status as AttemptOutcome)
        : event.status === 'delivered'
          ? 'delivered'
          : 'sent',
      providerRef: event.ref,
      providerStatus: event.status,
      failureClass: event.refusal?.class ?? null,
      failureCode: event.refusal?.code ?? null,
    },
    now,
  );
  const status = isFailure ? 'failed' : 'completed';
  deps.log.warn({ attemptId: attempt.id }, 'the provider reported on a text that was given up on');
  if (attempt.purpose === 'campaign') {
    await correctContact(tx, attempt, { from: 'pending', status, usedChange: 1 });
    if (!isFailure && (await hasNewerText(tx, attempt))) await tellDouble(deps, tx, attempt);
  }
  await touchCard(tx, deps, attempt.campaignId);
}

/** Whether the attempt goes on where it was given up, as one of a mixed campaign does when nothing newer went out. */
async function takesBack(
  deps: Deps,
  tx: Transaction,
  attempt: AttemptRow,
  { ref, status, refusal }: TextStatusEvent,
): Promise<boolean> {
  const row = await readCampaign(tx, attempt.campaignId);
  const isMixed = row?.campaign.campaignType === 'mixed' && attempt.purpose === 'campaign';
  if (!isMixed || !(await reopenAttempt(tx, attempt))) return false;
  if (TEXT_STATUS_RANK[status] === TEXT_STATUS_RANK.delivered) {
    const outcome = status as AttemptOutcome;
    await endUnsettled(deps, tx, [{ id: attempt.id, outcome, ref, status, refusal }]);
  } else {
    const lookAt = new Date(deps.clock.now().getTime() + FIRST_RECEIPT_LOOK_MS);
    await advanceTexts(tx, [{ id: attempt.id, ref, status, lookAt }]);
  }
  return true;
}

/** A receipt contradicts our own conclusion that a text without one had arrived: the contact was not reached. */
export async function correctText(tx: Transaction, ending: AttemptEnding, now: Date): Promise<void> {
  const attempt = await correctEnding(tx, ending, now);
  if (!attempt || ending.outcome === 'delivered') return;
  await correctContact(tx, attempt, { from: 'completed', status: 'failed', usedChange: 0 });
}

async function tellDouble(deps: Deps, tx: Transaction, attempt: AttemptRow): Promise<void> {
  const row = await readCampaign(tx, attempt.campaignId);
  await announce(tx, deps, {
    workspaceId: attempt.workspaceId,
    campaignId: attempt.campaignId,
    channelId: row?.campaign.channelId ?? null,
    key: `double:${attempt.id}`,
    content: {
      kind: 'note',
      level: 'problem',
      text: `${maskPhone(attempt.phoneNumber)} got the text twice: the carrier took one after it had told us that it had none. Nothing more is sent to this person by itself.`,
      buttons: [],
    },
  });
}
