import type { Server } from 'node:http';
import { relative } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { createPageServer } from '#sandbox/page-server.ts';
import { type Credentials, newCredentials } from './bot-environment.ts';
import { keepBot } from './bot-keeper.ts';
import { openClock } from './clock-keeper.ts';
import type { SandboxOptions } from './command-line.ts';
import {
  type DataFolder,
  endLeftBot,
  openDataFolder,
  putAside,
  readSaved,
  releaseHolder,
  writeHolder,
} from './data-folder.ts';
import { listenNear } from './ports.ts';
import { type ProductClock, sayProductTime } from './product-clock.ts';
import { sandboxRoutes } from './routes.ts';
import { keepSnapshots } from './snapshots.ts';
import { createStandIns, type StandIns, type StandInsSave } from './stand-ins.ts';
import type { Terminal } from './terminal.ts';

/** What was opened, to be closed in reverse. */
export type Closers = (() => Promise<void>)[];

type Surroundings = {
  terminal: Terminal;
  closers: Closers;
  /** Hears why the sandbox cannot go on. */
  onLost(sentence: string): void;
};

/** Starts everything; returns the page's address once the bot is ready for work. */
export async function openSandbox(options: SandboxOptions, surroundings: Surroundings): Promise<string> {
  const { terminal, closers } = surroundings;
  const folder = await openDataFolder(options.dataDir, options.isFresh);
  const database = await openDatabase(folder, surroundings);
  if (await endLeftBot(folder)) terminal.say('A bot that an earlier run had left behind was ended.');
  const { clock, isFirst, stop } = await openClock(folder, options.speed, terminal.say);
  closers.push(stop);
  const credentials = newCredentials();
  const standIns = await openStandIns(folder, clock, credentials, surroundings);
  const databaseUrl = database.url('ringmaster');
  const bot = await keepBot({ folder, databaseUrl, clock, credentials, standIns, terminal });
  const page = await createPageServer({ sources: [...standIns.sources, bot.source] });
  closers.push(() => page.close());
  const routes = sandboxRoutes(standIns, page.routes, bot.verbs);
  const url = await openPort(routes, options.port, surroundings);
  standIns.slack.setBaseUrl(url);
  await writeHolder(folder, { url, botPort: 0, botPid: null });
  closers.push(() => bot.close());
  tellTime(clock, isFirst, terminal);
  if (await bot.start(url)) tellBot(bot.url(), relative('.', folder.botLog), terminal);
  return url;
}

async function openDatabase(
  folder: DataFolder,
  { terminal, closers, onLost }: Surroundings,
): Promise<EmbeddedPostgres> {
  terminal.say('Starting PostgreSQL, a stand-in Slack, a stand-in carrier and the bot…');
  const server = await startEmbeddedPostgres({ dataDir: folder.postgres, log: terminal.say, onLost });
  closers.push(
    () => server.stop(),
    () => releaseHolder(folder),
  );
  await server.ensureDatabase('ringmaster');
  return server;
}

/** The stand-ins with what they remember, which is kept from now on. */
async function openStandIns(
  folder: DataFolder,
  clock: ProductClock,
  credentials: Credentials,
  { terminal, closers }: Surroundings,
): Promise<StandIns> {
  const standIns = createStandIns(folder.dir, clock, credentials);
  closers.push(() => standIns.close());
  const saved = await readSaved<StandInsSave>(folder.standIns, terminal.say);
  try {
    if (saved) standIns.load(saved);
  } catch (error) {
    await putAside(folder.standIns, error, terminal.say);
  }
  const snapshots = keepSnapshots(folder.standIns, standIns.save, (error) =>
    terminal.say(`What Slack and the carrier remember could not be saved (${String(error)}).`),
  );
  for (const { subscribe } of standIns.sources) subscribe(snapshots.touch);
  closers.push(() => snapshots.flush());
  return standIns;
}

async function openPort(routes: Hono, wanted: number, { terminal, closers }: Surroundings): Promise<string> {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createAdaptorServer({ fetch: routes.fetch, websocket: { server: sockets } }) as Server;
  const port = await listenNear(server, wanted);
  closers.push(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  if (port !== wanted) terminal.say(`Port ${wanted} is taken by another program, so the page is at ${port}.`);
  return `http://127.0.0.1:${port}`;
}

function tellBot(url: string, log: string, { say }: Terminal): void {
  say(`The bot is ready; its log is ${log}.`);
  say(
    `Its API is described at ${url}/api/docs, its dashboard is ${url}/dashboard; /campaign token makes a token.`,
  );
}

function tellTime(clock: ProductClock, isFirst: boolean, { say }: Terminal): void {
  const pace = clock.speed === 1 ? 'runs at its usual pace' : `runs at ${clock.speed}×`;
  const when = sayProductTime(clock.now());
  say(
    isFirst
      ? `In the sandbox it is ${when}, when all of the contiguous United States may be texted; time ${pace}.`
      : `In the sandbox it is ${when}, where time was stopped last; it ${pace}.`,
  );
}
