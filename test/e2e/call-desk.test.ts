import { eq } from 'drizzle-orm/sql';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { calls, recordings } from '#db/call-schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { hangUpCall } from '#operations/hang-up-call.ts';
import { listenIn } from '#operations/listen-in.ts';
import { sendRecording } from '#operations/send-recording.ts';
import { showCall } from '#operations/show-calls-of-contact.ts';
import { takeOverCall } from '#operations/take-over-call.ts';
import { FAULTS, type FaultName } from '#sandbox/carrier/faults.ts';
import { REALISTIC } from '#sandbox/carrier/options.ts';
import type { Call } from '#sandbox/carrier/voice/call-book.ts';
import { contactLike } from '#support/carrier.ts';
import { addContacts } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { startWorld, type World } from '#support/world.ts';

/*
 * What happens on a line beside the conversation, with the real client, socket and Slack, and a carrier that makes
 * mistakes: one call each, and people who do something with it.
 */

const SPEED = 8;
const PATIENCE_MS = 60_000;
const ADMINS_PHONE = '+12125550991';

let world: World;
let workspaceId = 0;
let assistantId = 0;
let made = 0;

beforeAll(async () => {
  world = await startWorld({
    speed: SPEED,
    callsPerSecond: 100,
    carrier: { latency: REALISTIC, callsPerSecond: 100 },
  });
  const { deps } = world.app;
  const { teamId } = await deps.chat.user(world.slack.people.admin);
  ({ id: workspaceId } = await ensureWorkspace(deps, { slackTeamId: teamId, name: null, botUserId: null }));
  ({ assistantId } = await createAssistant(deps, {
    workspaceId,
    actor: admin(),
    creationKey: 'desk',
    name: 'Alex',
    voice: 'joanna',
    isRecording: true,
    transferTargets: [
      { key: 'boss', label: 'The boss', phoneNumber: ADMINS_PHONE, slackUserId: world.slack.people.admin },
    ],
  }));
});
afterEach(() => {
  for (const name of Object.keys(FAULTS) as FaultName[]) world.carrier.heal(name);
});
afterAll(async () => {
  await world.close();
  const errors = world.log.lines?.filter((line) => line.startsWith('error')) ?? [];
  expect(errors.filter((line) => !line.includes('a second call was made'))).toEqual([]);
});

const admin = () => ({ kind: 'slack_user' as const, userId: world.slack.people.admin });

/** A campaign that calls one contact; with a taken phone, nobody answers but the test. */
async function call(phone: string, isTaken: boolean): Promise<number> {
  made += 1;
  const { deps } = world.app;
  if (isTaken) world.carrier.verbs.takePhone({ contactNumber: phone, isTaken });
  const { campaignId } = await createCampaign(deps, {
    workspaceId,
    actor: admin(),
    creationKey: `desk-${made}`,
    channelId: world.slack.channels.campaigns,
    name: `Desk ${made}`,
    campaignType: 'call',
    assistantId,
    welcomeMessageTemplate: 'I am calling about your appointment.',
    agendaTemplate: 'Would you like to keep your appointment on Friday?',
    enableVoicemailDetection: false,
    settings: { maxAttempts: 1, concurrentLimit: 100, rateLimitPerMinute: 6000 },
  });
  await addContacts(deps, campaignId, [phone]);
  await changeStatus(deps, { campaignId, move: 'start', actor: admin() });
  return campaignId;
}

