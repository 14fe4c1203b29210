import { eq } from 'drizzle-orm/sql';
import { calls, callTurns } from '#db/call-schema.ts';
import { attempts } from '#db/schema.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { CallStep, SessionEnd } from '#ports/call-flow.ts';
import { ANNA, addContacts, createEngine, type Engine, NOON, phones } from './engine.ts';

export const OUR_NUMBER = '+15005550006';

/** How a session ends whose conversation was lost on a call that goes on. */
export const LOST_SESSION: SessionEnd = {
  sessionRef: null,
  status: 'failed',
  handoff: null,
  problem: '64105',
  isLive: true,
};

type Fields = Partial<Parameters<typeof createCampaign>[1]>;
type AssistantFields = Partial<Parameters<typeof createAssistant>[1]>;

/** A desk that answers the carrier, over an engine; `reset` makes it noon again, with nothing posted in the chat. */
export async function createDeskStage() {
  const engine = await createEngine();
  const { deps, clock, chat } = engine;
  return {
    engine,
    desk: createCallDesk(deps),
    /** The notes in the thread of a campaign. */
    notesIn: (channelId: string): string[] =>
      chat.posted.flatMap(({ place, content }) =>
        place.channelId === channelId && content.kind === 'note' ? [content.text] : [],
      ),
    reset() {
      clock.set(NOON);
      chat.posted.length = 0;
    },
  };
}

let made = 0;

/** An assistant whom Anna and a sales desk stand behind. */
export async function makeAssistant(engine: Engine, fields: AssistantFields = {}): Promise<number> {
  made += 1;
  const { assistantId } = await createAssistant(engine.deps, {
    workspaceId: engine.workspace.id,
    actor: ANNA,
    creationKey: `desk-assistant-${made}`,
    name: `Ava ${made}`,
    voice: 'joanna',
    transferTargets: [
      { key: 'sales', label: 'Sales', phoneNumber: '+12125557001', slackUserId: null },
      { key: 'anna', label: 'Anna', phoneNumber: '+12125557002', slackUserId: ANNA.userId },
    ],
    ...fields,
  });
  return assistantId;
}

/** A running campaign whose only contact, P1, the carrier has just been asked to call; at a number of their own by default. */
export async function placeCall(engine: Engine, fields: Fields = {}, number?: string) {
  made += 1;
  const n = made;
  const { deps } = engine;
  const [phone = ''] = number ? [number] : phones(1, 3000 + n);
  const { campaignId } = await createCampaign(deps, {
    workspaceId: engine.workspace.id,
    actor: ANNA,
    creationKey: `desk-${n}`,
    channelId: `C_DESK_${n}`,
    name: `Desk ${n}`,
    campaignType: 'call',
    assistantId: await makeAssistant(engine),
    welcomeMessageTemplate: 'Your order is ready, {{name}}.',
    agendaTemplate: 'When do you want to collect it?',
    ...fields,
  });
  await addContacts(deps, campaignId, [phone]);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  const [call] = await deps.db.select().from(calls).where(eq(calls.campaignId, campaignId));
  if (!call?.providerRef || call.attemptId === null) throw new Error('the campaign has not called');
  return {
    campaignId,
    channelId: `C_DESK_${n}`,
    phone,
    callId: call.id,
    attemptId: call.attemptId,
    token: call.token,
    ref: call.providerRef,
  };
}
export type PlacedCall = Awaited<ReturnType<typeof placeCall>>;

export async function readCallRow(engine: Engine, token: string) {
  const [call] = await engine.deps.db.select().from(calls).where(eq(calls.token, token));
  if (!call) throw new Error('the call is gone');
  return call;
}

export async function readAttemptRow(engine: Engine, id: number) {
  const [attempt] = await engine.deps.db.select().from(attempts).where(eq(attempts.id, id));
  if (!attempt) throw new Error('the attempt is gone');
  return attempt;
}

/** Has a session begun with the nonce of a step, as the one who holds the conversation does it. */
export async function beginSession(engine: Engine, token: string, sessionRef: string): Promise<void> {
  const { sessions } = await readCallRow(engine, token);
  await engine.deps.db
    .update(calls)
    .set({ sessionNonce: null, sessionRef, sessions: sessions + 1 })
    .where(eq(calls.token, token));
}

/** Somebody says something on a call. */
export async function says(
  engine: Engine,
  callId: number,
  turn: Pick<typeof callTurns.$inferInsert, 'role' | 'text'> & Partial<typeof callTurns.$inferInsert>,
): Promise<void> {
  const seq = (await engine.deps.db.$count(callTurns, eq(callTurns.callId, callId))) + 1;
  await engine.deps.db.insert(callTurns).values({ callId, seq, createdAt: engine.clock.now(), ...turn });
}

/** The kinds of some steps, in order. */
export function kinds(steps: CallStep[]): string[] {
  return steps.map(({ kind }) => kind);
}

/** The conversation among some steps. Throws when there is none. */
export function conversationIn(steps: CallStep[]): Extract<CallStep, { kind: 'converse' }> {
  const step = steps.find((one) => one.kind === 'converse');
  if (step?.kind !== 'converse') throw new Error(`no conversation among ${kinds(steps).join(', ')}`);
  return step;
}

/** What is said by some steps, in one line. */
export function spokenIn(steps: CallStep[]): string {
  return steps.flatMap((step) => (step.kind === 'say' ? [step.text] : [])).join(' ');
}
