import { and, asc, eq, isNull, sql } from 'drizzle-orm/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { attempts, campaigns, contacts, suppressions } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { REALISTIC } from '#sandbox/carrier/options.ts';
import { contactLike } from '#support/carrier.ts';
import { ANNA, addContacts } from '#support/engine.ts';
import { startWorld, type World } from '#support/world.ts';

/*
 * Everybody who can pick up a phone, with detection of machines off, before and during the call: the whole product, the
 * real client and socket, and a carrier that takes as long as life does, in fast time.
 */

const SPEED = 4;
const PATIENCE_MS = 300_000;

type Detection = 'off' | 'sync' | 'async';
type Entry = Expected | Record<Detection, Expected> | ((connectedSeconds: number) => Expected);
type Expected = { outcome: string[]; contact: string[]; isListed?: true; result?: string[] };

const ANSWERED: Expected = { outcome: ['answered'], contact: ['completed'] };
const OPTS_OUT: Expected = { ...ANSWERED, isListed: true, result: ['opted_out'] };
const VOICEMAIL: Expected = { outcome: ['voicemail'], contact: ['voicemail'] };
/** A line that is open for so long counts as answered (telephony.md §9); a machine under load may hang up late. */
const TALKS_FROM_SECONDS = 4;
const HUNG_UP: Expected = { outcome: ['hung_up'], contact: ['no_answer'] };
const NOT_REACHED: Expected = { outcome: ['no_answer'], contact: ['no_answer'] };

/** What each of them must come to; where detection decides, by its way. */
const PERSONAS: Record<string, Entry> = {
  interested: { ...ANSWERED, result: ['yes'] },
  stop: OPTS_OUT,
  stop_in_words: OPTS_OUT,
  presses_9: OPTS_OUT,
  opted_out: OPTS_OUT,
  false_friend: ANSWERED,
  wants_human: { ...ANSWERED, result: ['transferred', 'callback'] },
  tomorrow_at_three: { outcome: ['answered'], contact: ['pending'], result: ['callback'] },
  wrong_number: { ...ANSWERED, isListed: true, result: ['wrong_number'] },
  are_you_a_robot: ANSWERED,
  interrupts: ANSWERED,
  late_and_slow: ANSWERED,
  mischief: ANSWERED,
  silent: { ...ANSWERED, result: ['silent'] },
  hangs_up: (seconds) => (seconds < TALKS_FROM_SECONDS ? HUNG_UP : ANSWERED),
  busy: { outcome: ['busy'], contact: ['busy'] },
  no_answer: NOT_REACHED,
  declines: { outcome: ['busy', 'no_answer'], contact: ['busy', 'no_answer'] },
  call_fails: { outcome: ['carrier_failed'], contact: ['failed'] },
  unknown_number: { outcome: ['invalid', 'carrier_failed'], contact: ['failed'] },
  invalid: { outcome: ['rejected'], contact: ['failed'] },
  voicemail: VOICEMAIL,
  // So short a greeting is a person's to the carrier, and over before anybody of ours could hear it.
  short_voicemail: { outcome: ['voicemail', 'answered'], contact: ['voicemail', 'completed'] },
  fax: {
    off: { outcome: ['answered', 'hung_up'], contact: ['completed', 'no_answer'] },
    sync: { outcome: ['machine'], contact: ['failed'] },
    async: { outcome: ['machine'], contact: ['failed'] },
  },
};
const DETECTIONS: Detection[] = ['off', 'sync', 'async'];

let world: World;
const campaignIds = new Map<Detection, number>();

beforeAll(async () => {
  world = await startWorld({
    speed: SPEED,
    // Some seventy calls that began at the same instant would be late for each other.
    callsPerSecond: 2,
    carrier: { latency: REALISTIC, callsPerSecond: 100 },
  });
  for (const [index, detection] of DETECTIONS.entries())
    campaignIds.set(detection, await launch(detection, index));
  await untilOver();
}, PATIENCE_MS);
afterAll(async () => {
  await world.close();
  expect(world.log.lines?.filter((line) => line.startsWith('error'))).toEqual([]);
});

function numberOf(persona: string, index: number): string {
  return contactLike(persona, index * 3 + 1);
}

async function launch(detection: Detection, index: number): Promise<number> {
  const { deps } = world.app;
  const workspace = await ensureWorkspace(deps, { slackTeamId: 'T1', name: 'Acme', botUserId: 'U_BOT' });
  const { assistantId } = await createAssistant(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: `assistant-${detection}`,
    name: `Alex ${detection}`,
    voice: 'joanna',
    // One phone each: who is on the line with one campaign is busy for the others.
    transferTargets: [
      { key: 'sales', label: 'Sales', phoneNumber: `+1212555${index + 1}181`, slackUserId: null },
    ],
    isRecording: detection === 'off',
  });
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: `personas-${detection}`,
    channelId: null,
    name: `Personas, detection ${detection}`,
    campaignType: 'call',
    assistantId,
    welcomeMessageTemplate: 'I am calling about your appointment.',
    agendaTemplate: 'Would you like to keep your appointment on Friday?',
    endCallMessageTemplate: 'Thank you for your time. Goodbye.',
    enableVoicemailDetection: detection !== 'off',
    ...(detection === 'off' ? {} : { detectionMode: detection }),
    leaveVoicemail: detection !== 'off',
    ...(detection === 'off' ? {} : { voicemailMessage: 'Hello {{name}}, please call us back.' }),
    settings: { maxAttempts: 1, concurrentLimit: 100, rateLimitPerMinute: 6000 },
  });
  await addContacts(
    deps,
    campaignId,
    Object.keys(PERSONAS).map((persona) => numberOf(persona, index)),
  );
  if (detection === 'sync') await haveHeldCalls(campaignId, workspace.id);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  return campaignId;
}

