import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { TEAM_ID } from '#sandbox/slack/seed.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { type BenchDatabase, withDatabase } from './database.ts';
import { percentile, round } from './figures.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';

const SOCKETS = 1_000;
const BAR_MS = 250;
const CAMPAIGNS = 50;
/** Of the changes that are timed: how many, and between them so many milliseconds, so that none waits for its turn. */
const CHANGES = 100;
const PAUSE_MS = [300, 600] as const;
/** Bursts, as when many calls end at once: what counts is that their last state is seen. */
const BURSTS = 10;
const CHANGES_OF_BURST = 40;
const SETTLE_MS = 2_000;
const CONNECTED_AT_ONCE = 100;

/** What a socket shows last, and when that came. */
type Screen = { completed: number; at: number; socket: WebSocket };

/**
 * From the commit of a change to its message, on a thousand sockets of one process: all on one campaign, and spread over
 * fifty that change in turn.
 */
export async function feedLatency(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script });
    try {
      const token = await tokenFor(stage);
      const one = await measure(database, stage, { id: 'feed-latency', campaigns: 1, token });
      const spread = await measure(database, stage, {
        id: 'feed-latency-spread',
        campaigns: CAMPAIGNS,
        token,
      });
      return [one, spread];
    } finally {
      await stage.close();
    }
  });
}

async function tokenFor({ deps }: BenchStage): Promise<string> {
  const { id: workspaceId } = await ensureWorkspace(deps, { slackTeamId: TEAM_ID });
  const wish = { workspaceId, actor: DANA, name: 'bench', scopes: ['read'], expiresAt: null };
  return (await createToken(deps, wish)).secret;
}

async function measure(
  database: BenchDatabase,
  stage: BenchStage,
  { id, campaigns, token }: { id: string; campaigns: number; token: string },
): Promise<BenchRow> {
  const contacts = CHANGES + BURSTS * CHANGES_OF_BURST;
  const ids: number[] = [];
  for (let n = 1; n <= campaigns; n += 1) ids.push(await stage.campaign({ name: `${id} ${n}.`, contacts }));
  const screens = await openScreens(stage, ids, token);
  const change = changerOf(database, ids);
  const { latencies, late } = await timeChanges(change, screens);
  const lost = await countLost(change, screens);
  for (const { socket } of [...screens.values()].flat()) socket.terminate();
  const p99 = round(percentile(latencies, 0.99));
  return {
    id,
    value: p99,
    unit: 'ms p99',
    bar: `< ${BAR_MS}`,
    pass: p99 < BAR_MS && lost === 0 && late === 0,
    detail: [
      `${SOCKETS} sockets on ${campaigns === 1 ? 'one campaign' : `${campaigns} campaigns`}`,
      `median ${round(percentile(latencies, 0.5))} ms, worst ${round(Math.max(...latencies))} ms`,
      `${late} of ${latencies.length + late} not there before the next change`,
      `${lost} final states lost after ${BURSTS} bursts`,
    ].join('; '),
  };
}

type Change = () => Promise<{ campaignId: number; completed: number; committedAt: number }>;

/** Each time one more contact is done with, in one campaign after the other. */
function changerOf({ sql }: BenchDatabase, campaignIds: number[]): Change {
  let changes = 0;
  return async () => {
    const campaignId = campaignIds[changes % campaignIds.length] ?? 0;
    const completed = Math.floor(changes / campaignIds.length) + 1;
    changes += 1;
    await sql`
      update contacts set status = 'completed'
      where id = (select min(id) from contacts where campaign_id = ${campaignId} and status = 'pending')`;
    return { campaignId, completed, committedAt: performance.now() };
  };
}

async function timeChanges(change: Change, screens: Map<number, Screen[]>) {
  const latencies: number[] = [];
  let late = 0;
  for (let n = 0; n < CHANGES; n += 1) {
    const { campaignId, completed, committedAt } = await change();
    await sleep(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]));
    for (const screen of screens.get(campaignId) ?? []) {
      if (screen.completed === completed) latencies.push(screen.at - committedAt);
      else late += 1;
    }
  }
  return { latencies, late };
}

/** After each burst, how many sockets do not show its last state. */
async function countLost(change: Change, screens: Map<number, Screen[]>): Promise<number> {
  let lost = 0;
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const last = new Map<number, number>();
    for (let n = 0; n < CHANGES_OF_BURST; n += 1) {
      const { campaignId, completed } = await change();
      last.set(campaignId, completed);
    }
    await sleep(SETTLE_MS);
    for (const [campaignId, completed] of last)
      lost += (screens.get(campaignId) ?? []).filter((screen) => screen.completed !== completed).length;
  }
  return lost;
}

async function openScreens(
  { url }: BenchStage,
  campaignIds: number[],
  token: string,
): Promise<Map<number, Screen[]>> {
  const screens = new Map<number, Screen[]>(campaignIds.map((id) => [id, []]));
  for (let opened = 0; opened < SOCKETS; opened += CONNECTED_AT_ONCE) {
    const opening = Array.from({ length: CONNECTED_AT_ONCE }, async (_, n) => {
      const campaignId = campaignIds[(opened + n) % campaignIds.length] ?? 0;
      const address = `${url.replace('http:', 'ws:')}/ws/campaigns/${campaignId}/progress`;
      screens.get(campaignId)?.push(await openScreen(address, token));
    });
    await Promise.all(opening);
  }
  return screens;
}

/** Resolves with the first state. */
function openScreen(address: string, token: string): Promise<Screen> {
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
  const screen: Screen = { completed: Number.NaN, at: 0, socket };
  return new Promise((shown, failed) => {
    socket.on('error', failed);
    socket.on('close', (code, reason) => failed(new Error(`a socket was closed: ${code} ${reason}`)));
    socket.on('message', (data) => {
      const [, completed] = /"completed":(\d+)/.exec(data.toString()) ?? [];
      if (completed === undefined) return;
      screen.completed = Number(completed);
      screen.at = performance.now();
      shown(screen);
    });
  });
}
