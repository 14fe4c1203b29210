import { readAssistant } from '#db/assistants.ts';
import { actionsOf, completeWaiting, finishOnce, promiseCallback } from '#db/call-actions.ts';
import { turnsOfCalls } from '#db/call-transcripts.ts';
import { type CallRow, readCall } from '#db/calls.ts';
import { readCampaign } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { recordingsOfCalls } from '#db/recordings.ts';
import type { ConversationResult } from '#domain/call.ts';
import { type Conversation, isWorthTelling, resultOf, summaryOf } from '#domain/conversation/result.ts';
import type { Act } from '#domain/conversation/talk.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { MOST_CALLBACKS } from '#domain/retry.ts';
import { describeInstant } from '#domain/window-words.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { summarizeCall } from './summarize-call.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

/**
 * Works up the end of a call, once: what came of it and a summary, and a note in the campaign’s thread when a person should
 * know (somebody wants to be called, was put through, complained, said yes or wants no more calls), and of every call made
 * to us. Calls on which nobody talked have their result too.
 */
export async function finishCall(deps: Deps, { callId }: { callId: number }): Promise<void> {
  const call = await readCall(deps.db, callId);
  if (!call || call.endedAt === null || call.finishedAt !== null) return;
  const conversation = await conversationOf(deps, call);
  const result = resultOf(conversation);
  const plain = summaryOf(conversation, result);
  const summary = (await summarizeCall(deps, call, conversation, result)) ?? plain;
  await deps.db.transaction(async (tx) => {
    const end = { finishedAt: deps.clock.now(), result, summary };
    if (!(await finishOnce(tx, callId, end)) || call.campaignId === null) return;
    await moveCaller(deps, tx, call, result);
    const isWorthIt = call.direction === 'inbound' || isWorthTelling(conversation, result);
    if (isWorthIt) await tellCall(deps, tx, call, { result, summary });
    await touchCard(tx, deps, call.campaignId);
  });
}

async function conversationOf(deps: Deps, call: CallRow): Promise<Conversation> {
  const acts = await actionsOf(deps.db, call.id);
  const turns = await turnsOfCalls(deps.db, [call.id]);
  return {
    acts: acts.map(({ tool, arguments: given }) => ({ tool: tool as Act['tool'], arguments: given })),
    turns: turns.map(({ role, text, heardText }) => ({ role, text: heardText ?? text })),
    hasSpoken: call.spokeAt !== null,
    isMachine: ['machine', 'machine_ready', 'fax'].includes(call.answeredBy ?? '') && call.spokeAt === null,
    voicemailLeft: call.voicemailLeftAt !== null,
    hasCallback: call.callbackAt !== null,
    transferLabel: call.transferKey === null ? null : await transferLabelOf(deps, call),
    answers: call.answers,
  };
}

async function transferLabelOf(
  deps: Deps,
  { assistantId, workspaceId, transferKey }: CallRow,
): Promise<string> {
  const assistant = assistantId === null ? null : await readAssistant(deps.db, workspaceId, assistantId);
  return assistant?.transferTargets.find(({ key }) => key === transferKey)?.label ?? 'a colleague';
}

/**
 * Whoever called us is called back by the campaign that they are a contact of if that was promised, and is not called again
 * by it if they have talked.
 */
async function moveCaller(
  deps: Deps,
  tx: Transaction,
  { direction, contactId, callbackAt }: CallRow,
  result: ConversationResult | null,
): Promise<void> {
  if (direction !== 'inbound' || contactId === null || result === null || result === 'opted_out') return;
  const isPromised = callbackAt !== null;
  if (!isPromised && !HELD.has(result)) return;
  const campaignId = isPromised
    ? await promiseCallback(tx, contactId, { at: callbackAt, most: MOST_CALLBACKS })
    : await completeWaiting(tx, contactId);
  if (campaignId !== null) await wakeCampaign(tx, deps, campaignId);
}

/** Results of a conversation that was held. */
const HELD: ReadonlySet<ConversationResult> = new Set(['complaint', 'transferred', 'yes', 'no', 'answered']);

async function tellCall(
  deps: Deps,
  tx: Parameters<typeof announce>[0],
  call: CallRow,
  { result, summary }: { result: ConversationResult | null; summary: string | null },
): Promise<void> {
  const row = call.campaignId === null ? null : await readCampaign(tx, call.campaignId);
  if (!row) return;
  const recordings = await recordingsOfCalls(tx, [call.id]);
  await announce(tx, deps, {
    workspaceId: call.workspaceId,
    campaignId: row.campaign.id,
    channelId: row.campaign.channelId,
    key: `call:${call.id}`,
    content: {
      kind: 'call_note',
      callId: call.id,
      campaignId: row.campaign.id,
      direction: call.direction,
      assistantName: call.script.assistantName,
      contactName: call.script.contactName,
      maskedPhone: maskPhone(call.contactNumber),
      isLive: false,
      result,
      summary,
      answers: call.answers,
      callback: callbackWords(deps, call, row.campaign.timeZone),
      durationSeconds: call.durationSeconds,
      hasRecording: recordings.some(({ status }) => status === 'completed'),
    },
  });
}

/** When they want to be called, on their own clock as far as it is known. */
function callbackWords({ clock }: Deps, { callbackAt, contactNumber }: CallRow, zone: string): string | null {
  if (callbackAt === null) return null;
  return describeInstant(callbackAt, clock.now(), candidateZones(contactNumber).zones[0] ?? zone);
}
