import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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
const CHANGES = 80;
const PAUSE_MS = [300, 600] as const;
/** Bursts, as when many calls end at once: what counts is that their last state is seen. */
const BURSTS = 10;
const CHANGES_OF_BURST = 40;
const SETTLE_MS = 2_000;
const CONNECTED_AT_ONCE = 100;

/** What a socket shows last, and when that came. */
type Screen = { campaignId: number; completed: number; at: number; socket: WebSocket };

/**
 * From the commit of a change to its message, on a thousand sockets of one process: all on one campaign, in turn with a
 * thousand of the least server that could tell them; and spread over fifty campaigns that change one after the other.
 */
export async function feedLatency(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script });
    const bare = await startBare(database.url);
    const url = stage.url.replace('http:', 'ws:');
    try {
      const token = await tokenFor(stage);
      const [ours = 0, theirs = 0] = await makeCampaigns(stage, 'In turn', 2);
      const screens = new Map([
        [ours, await openScreens(url, [ours], token)],
        [theirs, await openScreens(bare.url, [theirs], token)],
      ]);
      const inTurn = await measure(database, screens);
      const many = await makeCampaigns(stage, 'Spread', CAMPAIGNS);
      const all = await openScreens(url, many, token);
      const spread = await measure(
        database,
        Map.groupBy(all, ({ campaignId }) => campaignId),
      );
      return [
        rowOf('feed-latency', of(inTurn, ours), [
          'all on one campaign',
          `the least server tells as many within ${round(percentile(of(inTurn, theirs).latencies, 0.99))} ms p99`,
        ]),
        rowOf('feed-latency-spread', together(spread), [`spread over ${CAMPAIGNS} campaigns`]),
      ];
    } finally {
      bare.end();
      await stage.close();
    }
  });
}

/** What was seen of the changes of a campaign: after how long, how often not before the next one, how often never. */
type Seen = { latencies: number[]; late: number; lost: number };

function rowOf(id: string, { latencies, late, lost }: Seen, detail: string[]): BenchRow {
  const p99 = round(percentile(latencies, 0.99));
  const inTime = latencies.filter(Number.isFinite).sort((a, b) => a - b);
  return {
    id,
    value: p99,
    unit: 'ms p99',
    bar: `< ${BAR_MS}`,
    pass: p99 < BAR_MS && lost === 0,
    detail: [
      `${SOCKETS} sockets`,
      ...detail,
      `median ${round(percentile(latencies, 0.5))} ms, the slowest of those in time ${round(inTime.at(-1) ?? Number.NaN)} ms`,
      `${late} of ${latencies.length} not there before the next change`,
      `${lost} final states lost after ${BURSTS} bursts`,
    ].join('; '),
  };
}

function of(seen: Map<number, Seen>, campaignId: number): Seen {
  return seen.get(campaignId) ?? { latencies: [], late: Number.NaN, lost: Number.NaN };
}

function together(seen: Map<number, Seen>): Seen {
  const all = [...seen.values()];
  return {
    latencies: all.flatMap(({ latencies }) => latencies),
    late: all.reduce((sum, { late }) => sum + late, 0),
    lost: all.reduce((sum, { lost }) => sum + lost, 0),
  };
}

async function makeCampaigns(stage: BenchStage, name: string, count: number): Promise<number[]> {
  const contacts = 2 * CHANGES + BURSTS * CHANGES_OF_BURST;
  const ids: number[] = [];
  for (let n = 1; n <= count; n += 1) ids.push(await stage.campaign({ name: `${name} ${n}.`, contacts }));
  return ids;
}

async function startBare(databaseUrl: string): Promise<{ url: string; end(): void }> {
  const script = fileURLToPath(new URL('./bare-feed.ts', import.meta.url));
  const child = spawn(process.execPath, [script, databaseUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { url: `ws://127.0.0.1:${String(line).trim()}`, end: () => void child.kill() };
}

async function tokenFor({ deps }: BenchStage): Promise<string> {
  const { id: workspaceId } = await ensureWorkspace(deps, { slackTeamId: TEAM_ID });
  const wish = { workspaceId, actor: DANA, name: 'bench', scopes: ['read'], expiresAt: null };
  return (await createToken(deps, wish)).secret;
}

/** The sockets are closed when it is over. */
async function measure(database: BenchDatabase, screens: Map<number, Screen[]>): Promise<Map<number, Seen>> {
  const seen = new Map([...screens.keys()].map((id) => [id, { latencies: [], late: 0, lost: 0 } as Seen]));
  const change = changerOf(database, [...screens.keys()]);
  const counted = CHANGES * (screens.size === 2 ? 2 : 1);
  for (let n = 0; n < counted; n += 1) {
    const { campaignId, completed, committedAt } = await change();
    await sleep(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]));
    note(of(seen, campaignId), screens.get(campaignId) ?? [], { completed, committedAt });
  }
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const last = new Map<number, number>();
    for (let n = 0; n < CHANGES_OF_BURST; n += 1) {
      const { campaignId, completed } = await change();
      last.set(campaignId, completed);
    }
    await sleep(SETTLE_MS);
    for (const [campaignId, completed] of last)
      of(seen, campaignId).lost += behind(screens.get(campaignId) ?? [], completed).length;
  }
  for (const { socket } of [...screens.values()].flat()) socket.terminate();
  return seen;
}

function note(
  seen: Seen,
  screens: Screen[],
  { completed, committedAt }: { completed: number; committedAt: number },
): void {
  const late = behind(screens, completed);
  seen.late += late.length;
  // Whatever comes later than the next change counts as never come.
  for (const screen of screens)
    seen.latencies.push(late.includes(screen) ? Number.POSITIVE_INFINITY : screen.at - committedAt);
}

function behind(screens: Screen[], completed: number): Screen[] {
  return screens.filter((screen) => screen.completed !== completed);
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
      with done as (
        update contacts set status = 'completed'
        where id = (select min(id) from contacts where campaign_id = ${campaignId} and status = 'pending')
        returning campaign_id)
      select pg_notify('bare_feed', campaign_id::text) from done`;
    return { campaignId, completed, committedAt: performance.now() };
  };
}

async function openScreens(url: string, campaignIds: number[], token: string): Promise<Screen[]> {
  const screens: Screen[] = [];
  for (let opened = 0; opened < SOCKETS; opened += CONNECTED_AT_ONCE) {
    const opening = Array.from({ length: CONNECTED_AT_ONCE }, (_, n) =>
      openScreen(url, campaignIds[(opened + n) % campaignIds.length] ?? 0, token),
    );
    screens.push(...(await Promise.all(opening)));
  }
  return screens;
}

/** Resolves with the first state. */
function openScreen(url: string, campaignId: number, token: string): Promise<Screen> {
  const address = `${url}/ws/campaigns/${campaignId}/progress`;
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
  const screen: Screen = { campaignId, completed: Number.NaN, at: 0, socket };
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
