import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Context, Hono } from 'hono';
import { readSpeed, speedSentence } from './command-line.ts';
import type { StandIns } from './stand-ins.ts';

export type LauncherVerbs = {
  /** False when there is no bot to kill. */
  pullThePlug(): boolean;
  setSpeed(speed: number): void;
};

type Answer = { ok: true } | { ok: false; error: string };

const EXAMPLE_FILE = fileURLToPath(new URL('./examples/clients.csv', import.meta.url));

/** Everything under one address: the page, what it asks for, and the addresses at which the bot meets its vendors. */
export function sandboxRoutes(standIns: StandIns, page: Hono, verbs: LauncherVerbs): Hono {
  const app = new Hono();
  app.use('/ui/*', async (c, next) => {
    const problem = strangerAt(c);
    return problem ? c.json({ ok: false, error: problem }, 403) : await next();
  });
  app.post('/ui/pull-the-plug', (c) => c.json(pullThePlug(verbs)));
  app.post('/ui/set-speed', async (c) => c.json(setSpeed(verbs, await c.req.json().catch(() => null))));
  app.get('/examples/clients.csv', async (c) => {
    c.header('content-type', 'text/csv; charset=utf-8');
    c.header('content-disposition', 'attachment; filename="clients.csv"');
    return c.body(await readFile(EXAMPLE_FILE));
  });
  app.route('/', standIns.carrier.routes as unknown as Hono);
  app.route('/', standIns.slack.routes);
  app.route('/', page);
  return app;
}

function pullThePlug(verbs: LauncherVerbs): Answer {
  if (verbs.pullThePlug()) return { ok: true };
  return { ok: false, error: 'The bot is not running just now; it is being started.' };
}

function setSpeed(verbs: LauncherVerbs, input: unknown): Answer {
  const wanted = (input as { speed?: unknown } | null)?.speed;
  const speed = readSpeed(wanted);
  if (speed === null) return { ok: false, error: speedSentence(`the speed ${String(wanted)}`) };
  verbs.setSpeed(speed);
  return { ok: true };
}

/**
 * Another website must not act here in a visitor's name: its pages send their own origin, and a name of its own that it
 * lets lead to this machine is not ours.
 */
function strangerAt(c: Context): string | null {
  const host = c.req.header('host') ?? '';
  const origin = c.req.header('origin');
  if (!/^(localhost|[\w.-]+\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host)) {
    return 'The sandbox answers only on this machine: open it at http://127.0.0.1.';
  }
  if (origin !== undefined && URL.parse(origin)?.host !== host) return 'Only the sandbox page may do this.';
  return null;
}
