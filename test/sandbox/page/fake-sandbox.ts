import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import type { JsonObject, SlackFile, SlashCommandHelp, TableName, Tables } from '#sandbox/page-protocol.ts';
import { createPageServer, type FeedChange } from '#sandbox/page-server.ts';
import { SHORTCUTS } from '#sandbox/shortcuts.ts';
import { botUserId, emptyTables } from './people.ts';

type Call = { verb: string; input: JsonObject };
type Uploaded = { path: string; query: Record<string, string>; bytes: Buffer };
type Answer = JsonObject;

const slashCommands: SlashCommandHelp[] = [
  {
    command: '/campaign',
    description: 'Create, launch and watch campaigns',
    usageHint: '[new | list | show | help]',
  },
  { command: '/cadence', description: 'Show how fast texts leave', usageHint: '' },
];

/** Speaks page-protocol like the real sandbox, remembers every verb and answers as the test says. */
export async function startFakeSandbox(
  options: { port?: number; tables?: Partial<ReturnType<typeof emptyTables>> } = {},
) {
  const tables = { ...emptyTables(), ...options.tables };
  const listeners = new Set<(change: FeedChange) => void>();
  const calls: Call[] = [];
  const uploads: Uploaded[] = [];
  const answers = new Map<string, (input: JsonObject) => Answer | Promise<Answer>>();
  const page = await createPageServer({
    sources: [
      {
        snapshot: () => ({ tables, slashCommands, shortcuts: SHORTCUTS, botUserId }),
        subscribe: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    ],
  });

  const app = new Hono();
  app.post('/ui/upload-file', async (c) => {
    uploads.push({
      path: 'upload-file',
      query: c.req.query(),
      bytes: Buffer.from(await c.req.arrayBuffer()),
    });
    return c.json(await answer('upload-file', c.req.query()));
  });
  app.post('/ui/upload-draft', async (c) => {
    const bytes = Buffer.from(await c.req.arrayBuffer());
    uploads.push({ path: 'upload-draft', query: c.req.query(), bytes });
    const { name = '', userId = '' } = c.req.query();
    return c.json({ ok: true, file: draftFile(`F0DRAFT${uploads.length}`, name, userId, bytes.length) });
  });
  app.post('/ui/:verb', async (c) => {
    const input = (await c.req.json()) as JsonObject;
    const verb = c.req.param('verb');
    calls.push({ verb, input });
    return c.json(await answer(verb, input));
  });
  app.route('/', page.routes);

  async function answer(verb: string, input: JsonObject): Promise<Answer> {
    return (await answers.get(verb)?.(input)) ?? { ok: true };
  }

  let server = await listen(app, options.port ?? 0);
  const port = (server.address() as AddressInfo).port;

  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    calls,
    uploads,
    tables,
    /** The inputs of every call of one verb so far. */
    callsOf: (verb: string) => calls.filter((call) => call.verb === verb).map((call) => call.input),
    answer(verb: string, reply: (input: JsonObject) => Answer | Promise<Answer>) {
      answers.set(verb, reply);
    },
    put<Name extends TableName>(table: Name, row: Tables[Name]) {
      const rows = tables[table] as { id: string }[];
      const at = rows.findIndex((candidate) => candidate.id === row.id);
      if (at < 0) rows.push(row);
      else rows[at] = row;
      for (const listener of listeners) listener({ type: 'upsert', table, row });
    },
    remove(table: TableName, id: string) {
      const rows = tables[table] as { id: string }[];
      const at = rows.findIndex((candidate) => candidate.id === id);
      if (at >= 0) rows.splice(at, 1);
      for (const listener of listeners) listener({ type: 'remove', table, id });
    },
    /** Drops the port and every socket, as a killed process does. */
    async goAway() {
      await closeServer(server);
    },
    async comeBack() {
      server = await listen(app, port);
    },
    async close() {
      await page.close();
      await closeServer(server);
    },
  };
}

export type FakeSandbox = Awaited<ReturnType<typeof startFakeSandbox>>;

type Running = ReturnType<typeof serve> & { sockets: WebSocketServer };

function listen(app: Hono, port: number): Promise<Running> {
  return new Promise((resolve) => {
    const sockets = new WebSocketServer({ noServer: true });
    const server = serve(
      { fetch: app.fetch, hostname: '127.0.0.1', port, websocket: { server: sockets } },
      () => resolve(Object.assign(server, { sockets })),
    );
  });
}

function closeServer(server: Running): Promise<void> {
  return new Promise((resolve) => {
    for (const socket of server.sockets.clients) socket.terminate();
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

function draftFile(id: string, name: string, userId: string, size: number): SlackFile & JsonObject {
  return { id, name, title: name, size, mimetype: 'text/csv', filetype: 'csv', userId, createdAt: 1 };
}