async function until<T>(
  what: string,
  find: () => Promise<T | null | undefined> | T | null | undefined,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}\n${world.log.lines?.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function rowOf(campaignId: number, direction: 'outbound' | 'inbound' = 'outbound') {
  const rows = await world.app.deps.db.select().from(calls).where(eq(calls.campaignId, campaignId));
  return rows.find((row) => row.direction === direction) ?? null;
}

const finished = (campaignId: number, direction?: 'inbound') =>
  until('the end of the call', async () => {
    const row = await rowOf(campaignId, direction);
    return row?.finishedAt ? row : null;
  });

const callsTo = (phone: string): Call[] => world.carrier.acceptedCalls().filter(({ to }) => to === phone);

function spokenTo(phone: string, words: string): number {
  const lines = callsTo(phone).flatMap((one) => one.lines);
  return lines.filter(({ who, text }) => who === 'assistant' && text.includes(words)).length;
}

/** Picks the phone up and waits until the assistant listens. */
async function pickUp(phone: string, campaignId: number) {
  const ringing = await until('a ringing phone', () =>
    callsTo(phone).find(({ status }) => status === 'ringing'),
  );
  expect(world.carrier.verbs.answerCall({ callSid: ringing.sid })).toEqual({ ok: true });
  await until('the session', async () => ((await rowOf(campaignId))?.sessions ?? 0) > 0 || null);
  const row = await rowOf(campaignId);
  return { callId: row?.id ?? 0, callSid: ringing.sid };
}

/** Waits until the thread of a campaign says something, as it stands there in the end. */
const told = (campaignName: string, words: string) => {
  const { slack } = world;
  const find = () => {
    const roots = slack.messages(slack.channels.campaigns);
    const card = roots.find((message) => textOf(message).startsWith(`${campaignName}: `));
    return card && slack.thread(card).find((message) => textOf(message).includes(words));
  };
  return slack.waitFor(find, `“${words}” in the thread of ${campaignName}`);
};

it('a conversation whose socket breaks goes on once, without its greeting', async () => {
  world.carrier.fail('drop_socket');
  const phone = contactLike('interested', 40);
  const campaignId = await call(phone, false);
  const row = await finished(campaignId);
  expect(row).toMatchObject({ sessions: 2, result: 'yes' });
  expect(spokenTo(phone, 'an automated voice')).toBe(1);
});

it('instructions that are asked for twice hold one conversation with one greeting', async () => {
  world.carrier.fail('duplicate_twiml_fetch');
  const phone = contactLike('interested', 41);
  const campaignId = await call(phone, false);
  expect(await finished(campaignId)).toMatchObject({ sessions: 1, result: 'yes' });
  expect(spokenTo(phone, 'an automated voice')).toBe(1);
});

it('a second call of the carrier’s is hung up, and the thread is told', async () => {
  world.carrier.fail('second_call');
  const phone = contactLike('interested', 42);
  const campaignId = await call(phone, false);
  const row = await finished(campaignId);
  const both = callsTo(phone);
  expect(both).toHaveLength(2);
  expect(spokenTo(phone, 'an automated voice')).toBe(1);
  expect(both.map(({ sid }) => sid)).toContain(row.providerRef);
  await told(`Desk ${made}`, 'second call');
});

it('somebody who rings back is answered for the campaign that called, in its thread', async () => {
  const phone = contactLike('presses_9', 43);
  const campaignId = await call(phone, true);
  const ringing = await until('a ringing phone', () =>
    callsTo(phone).find(({ status }) => status === 'ringing'),
  );
  world.carrier.verbs.declineCall({ callSid: ringing.sid });
  await finished(campaignId);
  world.carrier.verbs.takePhone({ contactNumber: phone, isTaken: false });
  expect(world.carrier.verbs.callFromPhone({ contactNumber: phone, botNumber: null })).toMatchObject({
    ok: true,
  });
  const row = await finished(campaignId, 'inbound');
  expect(row).toMatchObject({ result: 'opted_out', sessions: 1 });
  expect(row.durationSeconds).toBeGreaterThan(0);
});

it('somebody listens in, and takes the call over to their own phone', async () => {
  const phone = contactLike('interested', 44);
  world.carrier.verbs.takePhone({ contactNumber: ADMINS_PHONE, isTaken: true });
  const campaignId = await call(phone, true);
  const { callId, callSid } = await pickUp(phone, campaignId);
  expect(await listenIn(world.app.deps, { workspaceId, callId, actor: admin() })).toEqual({ isNew: true });
  await told(`Desk ${made}`, 'On the line now');
  expect(await takeOverCall(world.app.deps, { workspaceId, callId, actor: admin() })).toMatchObject({
    kind: 'done',
  });
  const leg = await until('the ringing phone of the admin', () =>
    world.carrier
      .snapshot()
      .calls.find((one) => one.contactNumber === ADMINS_PHONE && one.status === 'ringing'),
  );
  expect(world.carrier.verbs.answerCall({ callSid: leg.id })).toEqual({ ok: true });
  await until(
    'them being connected',
    () =>
      world.carrier.snapshot().calls.some((one) => one.id === leg.id && one.status === 'in-progress') || null,
  );
  world.carrier.verbs.hangUpCall({ callSid });
  expect(await finished(campaignId)).toMatchObject({ result: 'transferred' });
  await told(`Desk ${made}`, 'The call has ended');
});

it('somebody hangs a call up, and hears its recording', async () => {
  const phone = contactLike('interested', 45);
  const campaignId = await call(phone, true);
  const { callId, callSid } = await pickUp(phone, campaignId);
  const { deps } = world.app;
  expect(await hangUpCall(deps, { workspaceId, callId, actor: admin() })).toMatchObject({ kind: 'done' });
  await finished(campaignId);
  expect(world.carrier.acceptedCalls().find(({ sid }) => sid === callSid)?.status).toBe('completed');
  const recording = await until('the recording', async () => {
    const rows = await deps.db.select().from(recordings).where(eq(recordings.callId, callId));
    return rows.find(({ status }) => status === 'completed');
  });
  const place = { channelId: world.slack.channels.campaigns, threadTs: null };
  const sent = await sendRecording(deps, { workspaceId, recordingId: recording.id, actor: admin(), place });
  expect(sent).toMatchObject({ kind: 'done' });
  const story = await showCall(deps, { workspaceId, callId, actor: admin() });
  expect(story.recordings).toHaveLength(1);
  expect(story.turns.map(({ text }) => text)).toContain('A colleague hung up the call.');
});
