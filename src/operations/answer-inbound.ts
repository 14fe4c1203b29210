import {
  assistantOfNumber,
  type CallRow,
  insertInboundCall,
  lockInboundCall,
  newestReach,
  type Reach,
} from '#db/call-desk.ts';
import type { Transaction } from '#db/client.ts';
import { homeWorkspaceId } from '#db/inbound-texts.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { deskWords } from '#domain/desk-words.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { toE164 } from '#domain/phone.ts';
import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import { announce } from './announce.ts';
import { beginSteps, HANG_UP, sayStep } from './call-steps.ts';
import { cancelFollowUp } from './cancel-follow-up.ts';
import type { Deps } from './deps.ts';
import { backScript, strangerScript } from './inbound-script.ts';

/** Who was called or texted may ring back within this time, as replies count (campaign-api §7.18). */
const RING_BACK_MS = 30 * 86_400_000;
/** Stands where the caller's number is not shown to us. */
const WITHHELD = 'anonymous';

/** The message that shows a call to us in its campaign's thread, from its beginning on. */
export function inboundNoteKey(callId: number): string {
  return `inbound-call:${callId}`;
}

type Asked = Parameters<CallDesk['answerInbound']>[0];
type Answer = Awaited<ReturnType<CallDesk['answerInbound']>>;

/**
 * Somebody calls one of our numbers. Whom we called or texted lately is answered by the assistant of that campaign, and
 * its thread shows the call; anybody else hears who we are and may opt out; a caller without a number hears how to. The
 * same call asked about twice gets the same answer.
 */
export async function answerInbound(deps: Deps, asked: Asked): Promise<Answer> {
  return deps.db.transaction(async (tx) => {
    const call = await takeCall(deps, tx, asked);
    // Nobody has set anything up yet: there is no company to speak for.
    if (!call) return { token: deps.randomToken(), steps: HANG_UP };
    return { token: call.token, steps: await stepsOf(deps, tx, call) };
  });
}

async function stepsOf(deps: Deps, tx: Transaction, call: CallRow): Promise<CallStep[]> {
  if (call.contactNumber === WITHHELD) return [sayStep(call.script, call.script.greeting), ...HANG_UP];
  return call.endedAt === null ? beginSteps(deps, tx, call) : HANG_UP;
}

async function takeCall(deps: Deps, tx: Transaction, asked: Asked): Promise<CallRow | null> {
  const key = { provider: deps.telephony.provider, ref: asked.ref };
  const known = await lockInboundCall(tx, key);
  if (known) return known;
  const caller = toE164(asked.from, 'US');
  const isShown = asked.from.startsWith('+') && caller.ok;
  const made = isShown
    ? await takeShown(deps, tx, { ...asked, from: caller.phoneNumber })
    : await storeStranger(deps, tx, { ...asked, from: WITHHELD });
  // Two answers at once: the other one has stored it.
  return made === 'stored_already' ? lockInboundCall(tx, key) : made;
}

type Stored = CallRow | 'stored_already' | null;

async function takeShown(deps: Deps, tx: Transaction, asked: Asked): Promise<Stored> {
  const since = new Date(deps.clock.now().getTime() - RING_BACK_MS);
  const owner = await assistantOfNumber(tx, asked.to);
  const reach = await newestReach(tx, {
    phoneNumber: asked.from,
    ourNumber: asked.to,
    ownerId: owner?.workspaceId ?? null,
    since,
  });
  return reach ? storeContact(deps, tx, asked, reach) : storeStranger(deps, tx, asked);
}

async function storeContact(deps: Deps, tx: Transaction, asked: Asked, reach: Reach): Promise<Stored> {
  const workspace = await readWorkspace(tx, reach.workspaceId);
  const assistant = reach.assistant ?? (await assistantOfNumber(tx, asked.to));
  const script = backScript(reach, assistant, workspace);
  const call = await store(deps, tx, asked, {
    workspaceId: reach.workspaceId,
    campaignId: reach.campaign.id,
    contactId: reach.contactId,
    assistantId: assistant?.id ?? null,
    script,
  });
  if (!call) return 'stored_already';
  const { id: campaignId, campaignType } = reach.campaign;
  await cancelFollowUp(deps, tx, { campaignId, contactId: reach.contactId, campaignType });
  await announce(tx, deps, {
    workspaceId: call.workspaceId,
    campaignId: reach.campaign.id,
    channelId: reach.campaign.channelId,
    key: inboundNoteKey(call.id),
    content: {
      kind: 'call_note',
      callId: call.id,
      campaignId: reach.campaign.id,
      direction: 'inbound',
      assistantName: script.assistantName,
      contactName: script.contactName,
      maskedPhone: maskPhone(asked.from),
      isLive: true,
      result: null,
      summary: null,
      answers: {},
      callback: null,
      durationSeconds: null,
      hasRecording: false,
    },
  });
  return call;
}

async function storeStranger(deps: Deps, tx: Transaction, asked: Asked): Promise<Stored> {
  const assistant = await assistantOfNumber(tx, asked.to);
  const workspaceId = assistant?.workspaceId ?? (await homeWorkspaceId(tx));
  const workspace = workspaceId === null ? null : await readWorkspace(tx, workspaceId);
  if (!workspace) return null;
  const script = strangerScript(assistant, workspace);
  const isWithheld = asked.from === WITHHELD;
  const call = await store(deps, tx, asked, {
    workspaceId: workspace.id,
    assistantId: assistant?.id ?? null,
    script: isWithheld
      ? { ...script, isRecording: false, greeting: deskWords(script.language).withheld(script.companyName) }
      : script,
    // It hears one sentence and is over.
    ...(isWithheld ? { endedAt: deps.clock.now(), finishedAt: deps.clock.now(), durationSeconds: 0 } : {}),
  });
  return call ?? 'stored_already';
}

type OfCaller = Pick<Parameters<typeof insertInboundCall>[1], 'workspaceId' | 'script'> & Partial<CallRow>;

async function store(deps: Deps, tx: Transaction, asked: Asked, row: OfCaller): Promise<CallRow | null> {
  const now = deps.clock.now();
  return insertInboundCall(tx, {
    ...row,
    token: deps.randomToken(),
    direction: 'inbound',
    provider: deps.telephony.provider,
    providerRef: asked.ref,
    contactNumber: asked.from,
    ourNumber: asked.to,
    answeredAt: now,
    createdAt: now,
  });
}
