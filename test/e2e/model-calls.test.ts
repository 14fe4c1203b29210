import { eq, sql } from 'drizzle-orm/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, callTurns } from '#db/call-schema.ts';
import { suppressions } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { REALISTIC } from '#sandbox/carrier/options.ts';
import { startModelStandIn } from '#sandbox/model/model.ts';
import { contactLike } from '#support/carrier.ts';
import { ANNA, addContacts } from '#support/engine.ts';
import { until } from '#support/sandbox.ts';
import { startWorld, type World } from '#support/world.ts';

/* The whole product with a language model: the official client over HTTP, the socket, and people who answer the phone. */

const PATIENCE_MS = 120_000;
const WORKSPACE = { slackTeamId: 'T1', name: 'Acme', botUserId: 'U_BOT' };

let model: Awaited<ReturnType<typeof startModelStandIn>>;
let world: World;

beforeAll(async () => {
  model = await startModelStandIn({ apiKey: 'the-key-of-the-model' });
  world = await startWorld({
    speed: 6,
    callsPerSecond: 100,
    carrier: { latency: REALISTIC, callsPerSecond: 100 },
    env: { LLM_BASE_URL: model.baseUrl, LLM_API_KEY: 'the-key-of-the-model', LLM_MODEL: 'stand-in' },
  });
});
afterAll(async () => {
  await world.close();
  await model.close();
});

/** Calls these people, and waits until every call is worked up. */
async function callAll(name: string, phones: string[]): Promise<void> {
  const { deps } = world.app;
  const workspace = await ensureWorkspace(deps, WORKSPACE);
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: name,
    channelId: null,
    name,
    campaignType: 'call',
    welcomeMessageTemplate: 'I am calling about your appointment.',
    agendaTemplate: 'Ask whether they would like to keep their appointment on Friday.',
    endCallMessageTemplate: 'Thank you. Goodbye.',
    enableVoicemailDetection: false,
    settings: { maxAttempts: 1, concurrentLimit: 100, rateLimitPerMinute: 6000 },
  });
  await addContacts(deps, campaignId, phones);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  const isOver = async () => (await finished(campaignId)) === phones.length;
  await until(isOver, 'every call to be worked up', PATIENCE_MS);
}

async function finished(campaignId: number): Promise<number> {
  const [row] = await world.app.deps.db.execute<{ n: number }>(
    sql`select count(*)::int as n from calls where campaign_id = ${campaignId} and finished_at is not null`,
  );
  return row?.n ?? 0;
}

async function storyOf(phoneNumber: string) {
  const { db } = world.app.deps;
  const [call] = await db.select().from(calls).where(eq(calls.contactNumber, phoneNumber));
  const turns = await db
    .select()
    .from(callTurns)
    .where(eq(callTurns.callId, call?.id ?? 0))
    .orderBy(callTurns.seq);
  return { call, said: turns.map(({ role, text }) => `${role}: ${text}`).join('\n') };
}

describe('an assistant that thinks with a model', { timeout: PATIENCE_MS }, () => {
  const interested = contactLike('interested', 4);
  const later = contactLike('tomorrow_at_three', 4);
  const stops = contactLike('stop', 4);

  beforeAll(() => callAll('with a model', [interested, later, stops]), PATIENCE_MS);

  it('speaks the fixed first words itself, then what the model says, and keeps the answers it noted', async () => {
    const { call, said } = await storyOf(interested);
    expect(said).toMatch(/^assistant: Hello, this is .* automated voice/);
    expect(said).toContain('Wonderful, I have noted that.');
    expect(call?.answers).toEqual({ interested: 'yes' });
  });

  it('commits a call back that the model arranged, at three where they are', async () => {
    const { call } = await storyOf(later);
    expect(later).toMatch(/^\+1702/);
    expect(call?.callbackAt?.toISOString()).toBe('2026-11-25T23:00:00.000Z');
  });

  it('never leaves an opt-out to the model', async () => {
    const { said } = await storyOf(stops);
    const asked = JSON.stringify(model.standIn.requests);
    expect(said).toContain('contact: Stop calling me.');
    expect(asked).not.toContain('Stop calling me.');
    const [listed] = await world.app.deps.db
      .select()
      .from(suppressions)
      .where(eq(suppressions.phoneNumber, stops));
    expect(listed).toMatchObject({ channel: 'all', source: 'opt_out' });
  });

  it('hands the model contact fields and speech as data, and never the number it calls', async () => {
    const asked = JSON.stringify(model.standIn.requests);
    for (const phone of [interested, later, stops]) expect(asked).not.toContain(phone);
  });
});

describe('a model that fails', { timeout: PATIENCE_MS }, () => {
  it('costs an apology and a polite end, and what was said is kept', async () => {
    model.standIn.mode = 'failing';
    const somebody = contactLike('are_you_a_robot', 5);
    await callAll('without its model', [somebody]);
    const { call, said } = await storyOf(somebody);
    expect(said).toContain('Yes, I am an automated assistant');
    expect(said).toMatch(/I am sorry/);
    expect(said).toContain('Goodbye.');
    expect(call?.result).toBe('answered');
    expect(call?.summary).not.toBe('');
  });
});
