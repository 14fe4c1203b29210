import { beforeEach, describe, expect, it } from 'vitest';
import { campaignEvents } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { raiseBudget } from '#operations/raise-budget.ts';
import { standsAtBudget } from '#operations/stops-by-itself.ts';
import type { NoteButton } from '#ports/chat-content.ts';
import { ANNA, type CampaignOptions, createEngine } from '#support/engine.ts';
import { freshPhones, lookingAt, MINUTE, statusOf } from './calls.ts';

const engine = await createEngine();
const { deps, carrier, chat } = engine;
const look = lookingAt(engine);
const [acceptText, acceptCall] = [carrier.answer, carrier.answerCall];

beforeEach(() => {
  carrier.answer = acceptText;
  carrier.answerCall = acceptCall;
  carrier.requests.length = 0;
  carrier.calls.length = 0;
  chat.posted.length = 0;
});

/** The highest price of a text of one segment to the United States. */
const TEXT = 13_300;
/** What a call of ten minutes reserves: its leg, the conversation, and the search for a machine. */
const CALL = 10 * (14_000 + 70_000) + 7_500;

async function start(options: CampaignOptions) {
  const campaignId = await engine.campaign(options);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return campaignId;
}

async function textReports(
  campaignId: number,
  status: 'delivered' | 'failed',
  price: { amount: string; currency: string } | null = null,
) {
  for (const { token, providerRef, state } of await look.attempts(campaignId)) {
    if (state === 'ended' || !providerRef) continue;
    await engine.report({
      kind: 'text_status',
      token,
      ref: providerRef,
      status,
      refusal: null,
      segments: null,
      price,
    });
  }
  await engine.drain();
}

async function notes() {
  await engine.drain();
  return chat.posted.flatMap(({ content }) => (content.kind === 'note' ? [content] : []));
}

const labels = (buttons: NoteButton[] = []) => buttons.map(({ label, action }) => [label, action]);

describe('a budget', () => {
  it('is never passed: it pauses before, says so, and goes on where it stopped once it is raised', async () => {
    const settings = { budgetLimitMicros: 3 * TEXT };
    const campaignId = await start({ phones: freshPhones(5), settings });
    expect(carrier.requests).toHaveLength(3);
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'budget_reached', limitMicros: 3 * TEXT, spentMicros: 3 * TEXT },
    });
    const pause = (await notes()).at(-1);
    expect(pause?.text).toContain(
      'Paused by Ringmaster. The budget is used up: $0.04 of $0.04 are spent or reserved',
    );
    expect(labels(pause?.buttons)).toEqual([['Raise budget', 'campaign.raise_budget']]);
    expect(await drawCampaignCard(deps, { campaignId })).toMatchObject({ stoppedBy: 'budget_reached' });

    const tooLow = raiseBudget(deps, { campaignId, micros: 3 * TEXT, actor: ANNA });
    await expect(tooLow).rejects.toMatchObject({ code: 'settings_invalid' });
    const raised = await raiseBudget(deps, { campaignId, micros: 5 * TEXT, actor: ANNA });
    expect(raised).toEqual({ isResumed: true, problem: null });
    await engine.drain();
    expect(carrier.requests).toHaveLength(5);
    await textReports(campaignId, 'delivered');
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is settled on the real price, so that a cheap text makes room for another one', async () => {
    const settings = { budgetLimitMicros: 2 * TEXT };
    const campaignId = await start({ phones: freshPhones(3), settings });
    await textReports(campaignId, 'delivered', { amount: '-0.005', currency: 'USD' });
    await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(carrier.requests).toHaveLength(3);
    expect((await drawCampaignCard(deps, { campaignId })).spending).toEqual([
      'Spent $0.01 of a budget of $0.03; $0.01 more reserved for what is under way; the estimate was $0.04.',
    ]);
  });

  it('holds at the next claim when prices come out dearer than what was reserved, and the card says by how much', async () => {
    const settings = { budgetLimitMicros: 6 * TEXT, retryDelayMinutes: 5 };
    const campaignId = await start({ phones: freshPhones(5), settings });
    expect(carrier.requests).toHaveLength(5);
    await textReports(campaignId, 'failed', { amount: '-0.0200', currency: 'USD' });
    await engine.wait(5 * MINUTE);
    await engine.drain();
    expect(carrier.requests).toHaveLength(5);
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'budget_reached', spentMicros: 100_000 },
    });
    expect((await drawCampaignCard(deps, { campaignId })).spending).toEqual([
      'Spent $0.10 of a budget of $0.08; the estimate was $0.06 to $0.07, and this is 50 % above it.',
      'Prices come out 50 % above the rate table, so a budget may be passed by what is under way; /campaign rates sets the table right.',
    ]);
  });

  it('waits while a call is under way, because most end for less than was reserved', async () => {
    const settings = { budgetLimitMicros: CALL + CALL / 2 };
    const campaignId = await start({ type: 'call', phones: freshPhones(2), settings });
    expect(carrier.calls).toHaveLength(1);
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'budget_in_use' },
    });
    const call = await look.call(campaignId);
    await engine.report(statusOf(call, 'completed', { durationSeconds: 30 }));
    await engine.drain();
    expect(carrier.calls).toHaveLength(2);
  });
});

