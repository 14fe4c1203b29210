import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { sql } from 'drizzle-orm/sql';
import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { healthRoutes } from '#http/health.ts';
import { metricsRoutes } from '#http/metrics.ts';
import { createRoutes } from '#http/server.ts';
import { createMetering } from '#metering/prometheus.ts';
import { changeStatus } from '#operations/change-status.ts';
import type { Deps } from '#operations/deps.ts';
import { ANNA, createEngine, phones, quietLog } from '#support/engine.ts';

const TOKEN = 'for-prometheus-alone';
const engine = await createEngine();

/** A process with these collaborators, as operators see it. */
function serve(deps: Pick<Deps, 'db' | 'clock'>, token: string | null = null) {
  const metering = createMetering();
  const { contentType } = metering;
  const write = (workload: Parameters<typeof metering.write>[0]['workload']) =>
    metering.write({ workload, openSockets: 2 });
  const people = new Hono()
    .use('/people/*', (_, next) => next())
    .get('/people/:phone', (c) => c.text('hello'))
    .all('/people/*', (c) => c.text('nobody', 404));
  const edges = [people, healthRoutes(deps), metricsRoutes(deps, { contentType, write, token })];
  const app = createRoutes(edges, quietLog, () => 'ref-1', metering.meters);
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await app.request(path, { headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return { get, meters: metering.meters };
}

describe('/metrics', () => {
  it('counts what ended in this process once it is committed, requests by their pattern, and the work that waits', async () => {
    const { get, meters } = serve(engine.deps);
    Object.assign(engine.deps, { meters });
    const campaignId = await engine.campaign({ phones: phones(3) });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const running = (await get('/metrics')).text;
    expect(running).toContain('ringmaster_running_campaigns 1');
    await engine.deliverTexts(campaignId);
    await get('/people/+12125550000');
    await get('/nobody/+12125550000');
    await get('/people/+12125550000/mail');
    const { status, headers, text } = await get('/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain;/)]);
    expect(text).toContain('ringmaster_attempts_total{channel="sms",outcome="delivered"} 3');
    expect(text).toContain('route="/people/:phone",status="200"} 1');
    expect(text).toContain('route="unknown",status="404"} 2');
    expect(text).toMatch(/^ringmaster_tasks\{state="later"\} \d+$/m);
    expect(text).toContain('ringmaster_open_sockets 2');
    expect(text).not.toContain('2125550000');
  });

  it('is for whoever bears the token, where there is one', async () => {
    const { get } = serve(engine.deps, TOKEN);
    expect(await get('/metrics')).toMatchObject({
      status: 401,
      text: expect.stringContaining('METRICS_TOKEN'),
    });
    expect((await get('/metrics', { authorization: 'Bearer another' })).status).toBe(401);
    expect((await get('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('has every figure that the example dashboard draws', async () => {
    const { get } = serve(engine.deps);
    await get('/healthz');
    const { text } = await get('/metrics');
    const known = new Map(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type = '']) =>
        type === 'histogram'
          ? ['bucket', 'count', 'sum'].map((part) => [`${name}_${part}`, 'counter'] as const)
          : [[name, type] as const],
      ),
    );
    const dashboard = readFileSync('docs/grafana/ringmaster.json', 'utf8');
    const drawn = new Set(dashboard.match(/\bringmaster_\w+/g));
    expect(drawn.size).toBeGreaterThan(10);
    expect([...drawn].filter((name) => !known.has(name))).toEqual([]);
    const rated = [...dashboard.matchAll(/\brate\((\w+)/g)].map(([, name = '']) => [name, known.get(name)]);
    expect(rated).toEqual(rated.map(([name]) => [name, 'counter']));
    const quantiles = [...dashboard.matchAll(/histogram_quantile\([\d.]+, sum by \((\w+)/g)];
    expect(quantiles.map(([, by]) => by)).toEqual(
      Array(dashboard.split('histogram_quantile').length - 1).fill('le'),
    );
    const ids = JSON.parse(dashboard).panels.map(({ id }: { id: number }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('/readyz', () => {
  const ready = async (deps: Pick<Deps, 'db' | 'clock'> = engine.deps) => {
    const { status, text } = await serve(deps).get('/readyz');
    return { status, body: JSON.parse(text) };
  };

  it('says that nothing is the matter', async () => {
    expect(await ready()).toEqual({
      status: 200,
      body: {
        status: 'ok',
        database: 'ok',
        migrations_missing: 0,
        queue_age_seconds: expect.any(Number),
        problems: [],
      },
    });
  });

  it('says which migrations the database lacks', async () => {
    const { db } = engine.deps;
    await db.execute(sql`update schema_migrations set name = '0' || name where name like '0009%'`);
    const { status, body } = await ready();
    await db.execute(sql`update schema_migrations set name = substr(name, 2) where name like '00009%'`);
    expect([status, body.migrations_missing]).toEqual([503, 1]);
    expect(body.problems).toEqual([
      expect.stringContaining('lacks the migration 0009_figures.sql. Run “migrate”'),
    ]);
  });

  it('says that due work waits', async () => {
    const { db } = engine.deps;
    await db.execute(sql`delete from graphile_worker._private_jobs`);
    await db.execute(sql`select graphile_worker.add_job('purge', run_at => now() - interval '10 minutes')`);
    const { status, body } = await ready();
    const { text } = await serve(engine.deps).get('/metrics');
    await db.execute(sql`delete from graphile_worker._private_jobs`);
    expect([status, body.status, body.problems]).toEqual([
      503,
      'not_ready',
      [expect.stringMatching(/^Due work has waited for 60\d s: no worker runs/)],
    ]);
    expect(text).toMatch(/^ringmaster_oldest_due_task_seconds 60\d/m);
    expect(text).toContain('ringmaster_tasks{state="due"} 1');
  });

  it('says that the database does not answer, and so do the figures, whoever waits for it', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const hanging = openDatabase(`postgres://nobody@127.0.0.1:${port}/nothing`);
    const deps = { ...engine.deps, db: hanging.db };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = Promise.all([ready(deps), serve(deps).get('/metrics')]);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    const answers = await Promise.race([
      asked,
      new Promise((late) => setTimeout(() => late('too late'), 10_000)),
    ]);
    for (const socket of sockets) socket.destroy();
    silent.close();
    await hanging.sql.end({ timeout: 0 });
    expect(answers).toMatchObject([
      {
        status: 503,
        body: {
          database: 'unreachable',
          problems: [expect.stringMatching(/^The database does not answer\./)],
        },
      },
      { status: 200, text: expect.stringContaining('ringmaster_database_up 0') },
    ]);
  });

  it('says that the database cannot be reached, and so do the figures', async () => {
    const gone = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
    const deps = { ...engine.deps, db: gone.db };
    const { status, body } = await ready(deps);
    const figures = await serve(deps).get('/metrics');
    await gone.close();
    expect([status, body.database]).toEqual([503, 'unreachable']);
    expect(body.problems).toEqual([expect.stringMatching(/^The database cannot be reached\./)]);
    expect([figures.status, figures.text]).toEqual([
      200,
      expect.stringContaining('ringmaster_database_up 0'),
    ]);
  });
});
