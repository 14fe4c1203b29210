import postgres from 'postgres';
import { createHolidays } from '#calendar/holidays.ts';
import { lockCampaign } from '#db/claims.ts';
import { type DatabaseClient, openDatabase } from '#db/client.ts';
import { changeStatus } from '#operations/change-status.ts';
import { claimContacts } from '#operations/claim-contacts.ts';
import { textComposer } from '#operations/compose-text.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import type { Chat } from '#ports/chat.ts';
import type { Telephony } from '#ports/telephony.ts';
import { noMeters } from '#support/meters.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { median, round } from './figures.ts';
import { benchClock, DANA } from './stage.ts';

const FEW = 10_000;
const MANY = 1_000_000;
const CLAIMS = 180;
const WARM_UP = 10;
/** Of these the first half is drained. */
const DRAINED = 200_000;
const SIZE_BAR = 1.3;
const DRAIN_BAR = 0.7;

/**
 * Whether a claim of 50 costs the same however large the campaign is, and however far it is drained while somebody else
 * holds a transaction open, so that no dead index entry can be cleared away. The whole claim is timed: the locks, the
 * gate, the attempts written, the contacts moved on.
 */
export async function claimFlat(): Promise<BenchRow[]> {
  return withDatabase(async (database) => {
    const large = openDatabase(await database.another('large'));
    try {
      const few: number[] = [];
      const many: number[] = [];
      const small = await openCampaign(database.client, FEW);
      const big = await openCampaign(large, MANY);
      for (let n = 0; n < CLAIMS + WARM_UP; n += 1) {
        const [atFew, atMany] = [await small.claim(), await big.claim()];
        if (n < WARM_UP) continue;
        few.push(atFew);
        many.push(atMany);
      }
      return [sizeRow(few, many), drainRow(await drainBehindSnapshot(large, big))];
    } finally {
      await large.close();
    }
  });
}

function sizeRow(few: number[], many: number[]): BenchRow {
  const value = round(median(many) / median(few), 2);
  return {
    id: 'claim-flat',
    value,
    unit: 'x',
    bar: `<= ${SIZE_BAR}`,
    pass: value <= SIZE_BAR,
    detail: `p50 of a claim of 50: ${round(median(many), 2)} ms at ${MANY} contacts, ${round(median(few), 2)} ms at ${FEW}`,
  };
}

function drainRow(tenths: number[]): BenchRow {
  const [first = 0] = tenths;
  const fifth = tenths[4] ?? 0;
  const value = round(fifth / first, 2);
  return {
    id: 'claim-flat-drained',
    value,
    unit: 'x',
    bar: `>= ${DRAIN_BAR}`,
    pass: value >= DRAIN_BAR,
    detail: `claims/s in the fifth tenth of ${DRAINED} contacts ${round(fifth)}, in the first ${round(first)}, a transaction open elsewhere`,
  };
}

/** Claims per second in each of the first five tenths of a drain, while another connection keeps its snapshot. */
async function drainBehindSnapshot({ url }: DatabaseClient, bench: Bench): Promise<number[]> {
  const other = postgres(url, { max: 1 });
  const rates: number[] = [];
  await other.begin('isolation level repeatable read', async (snapshot) => {
    await snapshot`select count(*) from contacts`;
    const perTenth = DRAINED / 50 / 10;
    for (let tenth = 0; tenth < 5; tenth += 1) {
      let tookMs = 0;
      for (let n = 0; n < perTenth; n += 1) tookMs += await bench.claim();
      rates.push((perTenth / tookMs) * 1_000);
    }
  });
  await other.end();
  return rates;
}

type Bench = Awaited<ReturnType<typeof openCampaign>>;

async function openCampaign({ db, sql, url }: DatabaseClient, contacts: number) {
  const { clock } = benchClock();
  let tokens = 0;
  const deps: Deps = {
    db,
    databaseUrl: url,
    clock,
    telephony: { provider: 'bench', ownsNumber: async () => true } as unknown as Telephony,
    chat: {} as Chat,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    randomToken: () => `bench-${contacts}-${++tokens}`,
    defaultSender: { kind: 'number', phoneNumber: '+12025550100' },
    holidays: createHolidays(),
    meters: noMeters,
    defaultCaller: '+15005550006',
    model: null,
    webhooks: createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000 }),
  };
  const workspace = await ensureWorkspace(deps, { slackTeamId: 'T_BENCH' });
  await sql`update workspaces set rate_limit_per_minute = 1000000000, concurrent_limit = 100000`;
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: DANA,
    creationKey: `claim-${contacts}`,
    channelId: null,
    name: 'Claims',
    campaignType: 'sms',
    smsMessageTemplate: 'Hello {{name}}',
  });
  const now = clock.now().toISOString();
  await sql`
    insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
    select ${campaignId}, '+1212' || lpad(place::text, 7, '0'), jsonb_build_object('name', 'Person ' || place), ${now}, ${now}
    from generate_series(1, ${contacts}) as place`;
  await sql`analyze contacts`;
  await sql`update campaigns set rate_limit_per_minute = 32767, concurrent_limit = 32767 where id = ${campaignId}`;
  await changeStatus(deps, { campaignId, move: 'start', actor: DANA });
  return { claim: () => claimOnce(deps, sql, campaignId) };
}

/** Milliseconds that one claim takes; what it claimed is put out of the way, and its tokens given back, uncounted. */
async function claimOnce(deps: Deps, sql: DatabaseClient['sql'], campaignId: number): Promise<number> {
  await sql`delete from rate_buckets`;
  const from = performance.now();
  const claimed = await deps.db.transaction(async (tx) => {
    const locked = await lockCampaign(tx, campaignId);
    if (!locked || !deps.defaultSender) throw new Error('the campaign is gone');
    const composer = textComposer(locked.campaign, locked.workspace, deps.defaultSender);
    return claimContacts(deps, tx, locked, { text: composer, call: null });
  });
  const took = performance.now() - from;
  if (claimed.attempts.length !== 50)
    throw new Error(`a claim took ${claimed.attempts.length} contacts, not 50`);
  const ids = claimed.attempts.map(({ id }) => id);
  await sql`
    update attempts set state = 'ended', outcome = 'delivered', ended_at = created_at where id = any(${ids})`;
  return took;
}
