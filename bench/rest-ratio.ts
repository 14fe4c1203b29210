import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createToken } from '#operations/create-token.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { type BenchDatabase, withDatabase } from './database.ts';
import { median, round } from './figures.ts';
import { cpuOfTree } from './processes.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';
import { textsUnderWay } from './webhook-rate.ts';

const PAIRS = 7;
const PER_SIDE = 1_200;
const CONNECTIONS = 20;
const RATIO_BAR = 0.6;
const CAMPAIGNS = 30;
const TEXTS = 500;

const READS: Record<string, (campaignId: number) => string> = {
  campaign: (id) => `/api/v1/campaigns/${id}`,
  campaigns: () => '/api/v1/campaigns',
  contacts: (id) => `/api/v1/campaigns/${id}/contacts`,
  progress: (id) => `/api/v1/campaigns/${id}/progress`,
};

/**
 * Reads of the API against the least that could answer them with the same statements, in turn within one run; the figure is
 * that of the worst of them.
 */
export async function restRatio(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    const stage = await openStage(database, { script, roles: 'web' });
    const bare = await prepare(database, stage);
    try {
      const measured: Measured[] = [];
      for (const [name, pathOf] of Object.entries(READS)) {
        const request = requestOf(pathOf(bare.campaignId), bare.secret);
        const { pid, port } = stage.bot;
        measured.push({
          name,
          ...(await comparePairs({ pid, port, request }, { ...bare, request: requestOf(`/${name}`) })),
        });
      }
      return [rowOf(measured)];
    } finally {
      bare.end();
      await stage.close();
    }
  });
}

type Cost = { perSecond: number; cpuMicros: number };
type Measured = { name: string; ratio: number; ours: Cost; bare: Cost };

function rowOf(measured: Measured[]): BenchRow {
  const value = round(Math.min(...measured.map(({ ratio }) => ratio)), 2);
  const words = ({ perSecond, cpuMicros }: Cost) => `${round(perSecond, 0)}/s, ${round(cpuMicros, 0)} us`;
  const detail = measured.map(
    ({ name, ratio, ours, bare }) => `${name} ${round(ratio, 2)} (${words(ours)}; bare ${words(bare)})`,
  );
  return {
    id: 'rest-ratio',
    value,
    unit: 'x bare server',
    bar: `>= ${RATIO_BAR}`,
    pass: value >= RATIO_BAR,
    detail: detail.join(', '),
  };
}

/** A workspace with a page of campaigns, one of them with contacts and texts under way; a token; and the bare server. */
async function prepare({ sql, url }: BenchDatabase, stage: BenchStage) {
  for (let index = 1; index < CAMPAIGNS; index += 1)
    await stage.campaign({ name: `Campaign ${index}`, contacts: 1 });
  await textsUnderWay(stage, TEXTS);
  const [row] = await sql<{ campaignId: number; workspaceId: number }[]>`
    select max(id) as "campaignId", min(workspace_id) as "workspaceId" from campaigns`;
  const { campaignId, workspaceId } = row ?? { campaignId: 0, workspaceId: 0 };
  const wish = { workspaceId, actor: DANA, name: 'Bench', scopes: ['read'], expiresAt: null };
  const { secret } = await createToken(stage.deps, wish);
  await sql`update api_tokens set requests_per_second = 100000`;
  await sql`vacuum analyze`;
  const script = fileURLToPath(new URL('./bare-read.ts', import.meta.url));
  const args = [script, url, String(workspaceId), String(campaignId)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    campaignId,
    secret,
    pid: child.pid ?? 0,
    port: Number(said.toString()),
    end: () => void child.kill('SIGKILL'),
  };
}

type Side = { pid: number; port: number; request: Buffer };

/** The first pair warms both sides and is not counted. */
async function comparePairs(ours: Side, bare: Side) {
  const pairs: { ours: Cost; bare: Cost }[] = [];
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    const both = { ours: await costOf(ours), bare: await costOf(bare) };
    if (pair > 0) pairs.push(both);
  }
  const middle = (side: 'ours' | 'bare', figure: keyof Cost) =>
    median(pairs.map((both) => both[side][figure]));
  return {
    ratio: median(pairs.map((both) => both.ours.perSecond / both.bare.perSecond)),
    ours: { perSecond: middle('ours', 'perSecond'), cpuMicros: middle('ours', 'cpuMicros') },
    bare: { perSecond: middle('bare', 'perSecond'), cpuMicros: middle('bare', 'cpuMicros') },
  };
}

async function costOf({ pid, port, request }: Side): Promise<Cost> {
  const used = await cpuOfTree(pid);
  const perSecond = PER_SIDE / (await askAll(port, request));
  return { perSecond, cpuMicros: (((await cpuOfTree(pid)) - used) / PER_SIDE) * 1e6 };
}

function requestOf(path: string, secret?: string): Buffer {
  const token = secret ? `Authorization: Bearer ${secret}\r\n` : '';
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n${token}\r\n`);
}

/** Asks over so many connections, each as soon as the one before it is answered; the seconds it took. */
async function askAll(port: number, request: Buffer): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => openSocket(port)));
  let left = PER_SIDE;
  const from = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      while (left > 0) {
        left -= 1;
        await ask(socket, request);
      }
    }),
  );
  const took = (performance.now() - from) / 1_000;
  for (const socket of sockets) socket.destroy();
  return took;
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket.setNoDelay(true);
}

const HEAD_END = '\r\n\r\n';

/** Until the whole answer is there; anything but a 200 of a length that was said is an error. */
function ask(socket: Socket, request: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let missing: number | null = null;
  const hear = (piece: Buffer) => {
    if (missing === null) {
      const headEnd = piece.indexOf(HEAD_END);
      const head = piece.subarray(0, headEnd).toString('latin1');
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (!head.startsWith('HTTP/1.1 200') || length === undefined)
        return reject(new Error(piece.toString('utf8', 0, 300)));
      missing = Number(length) + headEnd + HEAD_END.length;
    }
    missing -= piece.length;
    if (missing > 0) return;
    socket.off('data', hear);
    resolve();
  };
  socket.on('data', hear);
  socket.write(request);
  return promise;
}
