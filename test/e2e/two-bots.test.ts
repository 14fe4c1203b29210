import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '#support/database.ts';
import { buildBundle } from '#torture/bundle.ts';
import { contactPhones, makeCampaign, pressStart, setTime } from '#torture/campaign.ts';
import { gatherEvidence } from '#torture/evidence.ts';
import { addContacts, judge, type Watch, waitForEnd, watchRound } from '#torture/round.ts';
import { openStage, type Stage } from '#torture/stage.ts';

const PATIENCE_MS = 600_000;
const PACE = { speed: 60, haste: 20 };
/** Twice as long as a lease at this pace. */
const FROZEN_MS = 3_000;
/** Of product time: within the standstill. */
const DUE_MS = 90_000;

const script = [await buildBundle('two-bots-test'), 'serve'];
const stages: Stage[] = [];
afterAll(() => Promise.all(stages.map((stage) => stage.close())));

async function twoBots(seed: string) {
  const { url: databaseUrl } = await createTestDatabase();
  const stage = await openStage({ databaseUrl, seed, pace: PACE, script });
  stages.push(stage);
  const bots = [await stage.addBot(), await stage.addBot()] as const;
  await Promise.all(bots.map((bot) => bot.ready));
  return { stage, bots };
}

async function campaignOf(stage: Stage, name: string, phones: string[]): Promise<number> {
  const campaignId = await makeCampaign(stage.deps, { name, phones, concurrentLimit: 40 });
  await addContacts(stage, campaignId, phones);
  return campaignId;
}

/** Settles when so many texts have been accepted from now on. */
function accepted(stage: Stage, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  const off = stage.on(({ kind }) => {
    if (kind !== 'text_accepted') return;
    left -= 1;
    if (left > 0) return;
    off();
    resolve();
  });
  return promise;
}

async function expectKept(stage: Stage, campaignIds: number[], watch: Watch) {
  const isOver = await waitForEnd(stage, campaignIds);
  const broken = await judge(stage, campaignIds, watch);
  watch.stop();
  const all = [...(isOver ? [] : ['not over in time']), ...stage.losses, ...broken];
  expect(all, (await gatherEvidence(stage, all)).join('\n')).toEqual([]);
}

test('two bots run one campaign: both work at it, one dies in the middle, and nobody is texted twice', {
  timeout: PATIENCE_MS,
}, async () => {
  const { stage, bots } = await twoBots('one campaign');
  const campaignId = await campaignOf(stage, 'Alpha', contactPhones(300));
  const watch = watchRound(stage, campaignId);
  const reported = new Set<number>();
  stage.on((happening) => {
    if (happening.kind === 'callback_answered') reported.add(happening.port);
  });
  stage.carrier.verbs.setFaultChance('duplicate_callbacks', 0.5);
  stage.carrier.verbs.setFaultChance('lose_answer', 0.1);
  const isHalfWay = accepted(stage, 120);
  await pressStart(stage.deps, campaignId);
  await isHalfWay;
  bots[0].kill();
  await expectKept(stage, [campaignId], watch);
  expect(reported.size).toBe(2);
});

test('two bots run two campaigns that share numbers: each person gets each text once, also when a bot stands still for longer than its leases', {
  timeout: PATIENCE_MS,
}, async () => {
  const { stage, bots } = await twoBots('shared numbers');
  const campaignIds = [
    await campaignOf(stage, 'Alpha', contactPhones(160)),
    await campaignOf(stage, 'Beta', contactPhones(160, 80)),
  ];
  const watch = watchRound(stage, ...campaignIds);
  stage.carrier.verbs.setFaultChance('reordered_callbacks', 0.5);
  const isWellUnderWay = accepted(stage, 60);
  const isHalfWay = accepted(stage, 160);
  for (const campaignId of campaignIds) await pressStart(stage.deps, campaignId);
  await isWellUnderWay;
  bots[0].freeze();
  await sleep(FROZEN_MS);
  bots[0].thaw();
  await isHalfWay;
  bots[1].kill();
  await expectKept(stage, campaignIds, watch);
});

test('two bots wait for one scheduled campaign: it starts once, also when a bot stands still while it falls due', {
  timeout: PATIENCE_MS,
}, async () => {
  const { stage, bots } = await twoBots('one schedule');
  const campaignId = await campaignOf(stage, 'Gamma', contactPhones(60));
  const watch = watchRound(stage, campaignId);
  const hasBegun = accepted(stage, 20);
  await setTime(stage.deps, campaignId, DUE_MS);
  bots[0].freeze();
  await sleep(FROZEN_MS);
  bots[0].thaw();
  await hasBegun;
  bots[1].kill();
  await expectKept(stage, [campaignId], watch);
  const starts = await stage.deps.db.execute<{ kind: string }>(
    sql`select kind from campaign_events where campaign_id = ${campaignId} and kind in ('campaign_due', 'campaign_start')`,
  );
  expect([...starts]).toEqual([{ kind: 'campaign_due' }]);
});