it('a budget is looked at again when a call ended after the claim had looked at it', async () => {
  const campaignId = await engine.campaign({ type: 'call', settings: { budgetLimitMicros: 2 * CALL } });
  const campaign = await look.campaign(campaignId);
  const verdict = (leftMicros: number) =>
    deps.db.transaction(async (tx) => campaign && standsAtBudget(deps, tx, campaign, leftMicros));
  expect(await verdict(CALL)).toEqual({
    kind: 'wait',
    hold: { code: 'budget_in_use', limitMicros: 2 * CALL },
    until: engine.clock.now(),
  });
  expect(await verdict(2 * CALL)).toMatchObject({ kind: 'pause', hold: { code: 'budget_reached' } });
});

describe('the first attempts', () => {
  const settings = { canarySize: 2 };

  it('are followed by nobody before their results are in and somebody goes on', async () => {
    const campaignId = await start({ phones: freshPhones(4), settings });
    expect(carrier.requests).toHaveLength(2);
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'canary_results', size: 2 },
    });
    await textReports(campaignId, 'delivered');
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'canary', size: 2, reached: 2, missed: 0, failed: 0 },
    });
    const pause = (await notes()).at(-1);
    expect(pause?.text).toContain('The first 2 were tried: 2 reached, 0 not reached, 0 failed.');
    expect(labels(pause?.buttons)).toEqual([['Continue', 'campaign.resume']]);
    await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(carrier.requests).toHaveLength(4);
    await textReports(campaignId, 'delivered');
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('need no answer when they are all there are', async () => {
    const campaignId = await start({ phones: freshPhones(2), settings });
    await textReports(campaignId, 'delivered');
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('are made once more where the provider was too busy for them', async () => {
    const accepting = carrier.answer;
    carrier.answer = () => ({ kind: 'throttled', retryAfterMs: 1_000, code: '429' });
    const campaignId = await start({ phones: freshPhones(5), settings });
    expect(carrier.requests).toHaveLength(2);
    carrier.answer = accepting;
    await engine.wait(2_000);
    await engine.drain();
    expect(carrier.requests).toHaveLength(4);
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'canary_results', size: 2 },
    });
  });

  it('are not waited for by whoever pauses and resumes', async () => {
    const campaignId = await start({ phones: freshPhones(3), settings });
    await changeStatus(deps, { campaignId, move: 'pause', actor: ANNA });
    await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(carrier.requests).toHaveLength(3);
  });
});

it('the circuit breaker opens as the campaign has it set', async () => {
  carrier.answer = () => ({ kind: 'rejected', refusal: { class: 'provider', code: '500', fix: 'Wait.' } });
  const settings = { breakerAttempts: 5, breakerPercent: 100 };
  const campaignId = await start({ phones: freshPhones(9), settings });
  expect(await look.campaign(campaignId)).toMatchObject({
    status: 'paused',
    hold: { code: 'circuit_breaker', failures: 5, attempts: 5 },
  });
});

describe('abandoned calls', () => {
  const abandon = async (campaignId: number, count: number) => {
    const workspaceId = engine.workspace.id;
    await deps.db.insert(campaignEvents).values(
      Array.from({ length: count }, () => ({
        workspaceId,
        campaignId,
        actor: 'system',
        kind: 'call_abandoned',
        createdAt: engine.clock.now(),
      })),
    );
  };
  const turn = async (campaignId: number) => {
    await engine.wait(MINUTE);
    await engine.report(statusOf(await look.call(campaignId), 'no_answer'));
    await engine.drain();
  };

  it('stop the campaign when there are more than the law allows, and stand on the card', async () => {
    const settings = { concurrentLimit: 1, maxAttempts: 1 };
    const campaignId = await start({ type: 'call', phones: freshPhones(6), settings });
    await abandon(campaignId, 3);
    await turn(campaignId);
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'running' });
    expect((await drawCampaignCard(deps, { campaignId })).abandoned).toContain(
      '3 of 3 answered calls abandoned',
    );
    await abandon(campaignId, 1);
    await turn(campaignId);
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'abandon_rate', abandoned: 4 },
    });
    await engine.wait(MINUTE);
    await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'running' });
    await abandon(campaignId, 1);
    await turn(campaignId);
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'paused' });
  });
});

it('what a run is expected to cost is kept when it begins, for as many as it is for', async () => {
  const campaignId = await start({ phones: freshPhones(3), settings: { rateLimitPerMinute: 5 } });
  expect(await look.campaign(campaignId)).toMatchObject({
    estimateLowMicros: 3 * 11_800,
    estimateHighMicros: 3 * TEXT,
    estimateContacts: 3,
  });
});
