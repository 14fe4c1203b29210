import { readAssistant } from '#db/assistants.ts';
import { actionsOf, readContact } from '#db/call-actions.ts';
import { turnsOfCalls } from '#db/call-transcripts.ts';
import { readCampaign } from '#db/campaigns.ts';
import { claimSession } from '#db/turns.ts';
import { readWorkspace } from '#db/workspaces.ts';
import type { CallScript, TransferTarget } from '#domain/call.ts';
import type { Reach } from '#domain/conversation/spoken-time.ts';
import type { TalkFacts } from '#domain/conversation/talk.ts';
import type { ToolScope } from '#domain/conversation/tools.ts';
import { campaignHoursOf, reachOf, type Whereabouts } from '#domain/reach.ts';
import type { SessionOpening } from '#ports/conversation.ts';
import type { Deps } from './deps.ts';
import { readPolicy } from './read-policy.ts';
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
    reach: await reachFor(deps, row, campaign),
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

type Called = { workspaceId: number; contactId: number | null; contactNumber: string };

/** The clock a person speaks of, and when they may be called. */
async function reachFor(deps: Deps, called: Called, campaign: Campaign | null): Promise<Reach> {
  const now = deps.clock.now();
  const workspace = await readWorkspace(deps.db, called.workspaceId);
  if (!workspace) throw new Error(`a call of workspace ${called.workspaceId}, which does not exist`);
  const contact = called.contactId === null ? null : await readContact(deps.db, called.contactId);
  const who: Whereabouts = contact ?? { phoneNumber: called.contactNumber, ownZones: null, ownRegion: null };
  const policy = await readPolicy(deps, deps.db, workspace, now, campaign?.holidayPlaces);
  const hours = campaignHoursOf(campaign ?? NO_CAMPAIGN, policy.holidays);
  const { zones, hours: windows } = reachOf({ who, channel: 'call', hours, policy });
  const zone = zones.zones[0] ?? campaign?.timeZone ?? workspace.timeZone;
  return { zone, zones: zones.zones, hours: windows };
}

/** Of a call that belongs to none, the law alone says when. */
const NO_CAMPAIGN = {
  allowedHours: null,
  additionalHours: [],
  pauseDates: [],
  holidayPlaces: [],
  timeZone: 'UTC',
  contactTimeZone: true,
};
