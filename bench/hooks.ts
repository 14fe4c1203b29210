import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DatabaseClient } from '#db/client.ts';
import { createWebhook } from '#operations/create-webhook.ts';
import { deliverWebhook } from '#operations/deliver-webhook.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { noticeWebhookEvents } from '#operations/notice-webhook-events.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { median, round, seconds } from './figures.ts';
import { benchClock } from './stage.ts';

const ROUNDS = 240;
const WARM_UP = 20;
const BATCH = 50;
const MANY = 100_000;
const SENT = 10_000;
const AT_ONCE = 5;
const QUIET_BAR = 1.1;
const TOLD_BAR = 2;
const BULK_BAR = 4;
const BULK_ROUNDS = 3;
const RATE_BAR = 0.3;

type Sql = DatabaseClient['sql'];

/**
 * What being told costs those who do the work: ending 50 contacts, as a merge of reports does, and 100,000 at once, as a
 * stop does, with nobody to tell and with one webhook, each against the same statement without the trigger. And how fast
 * what was written down is sent, against posting the same to the same server with nothing around it.
 */
export async function hooks(): Promise<BenchRow[]> {
  return withDatabase(async ({ client, sql }) => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const webhooks = createWebhookDoor({ allowsLoopback: true, timeoutMs: 10_000 });
    const deps = { db: client.db, clock: benchClock().clock, webhooks } as Deps;
    try {
      const workspace = await ensureWorkspace(deps, { slackTeamId: 'T_BENCH' });
      await addContacts(sql, workspace.id);
      const ended = await endSome(sql, deps, { workspaceId: workspace.id, url });
      const bulk = await endMany(sql);
      return [...ended, ...bulk, await sendRate(sql, deps, url)];
    } finally {
      await webhooks.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  });
}

async function addContacts(sql: Sql, workspaceId: number): Promise<void> {
  const now = new Date().toISOString();
  await sql`
    insert into campaigns (workspace_id, name, campaign_type, status, time_zone, created_by, created_at, updated_at)
    values (${workspaceId}, 'Bench', 'sms', 'running', 'America/New_York', 'system', ${now}, ${now})`;
  await sql`insert into campaign_counts (campaign_id) values (1)`;
  await sql`
    insert into contacts (campaign_id, phone_number, status, variable_values, created_at)
    select 1, '+1212' || lpad(n::text, 7, '0'), 'in_progress', jsonb_build_object('name', 'Person ' || n), ${now}
    from generate_series(1, ${MANY}) n`;
  await sql`analyze`;
}

/** Milliseconds for one batch, with the trigger or without; the batch is open again afterwards, uncounted. */
async function endBatch(sql: Sql, first: number): Promise<number> {
  const from = performance.now();
  await sql.begin(
    (tx) => tx`update contacts set status = 'completed' where id >= ${first} and id < ${first + BATCH}`,
  );
  const took = performance.now() - from;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update contacts set status = 'in_progress' where id >= ${first} and id < ${first + BATCH}`;
  });
  return took;
}

async function endSome(
  sql: Sql,
  deps: Deps,
  { workspaceId, url }: { workspaceId: number; url: string },
): Promise<BenchRow[]> {
  const bare: number[] = [];
  const quiet: number[] = [];
  const told: number[] = [];
  await createWebhook(deps, {
    workspaceId,
    actor: { kind: 'system' },
    creationKey: 'bench',
    url,
    events: ['contact_updated'],
    campaignId: null,
    description: null,
  });
  const variants = [
    { times: bare, prepare: () => sql`alter table contacts disable trigger contacts_told` },
    { times: quiet, prepare: () => sql`update webhooks set is_active = false, off_reason = 'by_hand'` },
    { times: told, prepare: () => sql`update webhooks set is_active = true, off_reason = null` },
  ];
  for (let n = 0; n < ROUNDS + WARM_UP; n += 1)
    for (const { times, prepare } of variants) {
      await prepare();
      const took = await endBatch(sql, 1 + (n % 1_000) * BATCH);
      await sql`alter table contacts enable trigger contacts_told`;
      if (n >= WARM_UP) times.push(took);
    }
  const base = median(bare);
  const detail = (times: number[]) =>
    `p50 of ending ${BATCH} contacts: ${round(median(times), 2)} ms, without the trigger ${round(base, 2)} ms`;
  return [
    row('hooks-quiet', median(quiet) / base, QUIET_BAR, `${detail(quiet)}; nobody to tell`),
    row('hooks-told', median(told) / base, TOLD_BAR, `${detail(told)}; one webhook`),
  ];
}

/** The whole campaign at once. */
async function endMany(sql: Sql): Promise<BenchRow[]> {
  const end = async () => {
    const from = performance.now();
    await sql.begin((tx) => tx`update contacts set status = 'skipped', skip_reason = 'campaign_stopped'`);
    const took = performance.now() - from;
    await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update contacts set status = 'in_progress', skip_reason = null`;
    });
    await sql`vacuum contacts`;
    return took;
  };
  const bare: number[] = [];
  const told: number[] = [];
  await end();
  for (let n = 0; n < BULK_ROUNDS; n += 1) {
    await sql`truncate webhook_deliveries`;
    await sql`alter table contacts disable trigger contacts_told`;
    bare.push(await end());
    await sql`alter table contacts enable trigger contacts_told`;
    told.push(await end());
  }
  const [off, on] = [median(bare), median(told)];
  const detail = `skipping ${MANY} contacts at once: ${round(on, 0)} ms, without the trigger ${round(off, 0)} ms; one webhook`;
  return [row('hooks-bulk', on / off, BULK_BAR, detail)];
}

/** Deliveries a second from what was written down until the log says so, against posting alone. */
async function sendRate(sql: Sql, deps: Deps, url: string): Promise<BenchRow> {
  await sql`delete from webhook_deliveries where id > (select min(id) + ${SENT} - 1 from webhook_deliveries)`;
  const from = performance.now();
  await noticeWebhookEvents(deps);
  for (;;) {
    await deliverWebhook(deps, { webhookId: 1 });
    const [left] = await sql<{ waiting: number }[]>`
      select count(*)::int as waiting from webhook_deliveries where state = 'waiting'`;
    if (left?.waiting === 0) break;
  }
  const rate = SENT / seconds(from);
  const bare = await postAlone(deps, url);
  const value = round(rate / bare, 2);
  return {
    id: 'hooks-rate',
    value,
    unit: 'x',
    bar: `>= ${RATE_BAR}`,
    pass: value >= RATE_BAR,
    detail: `${round(rate, 0)} deliveries/s composed, signed, sent and logged; ${round(bare, 0)}/s posted alone, ${AT_ONCE} at once`,
  };
}

async function postAlone(deps: Deps, url: string): Promise<number> {
  const body = JSON.stringify({ text: 'x'.repeat(450) });
  let left = SENT;
  const from = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await deps.webhooks.post({ url, headers: {}, body });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return SENT / seconds(from);
}

function row(id: string, ratio: number, bar: number, detail: string): BenchRow {
  const value = round(ratio, 2);
  return { id, value, unit: 'x', bar: `<= ${bar}`, pass: value <= bar, detail };
}
