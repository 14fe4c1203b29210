import type { CampaignRow } from '#db/campaigns.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { countDialing, lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { readInboundText } from '#db/inbound-texts.ts';
import { attemptIdByToken } from '#db/ledger.ts';
import { type Actor, actorText, nameOf } from '#domain/actor.ts';
import type { GateVerdict } from '#domain/gate.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { Refusal } from '#domain/refusal.ts';
import { MAX_TEXT_CHARACTERS, measureText } from '#domain/segments.ts';
import { describeInstant } from '#domain/window-words.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { judgePerson } from './judge-contacts.ts';
import { placeAttempts } from './place-attempts.ts';
import { writeAnswer } from './write-answer.ts';
import type { ClaimedAttempt } from './write-attempts.ts';

export type SendReplyInput = {
  workspaceId: number;
  inboundTextId: number;
  body: string;
  actor: Actor;
  requestKey: string;
};
type Asked = NonNullable<Awaited<ReturnType<typeof readInboundText>>>;

/**
 * Answers somebody who texted, from the number they wrote to, through the same gate and ledger as everything else. The
 * same request sent twice is one text; another workspace’s is `reply_not_found`. Throws when the person must not be texted, or not now, with the reason.
 */
export async function sendReply(deps: Deps, input: SendReplyInput): Promise<{ attemptId: number }> {
  const body = input.body.trim();
  if (body === '') throw new Refusal('message_empty', {});
  if (body.length > MAX_TEXT_CHARACTERS) throw new Refusal('message_too_long', { characters: body.length });
  const asked = await readInboundText(deps.db, input.inboundTextId);
  if (!asked?.contact || !asked.campaign || asked.text.workspaceId !== input.workspaceId)
    throw new Refusal('reply_not_found', {});
  const token = `reply-${input.requestKey}`;
  const claimed = await deps.db.transaction((tx) => claimReply(deps, tx, asked, { ...input, body, token }));
  if (claimed) await placeAttempts(deps, [claimed]);
  const attemptId = claimed?.id ?? (await attemptIdByToken(deps.db, token));
  if (attemptId === null) throw new Error('a reply was neither written nor found');
  return { attemptId };
}

async function claimReply(
  deps: Deps,
  tx: Transaction,
  { text, contact }: Asked,
  given: { body: string; token: string; actor: Actor },
): Promise<ClaimedAttempt | null> {
  const locked = contact && (await lockCampaign(tx, contact.campaignId));
  if (!contact || !locked) throw new Refusal('reply_not_found', {});
  const now = deps.clock.now();
  const verdict = await judgePerson(deps, tx, locked, { ...contact, channel: 'sms', why: 'answer' }, now);
  if (verdict.kind !== 'go') throw refusalOf(verdict, now, locked.campaign.timeZone);
  const { inWorkspace } = await countDialing(tx, locked.workspace, locked.campaign.id);
  if (inWorkspace >= locked.workspace.concurrentLimit) throw new Refusal('number_in_flight', {});
  const written = await writeAnswer(deps, tx, locked, verdict, {
    token: given.token,
    contact,
    sender: text.toNumber,
    body: given.body,
    segments: measureText(given.body).segments,
    createdBy: actorText(given.actor),
  });
  if (written === 'over_budget') throw new Refusal('budget_spent', {});
  if (written === 'written_before') return null;
  await tellAnswer(deps, tx, locked.campaign, { attemptId: written.id, contact, ...given });
  return written;
}

/** Colleagues read the thread: without the answer in it the next one answers the same text again. */
async function tellAnswer(
  deps: Deps,
  tx: Transaction,
  campaign: CampaignRow,
  told: { attemptId: number; contact: NonNullable<Asked['contact']>; body: string; actor: Actor },
): Promise<void> {
  const { name } = told.contact.variableValues;
  const phone = maskPhone(told.contact.phoneNumber);
  await recordCampaignEvent(tx, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    actor: actorText(told.actor),
    kind: 'reply_sent',
    details: { attemptId: told.attemptId, phone },
    createdAt: deps.clock.now(),
  });
  const whom = name ? `${name} (${phone})` : phone;
  await announce(tx, deps, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    channelId: campaign.channelId,
    key: `reply-sent:${told.attemptId}`,
    content: {
      kind: 'note',
      level: 'info',
      text: `${nameOf(told.actor)} answered ${whom}: ${told.body}`,
      by: told.actor.kind === 'slack_user' ? told.actor.userId : null,
      buttons: [],
    },
  });
}

function refusalOf(verdict: Exclude<GateVerdict, { kind: 'go' }>, now: Date, zone: string): Refusal {
  if (verdict.kind === 'wait') {
    return verdict.until
      ? new Refusal('outside_window', { when: describeInstant(verdict.until, now, zone) })
      : new Refusal('held_for_review', {});
  }
  const { reason } = verdict;
  if (reason === 'no_time_zone' || reason === 'no_consent') return new Refusal(reason, {});
  if (reason === 'no_window') return new Refusal('outside_window', { when: null });
  return new Refusal('suppressed', {
    source: reason === 'opted_out' ? 'they opted out' : 'put there by hand',
  });
}
