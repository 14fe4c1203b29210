import { readAssistant } from '#db/assistants.ts';
import { actionsOf } from '#db/call-actions.ts';
import { turnsOfCalls } from '#db/call-transcripts.ts';
import { readCampaign } from '#db/campaigns.ts';
import { claimSession } from '#db/turns.ts';
import type { CallScript, TransferTarget } from '#domain/call.ts';
import type { Reach } from '#domain/conversation/spoken-time.ts';
import type { TalkFacts } from '#domain/conversation/talk.ts';
import type { ToolScope } from '#domain/conversation/tools.ts';
import { reachOf } from '#domain/gate.ts';
import { hoursOf } from '#domain/settings.ts';
import type { SessionOpening } from '#ports/conversation.ts';
import type { Deps } from './deps.ts';
import type { TurnKeeper } from './turn-keeper.ts';

/** A call as its conversation knows it. `isReconnected`: its first session broke and this is the second. */
export type TalkingCall = {
  id: number;
  workspaceId: number;
  campaignId: number | null;
  contactId: number | null;
  contactNumber: string;
  ourNumber: string;
  direction: 'inbound' | 'outbound';
  sessionRef: string;
  session: number;
  isReconnected: boolean;
  script: CallScript;
  assistant: {
    prompt: string | null;
    model: string | null;
    isScripted: boolean;
    transferTargets: readonly TransferTarget[];
  };
  reach: Reach;
  scope: ToolScope;
  /** What was said and done before a line that broke. */
  before: { role: 'assistant' | 'contact' | 'tool' | 'note'; text: string }[];
  isOver: boolean;
};

/**
 * Lets the session of a call begin that its nonce allows, once and in time; null refuses the socket (telephony.md §4).
 * Nothing of what a caller could forge is believed: the row says whose call it is.
 */
export async function openConversation(
  deps: Deps,
  keeper: Pick<TurnKeeper, 'flush'>,
  opening: SessionOpening,
): Promise<TalkingCall | null> {
  const { provider } = deps.telephony;
  const { nonce, ref, sessionRef } = opening;
  const row = await claimSession(deps.db, { provider, nonce, ref, sessionRef, now: deps.clock.now() });
  if (!row) return null;
  const assistant =
    row.assistantId === null ? null : await readAssistant(deps.db, row.workspaceId, row.assistantId);
  const campaign =
    row.campaignId === null ? null : ((await readCampaign(deps.db, row.campaignId))?.campaign ?? null);
  const isReconnected = row.sessions > 1;
  if (isReconnected) await keeper.flush();
  const before = isReconnected ? await turnsOfCalls(deps.db, [row.id]) : [];
  const done = isReconnected ? await actionsOf(deps.db, row.id) : [];
  const transferTargets = assistant?.transferTargets ?? [];
  const { id, workspaceId, campaignId, contactId, contactNumber, ourNumber, direction, script } = row;
  return {
    ...{ id, workspaceId, campaignId, contactId, contactNumber, ourNumber, direction, script },
    sessionRef,
    session: row.sessions,
    isReconnected,
    assistant: {
      prompt: assistant?.prompt ?? null,
      model: assistant?.model ?? null,
      isScripted: assistant?.isScripted ?? true,
      transferTargets,
    },
    reach: reachFor(contactNumber, campaign),
    scope: {
      transferTargets: transferTargets.map(({ key, label }) => ({ key, label })),
      canCallBack: contactId !== null,
      hasFollowUpText: contactId !== null && (campaign?.smsMessageTemplate ?? '').trim() !== '',
    },
    before: before.map(({ role, text, heardText }) => ({ role, text: heardText ?? text })),
    isOver: done.some(({ tool }) => LAST_ACTS.includes(tool)),
  };
}

/** What the rules of a conversation need to know of its call at an instant. */
export function factsOf({ script, reach, scope }: TalkingCall, now: Date): TalkFacts {
  const transferKey = scope.transferTargets[0]?.key ?? null;
  return { script, now, reach, transferKey, canCallBack: scope.canCallBack };
}

/** After these nothing more is talked about. */
const LAST_ACTS = ['mark_do_not_call', 'note_wrong_number', 'end_call', 'note_machine'];

type Campaign = NonNullable<Awaited<ReturnType<typeof readCampaign>>>['campaign'];

/** The clock a person speaks of, and when they may be called. */
function reachFor(phoneNumber: string, campaign: Campaign | null): Reach {
  const { zones, hours } = reachOf({
    phoneNumber,
    hours: hoursOf(campaign?.allowedHours ?? null),
    zone: campaign?.timeZone ?? 'UTC',
    followsContact: campaign?.contactTimeZone ?? true,
  });
  return { zone: zones.zones[0] ?? campaign?.timeZone ?? 'UTC', zones: zones.zones, hours };
}
