import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeStatus } from '#operations/change-status.ts';
import { INSTANT } from '#sandbox/carrier/options.ts';
import { ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBERS, startCarrier } from '#support/carrier.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import type { BenchDatabase } from './database.ts';
import { median, round, seconds } from './figures.ts';
import { cpuOfTree } from './processes.ts';
import { measureRounds, untilMerged } from './rounds.ts';
import { type BenchStage, DANA } from './stage.ts';

const TEXTS = 4_000;
const RATE_BAR = 200;
const AT_ONCE = 50;
const CALLBACKS_PER_TEXT = 3;

/**
 * Texts taken on by a carrier that answers at once, with their three callbacks merged, by one bot process that shares two
 * cores with the carrier and the database. The reference is the carrier alone: creates as fast as it takes them, and a
 * bare server for its callbacks.
 */
export async function dispatchRate(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  const limits: number[] = [];
  const { value, cost } = await measureRounds({
    options: { script },
    before: async () => void limits.push(await carrierAlone()),
    measure: drain,
  });
  return [
    {
      id: 'dispatch-rate',
      value,
      unit: 'texts/s',
      bar: `>= ${RATE_BAR}`,
      pass: value >= RATE_BAR,
      detail: `${TEXTS} texts from start to the last callback merged; ${cost}; the carrier alone ${round(median(limits), 0)}/s`,
    },
  ];
}

async function drain({ sql, serverPid }: BenchDatabase, stage: BenchStage) {
  const campaignId = await stage.campaign({ name: 'Bench', contacts: TEXTS });
  const server = await serverPid();
  const cpu = async () => ({
    bot: await cpuOfTree(stage.bot.pid),
    postgres: await cpuOfTree(server),
    carrier: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
  });
  const before = await cpu();
  const from = performance.now();
  await changeStatus(stage.deps, { campaignId, move: 'start', actor: DANA });
  await untilMerged(sql, campaignId);
  const took = seconds(from);
  const after = await cpu();
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from contacts where campaign_id = ${campaignId} and status = 'completed'`;
  const texts = stage.carrier.accepted().filter(({ body }) => body !== '').length;
  if (row?.n !== TEXTS || texts !== TEXTS) throw new Error(`${texts} texts, ${row?.n} of ${TEXTS} completed`);
  const perText = (key: keyof typeof before) =>
    `${round(((after[key] - before[key]) / TEXTS) * 1_000, 2)} ms`;
  return {
    rate: TEXTS / took,
    cost: `CPU per text: bot ${perText('bot')}, PostgreSQL ${perText('postgres')}, carrier ${perText('carrier')}`,
  };
}

/** How many texts a second the stand-in takes on and reports on, when nobody does anything about them. */
async function carrierAlone(): Promise<number> {
  let reported = 0;
  const sink = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      reported += 1;
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const statusCallback = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
  const carrier = await startCarrier({ latency: INSTANT, trafficKept: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const from = performance.now();
  let next = 0;
  const work = async () => {
    while (next < TEXTS) {
      next += 1;
      await create(agent, carrier.url, next, statusCallback);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  while (reported < TEXTS * CALLBACKS_PER_TEXT) await sleep(5);
  const rate = TEXTS / seconds(from);
  agent.destroy();
  await carrier.stop();
  sink.closeAllConnections();
  sink.close();
  return rate;
}

async function create(agent: Agent, url: string, index: number, statusCallback: string): Promise<void> {
  const to = `+1212${2_000_080 + index * 100}`;
  const body = new URLSearchParams({
    To: to,
    From: OUR_NUMBERS.first,
    Body: 'Hello, your appointment is tomorrow.',
    StatusCallback: statusCallback,
  }).toString();
  const outgoing = request(`${url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
    agent,
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body),
      Authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`,
    },
  });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  await once(response.resume(), 'end');
}
