import { sql } from 'drizzle-orm/sql';
import { createHolidays } from '#calendar/holidays.ts';
import { type DatabaseClient, openDatabase } from '#db/client.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { TASKS } from '#jobs/tasks.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createEventRecorder } from '#operations/event-recorder.ts';
import type { Chat } from '#ports/chat.ts';
import type { Log } from '#ports/log.ts';
import type { TaskName, Tasks } from '#ports/tasks.ts';
import type { ProviderEvent } from '#ports/telephony.ts';
import { noMeters } from '#support/meters.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import { type YearCarrier, yearCarrier } from './carrier.ts';
import { type SteppingClock, steppingClock } from './stepping-clock.ts';
import { HOUR_MS } from './wall.ts';
import type { Ways } from './ways.ts';

/** Something that people do at an instant. */
export type Happening = { at: number; what: string; act: () => Promise<void> };

export type YearStage = {
  deps: Deps;
  client: DatabaseClient;
  clock: SteppingClock;
  carrier: YearCarrier;
  workspaceId: number;
  /** What went wrong on the way, in words, with how often: tasks that failed, verbs that refused what they should not. */
  troubles: Map<string, number>;
  turns: number;
  /** How often each task ran. */
  ran: Map<string, number>;
  plan(happening: Happening): void;
  /** The carrier tells something at once. */
  tell(event: ProviderEvent): Promise<void>;
  /** No task runs between these instants: the machine is down. */
  goDown(from: number, until: number): void;
  runUntil(ms: number): Promise<void>;
  close(): Promise<void>;
};

/** The reaper runs every minute in production; a year has half a million of them. */
const RECOVER_EVERY_MS = 12 * HOUR_MS;
const MOST_TURNS = 400_000;
const MOST_TROUBLES = 50;

/** The engine over a database, with a clock that jumps from one due task, report or happening to the next. */
export async function openYearStage(options: {
  databaseUrl: string;
  seed: string;
  startMs: number;
  chat: Chat;
  ways: Ways;
}): Promise<YearStage> {
  const client = openDatabase(options.databaseUrl, { maxConnections: 4 });
  const clock = steppingClock(options.startMs);
  const carrier = yearCarrier(options.ways, () => clock.now().getTime());
  const troubles = new Map<string, number>();
  let tokens = 0;
  const deps: Deps = {
    db: client.db,
    databaseUrl: options.databaseUrl,
    clock,
    telephony: carrier,
    chat: options.chat,
    log: logInto(troubles),
    holidays: createHolidays(),
    randomToken: () => {
      tokens += 1;
      return `year${options.seed}x${tokens}`.replaceAll(/\W/g, '');
    },
    defaultSender: { kind: 'number', phoneNumber: '+15005550006' },
    meters: noMeters,
    defaultCaller: '+15005550006',
    model: null,
    webhooks: createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000 }),
  };
  const workspace = await ensureWorkspace(deps, { slackTeamId: 'T_YEAR', name: 'Acme', botUserId: 'U_BOT' });
  await changeWorkspace(client.db, workspace.id, { rateLimitPerMinute: 1_000_000, concurrentLimit: 1_000 });
  return drive(deps, { client, clock, carrier, troubles, workspaceId: workspace.id });
}

