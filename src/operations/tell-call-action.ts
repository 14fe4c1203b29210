import { insertNoteTurn } from '#db/call-transcripts.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import type { KnownCall } from '#db/live-calls.ts';
import { type Actor, actorText, nameOf } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { touchTranscript } from './touch-transcript.ts';

/** What became of something that a person asked to be done with a call, and the sentence they read about it. */
export type CallActionResult = { kind: 'done' | 'too_late' | 'unknown'; sentence: string };

export type CallAction = {
  kind: 'hung_up' | 'taken_over';
  actor: Actor;
  /** A line of the transcript. */
  noted: string;
  /** What the person of `actor` did, between their name and the contact's: “hung up the call with”. */
  did: string;
};

/** Keeps what a person did with a call: in its transcript, in the campaign's history, and in the thread. */
export async function tellCallAction(
  deps: Deps,
  tx: Transaction,
  { call, campaign }: KnownCall,
  { kind, actor, noted, did }: CallAction,
): Promise<void> {
  const now = deps.clock.now();
  await insertNoteTurn(tx, { callId: call.id, text: noted, createdAt: now });
  await touchTranscript(tx, deps, call.id);
  await recordCampaignEvent(tx, {
    workspaceId: call.workspaceId,
    campaignId: campaign?.id ?? null,
    actor: actorText(actor),
    kind: `call_${kind}`,
    details: { callId: call.id },
    createdAt: now,
  });
  if (!campaign) return;
  const name = call.script.contactName;
  const person = name ? `${name} (${maskPhone(call.contactNumber)})` : maskPhone(call.contactNumber);
  await announce(tx, deps, {
    workspaceId: call.workspaceId,
    campaignId: campaign.id,
    channelId: campaign.channelId,
    key: `${kind}:${call.id}:${now.getTime()}`,
    content: {
      kind: 'note',
      level: 'info',
      text: `${nameOf(actor)} ${did} ${person}.`,
      by: actor.kind === 'slack_user' ? actor.userId : null,
      buttons: [],
    },
  });
}