/**
 * Whoever waits in silence for the verdict is abandoned by law, and too many of them stop a campaign: this one has held a
 * thousand calls before, in which nobody waited.
 */
async function haveHeldCalls(campaignId: number, workspaceId: number): Promise<void> {
  const { db, clock } = world.app.deps;
  const at = sql`${clock.now().toISOString()}::timestamptz`;
  await db.execute(sql`
    insert into calls (token, workspace_id, campaign_id, direction, provider, contact_number, our_number, script,
      answered_at, ended_at, finished_at, created_at)
    select 'before-' || n, ${workspaceId}, ${campaignId}, 'outbound', 'twilio', '+12125550000', '+15005550006', '{}',
      ${at}, ${at}, ${at}, ${at} from generate_series(1, 1000) n`);
}

/** Until nobody is on the line or waits for a first call; who asked for a call tomorrow keeps a campaign running. */
async function untilOver(): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { db } = world.app.deps;
    const [open] = await db.execute<{ n: number }>(sql`select count(*)::int as n from contacts c
      where c.status = 'in_progress' or (c.status = 'pending' and c.last_n = 0)`);
    const [unfinished] = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from calls where finished_at is null`,
    );
    if (open?.n === 0 && unfinished?.n === 0) return;
    if (Date.now() > deadline)
      throw new Error(`${open?.n} contacts and ${unfinished?.n} calls are still open`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function storyOf(persona: string, detection: Detection) {
  const { db } = world.app.deps;
  const campaignId = campaignIds.get(detection) ?? 0;
  const phoneNumber = numberOf(persona, DETECTIONS.indexOf(detection));
  const [contact] = await db
    .select()
    .from(contacts)
    .where(and(eq(contacts.campaignId, campaignId), eq(contacts.phoneNumber, phoneNumber)));
  const tries = await db
    .select()
    .from(attempts)
    .where(eq(attempts.contactId, contact?.id ?? 0))
    .orderBy(asc(attempts.id));
  const [call] = await db
    .select()
    .from(calls)
    .where(eq(calls.contactId, contact?.id ?? 0));
  const listed = await db
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.phoneNumber, phoneNumber), isNull(suppressions.liftedAt)));
  const accepted = world.carrier.acceptedCalls().filter(({ to }) => to === phoneNumber);
  return { contact, tries, call, listed, accepted };
}

function expectedOf(entry: Entry, detection: Detection, connectedSeconds: number): Expected {
  if (typeof entry === 'function') return entry(connectedSeconds);
  return 'outcome' in entry ? (entry as Expected) : entry[detection];
}

describe.each(DETECTIONS)('with detection %s', (detection) => {
  it.each(Object.keys(PERSONAS))('%s ends in the right outcome, with exactly one call', async (persona) => {
    const entry = PERSONAS[persona] ?? ANSWERED;
    const { contact, tries, call, listed, accepted } = await storyOf(persona, detection);
    const expected = expectedOf(entry, detection, call?.durationSeconds ?? 0);
    const seen = JSON.stringify(
      { outcomes: tries.map(({ outcome }) => outcome), call, lines: accepted[0]?.lines },
      null,
      1,
    );
    expect(accepted, seen).toHaveLength(persona === 'invalid' ? 0 : 1);
    expect(tries, seen).toHaveLength(1);
    expect(expected.outcome, seen).toContain(tries[0]?.outcome);
    expect(expected.contact, seen).toContain(contact?.status);
    expect(
      listed.map(({ channel }) => channel),
      seen,
    ).toEqual(expected.isListed ? ['all'] : []);
    if (expected.result) expect(expected.result, seen).toContain(call?.result);
  });

  it('leaves the message exactly where a machine asked for it', async () => {
    const { call, accepted } = await storyOf('voicemail', detection);
    const heard = accepted[0]?.lines.filter(({ who }) => who === 'assistant').map(({ text }) => text);
    if (detection === 'off') return expect(call?.voicemailLeftAt).toBeNull();
    expect(call?.voicemailLeftAt).not.toBeNull();
    expect(heard?.at(-1)).toContain('please call us back');
  });
});

it('the campaigns are over, but for those who asked to be called tomorrow', async () => {
  const rows = await world.app.deps.db.select().from(campaigns);
  expect(rows.map(({ status }) => status)).toEqual(['running', 'running', 'running']);
});