function drive(
  deps: Deps,
  given: Pick<YearStage, 'client' | 'clock' | 'carrier' | 'troubles' | 'workspaceId'>,
): YearStage {
  const { client, clock, carrier, troubles } = given;
  const record = createEventRecorder(deps);
  const happenings: Happening[] = [];
  let down = { from: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  let recoverAt = clock.now().getTime();
  let events = 0;
  const stage: YearStage = {
    ...given,
    deps,
    turns: 0,
    ran: new Map(),
    plan(happening) {
      const place = happenings.findIndex(({ at }) => at > happening.at);
      happenings.splice(place < 0 ? happenings.length : place, 0, happening);
    },
    tell: (event) => deliver([event]),
    goDown(from, until) {
      down = { from, until };
    },
    async runUntil(ms) {
      while (stage.turns < MOST_TURNS && count(troubles) < MOST_TROUBLES) {
        if (!(await step(ms))) {
          clock.jumpTo(ms);
          return;
        }
        stage.turns += 1;
      }
      note(troubles, `the year was given up at ${clock.now().toISOString()} after ${stage.turns} turns`);
    },
    close: () => client.close(),
  };
  return stage;

  /** Does what comes next, if it comes before the end. */
  async function step(endMs: number): Promise<boolean> {
    const taskAt = await nextTaskAt();
    const next = Math.min(
      happenings[0]?.at ?? Number.POSITIVE_INFINITY,
      carrier.reports[0]?.at ?? Number.POSITIVE_INFINITY,
      waking(taskAt ?? Number.POSITIVE_INFINITY),
      waking(recoverAt),
    );
    if (next > endMs) return false;
    clock.jumpTo(next);
    if (carrier.reports[0] && carrier.reports[0].at <= next) await deliverReports(next);
    else if (happenings[0] && happenings[0].at <= next) await happen();
    else if (taskAt !== null && waking(taskAt) <= next) await runNextTask();
    else {
      recoverAt = next + RECOVER_EVERY_MS;
      await run('recover', {});
    }
    return true;
  }

  function waking(ms: number): number {
    return ms >= down.from && ms < down.until ? down.until : ms;
  }

  async function deliverReports(nowMs: number): Promise<void> {
    const due = carrier.reports.filter(({ at }) => at <= nowMs);
    carrier.reports.splice(0, due.length);
    await deliver(due.map(({ event }) => event));
  }

  async function deliver(told: ProviderEvent[]): Promise<void> {
    await record(
      told.map((event) => {
        events += 1;
        return { provider: carrier.provider, dedupeKey: `event-${events}`, event, raw: {} };
      }),
    );
  }

  async function happen(): Promise<void> {
    const happening = happenings.shift();
    try {
      await happening?.act();
    } catch (error) {
      note(troubles, `${happening?.what} failed: ${(error as Error).message}`);
    }
  }

  async function nextTaskAt(): Promise<number | null> {
    const [row] = await client.db.execute<{ ms: string | null }>(sql`
      select extract(epoch from min(run_at)) * 1000 as ms from graphile_worker._private_jobs`);
    return row?.ms == null ? null : Math.round(Number(row.ms));
  }

  /** One task, taken off the table before it runs, as the worker lets a key go that it has begun with. */
  async function runNextTask(): Promise<void> {
    const [job] = await client.db.execute<{ name: TaskName; payload: Tasks[TaskName] }>(sql`
      delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
      where t.id = j.task_id and j.id = (
        select id from graphile_worker._private_jobs order by run_at, priority, id limit 1)
      returning t.identifier as name, j.payload`);
    if (job) await run(job.name, job.payload);
  }

  async function run<T extends TaskName>(name: T, payload: Tasks[T]): Promise<void> {
    stage.ran.set(name, (stage.ran.get(name) ?? 0) + 1);
    try {
      await TASKS[name]({ deps, handleChatDelivery: async () => undefined }, payload);
    } catch (error) {
      const { message, cause } = error as Error;
      note(troubles, `the task ${name} failed: ${message.slice(0, 300)} ${cause ? String(cause) : ''}`);
    }
  }
}

/** What is logged as an error is a trouble of its own. */
function logInto(troubles: YearStage['troubles']): Log {
  return {
    debug() {},
    info() {},
    warn() {},
    error(fields, message) {
      const told = JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value));
      note(troubles, `logged: ${message} ${told}`);
    },
  };
}

function note(troubles: YearStage['troubles'], trouble: string): void {
  troubles.set(trouble, (troubles.get(trouble) ?? 0) + 1);
}

function count(troubles: YearStage['troubles']): number {
  return [...troubles.values()].reduce((sum, times) => sum + times, 0);
}
