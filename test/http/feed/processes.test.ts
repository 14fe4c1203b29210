import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChanges } from '#db/changes.ts';
import { openDatabase } from '#db/client.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createApi } from '#support/api.ts';
import { ANNA, addContacts, phones } from '#support/engine.ts';
import { connect, says, startFeed } from '#support/feed.ts';

const api = await createApi();
const { deps, campaign } = api;
const { sql } = api.database.client;
const token = await api.tokenFor(['read']);
const [one, two] = await Promise.all([startFeed(deps), startFeed(deps)]);
afterAll(() => Promise.all([one.stop(), two.stop()]));

const watch = (feed: typeof one, id: number) =>
  connect(`${feed.url}/ws/campaigns/${id}/progress?token=${token}`);
async function watchers(id: number) {
  const headers = { authorization: `Bearer ${token}` };
  return (await api.app.request(`/ws/campaigns/${id}/connections`, { headers })).json();
}

describe('two processes over one database', () => {
  test('show a campaign that a third one runs, both to its very end', async () => {
    const id = await campaign({ phones: phones(3) });
    const clients = [watch(one, id), watch(two, id), watch(two, id)];
    for (const client of clients) await client.message(says({ type: 'initial_progress' }));
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await api.drain();
    await api.deliverTexts(id);
    for (const client of clients) {
      await client.message(says({ data: { status: 'completed', progress: { completed: 3 } } }));
      const done = client.messages.map(({ data }) => data?.progress.completed ?? 0);
      expect(done).toEqual([...done].sort((a, b) => a - b));
    }
    for (const client of clients) await client.close();
  });

  test('count together who watches, and forget those who have left or died', async () => {
    const id = await campaign({ phones: phones(1, 10) });
    const clients = [watch(one, id), watch(two, id), watch(two, id)];
    for (const client of clients) await client.message(says({ type: 'initial_progress' }));
    const monitor = connect(`${one.url}/ws/campaigns/monitor?token=${token}`);
    await monitor.message(says({ data: { campaign_id: id } }));
    await expect
      .poll(() => watchers(id))
      .toEqual({ campaign_id: id, active_connections: 3, monitor_connections: 1 });
    await Promise.all([...clients, monitor].map((client) => client.close()));
    await expect
      .poll(() => watchers(id))
      .toEqual({ campaign_id: id, active_connections: 0, monitor_connections: 0 });

    const until = new Date(api.clock.now().getTime() + 1).toISOString();
    await sql`insert into feed_watches values (${`campaign:${id}`}, 'a dead process', 7, ${until})`;
    expect((await watchers(id)).active_connections).toBe(7);
    api.clock.move(1);
    expect((await watchers(id)).active_connections).toBe(0);
    api.clock.move(1);
    const next = watch(one, id);
    await next.message(says({ type: 'initial_progress' }));
    const left = await sql`select process_id from feed_watches where process_id = 'a dead process'`;
    expect(left).toHaveLength(0);
    await next.close();
  });
});

describe('a change whose news is lost', () => {
  test('is shown all the same when the line of changes is cut, and news comes again afterwards', async () => {
    const id = await campaign({ phones: phones(1, 20) });
    const client = watch(one, id);
    await client.message(says({ type: 'initial_progress' }));
    for (const pending of [2, 3]) {
      const cut = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query ~ '^listen '`;
      expect(cut.length).toBeGreaterThan(0);
      await addContacts(deps, id, phones(1, 20 + pending));
      await client.message(says({ data: { progress: { pending } } }));
      await expect.poll(listening).toBeGreaterThan(0);
    }
    await client.close();
  });

  test('is shown within a few seconds when nothing was told of it', async () => {
    const id = await campaign({ phones: phones(1, 30) });
    const client = watch(two, id);
    const monitor = connect(`${two.url}/ws/campaigns/monitor?token=${token}`);
    await client.message(says({ type: 'initial_progress' }));
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await monitor.message(says({ data: { campaign_id: id, status: 'running' } }));
    await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update campaigns set status = 'paused' where id = ${id}`;
    });
    await client.message(says({ data: { status: 'paused' } }));
    await monitor.message(says({ data: { campaign_id: id, status: 'paused' } }));
    await client.close();
    await monitor.close();
  });
});

describe('what nobody watches', () => {
  const heard: unknown[] = [];
  let close = async () => {};
  const database = openDatabase(api.database.url, { maxConnections: 1 });
  beforeAll(async () => {
    const line = await createChanges(database).listen({
      heard: (change) => heard.push(change),
      connected() {},
    });
    close = async () => {
      await line();
      await database.close();
    };
  });
  afterAll(() => close());

  test('is not told of; what somebody watches is, once for each transaction', async () => {
    await expect.poll(() => sql`select from feed_watches`).toHaveLength(0);
    const [ours, others] = [await campaign(), await campaign()];
    const client = watch(one, ours);
    await client.message(says({ type: 'initial_progress' }));
    heard.length = 0;
    await addContacts(deps, others, phones(1, 40));
    await addContacts(deps, ours, phones(1, 50));
    await sql.begin(async (tx) => {
      await tx`update contacts set status = 'skipped' where campaign_id = ${ours}`;
      await tx`update campaigns set status = 'cancelled' where id = ${ours}`;
    });
    await sql`update campaigns set claim_after_id = 7 where id = ${ours}`;
    await client.message(says({ data: { status: 'cancelled' } }));
    const change = { kind: 'campaign', campaignId: ours, workspaceId: api.workspace.id };
    expect(heard).toEqual([change, change]);
    await client.close();
  });
});

async function listening(): Promise<number> {
  const rows = await sql`
    select from pg_stat_activity where datname = current_database() and query ~ '^listen '`;
  return rows.length;
}
