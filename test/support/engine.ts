import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm/sql';
import { createHolidays } from '#calendar/holidays.ts';
import { attempts } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { runDueTasks } from '#jobs/worker.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createEventRecorder } from '#operations/event-recorder.ts';
import type { Chat, ChatContent, ChatPlace } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { FoundText, PlaceResult, ProviderEvent, Telephony, TextRequest } from '#ports/telephony.ts';
import { createWebhookDoor } from '#webhooks/door.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { noMeters } from './meters.ts';
import { type ScriptedCalls, scriptedCalls } from './scripted-calls.ts';

/** A Tuesday, 14:00 in New York: every zone of the United States but Hawaii's far west is awake. */
export const NOON = new Date('2026-11-24T19:00:00.000Z');

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** What lies ahead in a test's time is parked this far ahead of real time, so that only the test makes it due. */
const PARKED_MS = 3_600_000;

/** Time that stands still until a test moves it. */
export function testClock(start = NOON): Clock & { move(ms: number): void; set(at: Date): void } {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    realDelay: (ms) => new Date(now + ms),
    toReal: (at) => {
      const aheadMs = at.getTime() - now;
      return new Date(aheadMs <= 0 ? Date.now() : Date.now() + PARKED_MS + aheadMs);
    },
    move(ms) {
      now += ms;
    },
    set(at) {
      now = at.getTime();
    },
  };
}

/** A carrier in this process: it keeps every request and answers as it is told, by default by accepting. */
export function scriptedCarrier(): Telephony &
  ScriptedCalls & {
    requests: TextRequest[];
    answer: (request: TextRequest) => PlaceResult | Promise<PlaceResult>;
    /** What its list shows, by the number a text went to. */
    listed: Map<string, FoundText[]>;
    fetched: Map<string, Awaited<ReturnType<Telephony['fetchText']>>>;
    lookupFails: Error | null;
  } {
  let sids = 0;
  const carrier = Object.assign(scriptedCalls(), {
    provider: 'scripted',
    requests: [] as TextRequest[],
    listed: new Map<string, FoundText[]>(),
    fetched: new Map(),
    lookupFails: null as Error | null,
    answer: (_: TextRequest): PlaceResult | Promise<PlaceResult> => {
      sids += 1;
      return { kind: 'accepted', ref: `SM${sids}` };
    },
    async sendText(request: TextRequest) {
      carrier.requests.push(request);
      return carrier.answer(request);
    },
    async findTexts({ to }: { to: string }) {
      if (carrier.lookupFails) throw carrier.lookupFails;
      return carrier.listed.get(to) ?? [];
    },
    async fetchText(ref: string) {
      if (carrier.lookupFails) throw carrier.lookupFails;
      const found = carrier.fetched.get(ref);
      if (!found) throw new Error(`the test has no text ${ref}`);
      return found;
    },
    async ownsNumber() {
      return true;
    },
    async listNumbers() {
      return [];
    },
  });
  return carrier;
}

export type Told = { place: ChatPlace | { channelId: string; ts: string }; content: ChatContent };

/** A chat that keeps what it is told. */
function recordingChat(): Chat & {
  posted: Told[];
  updated: Told[];
  files: { name: string; text: string }[];
  /** Its user groups, by id. */
  groupMembersOf: Map<string, readonly string[]>;
} {
  let count = 0;
  const chat = {
    posted: [] as Told[],
    updated: [] as Told[],
    files: [] as { name: string; text: string }[],
    async post(place: ChatPlace, content: ChatContent) {
      chat.posted.push({ place, content });
      count += 1;
      return { kind: 'done' as const, ts: `100.${count}` };
    },
    async update(place: { channelId: string; ts: string }, content: ChatContent) {
      chat.updated.push({ place, content });
      return { kind: 'done' as const, ts: place.ts };
    },
    async uploadFile(_: ChatPlace, file: { name: string; content: Uint8Array }) {
      chat.files.push({ name: file.name, text: new TextDecoder().decode(file.content) });
      return { kind: 'done' as const, ts: '1' };
    },
    async downloadFile(): Promise<never> {
      throw new Error('no files in this test');
    },
    async fileInfo(): Promise<never> {
      throw new Error('no files in this test');
    },
    async user(id: string) {
      const isGuest = id === 'U_GUEST';
      const isStranger = id === 'U_STRANGER';
      return {
        id,
        teamId: 'T1',
        name: id,
        timeZone: null,
        isAdmin: false,
        isGuest,
        isStranger,
        isBot: false,
        isDeleted: false,
      };
    },
    async channel(id: string) {
      return { id, name: id, isMember: true, isArchived: false, isExtShared: id === 'C_SHARED' };
    },
    groupMembersOf: new Map<string, readonly string[]>(),
    async groups() {
      return [...chat.groupMembersOf.keys()].map((id) => ({ id, handle: id.toLowerCase(), name: id }));
    },
    async groupMembers(id: string) {
      return chat.groupMembersOf.get(id) ?? [];
    },
    async permalink() {
      return null;
    },
  };
  return chat;
}

export const ANNA = { kind: 'slack_user', userId: 'U_ANNA' } as const;

/** The engine over a real database, with time, carrier and chat in the test's hands. */
export async function createEngine() {
  const database = await createTestDatabase();
  const clock = testClock();
  const carrier = scriptedCarrier();
  const chat = recordingChat();
  const deps: Deps = {
    db: database.client.db,
    databaseUrl: database.url,
    clock,
    telephony: carrier,
    chat,
    log: quietLog,
    randomToken: () => randomBytes(12).toString('hex'),
    defaultSender: { kind: 'number', phoneNumber: '+15005550006' },
    holidays: createHolidays(),
    meters: noMeters,
    defaultCaller: '+15005550006',
    model: null,
    webhooks: createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000 }),
  };
  const workspace = await ensureWorkspace(deps, { slackTeamId: 'T1', name: 'Acme', botUserId: 'U_BOT' });
  await changeWorkspace(deps.db, workspace.id, { rateLimitPerMinute: 1_000_000, concurrentLimit: 1_000 });
  const record = createEventRecorder(deps);
  let events = 0;
  /** What the carrier tells us, each report once. */
  const report = (...reports: ProviderEvent[]) =>
    record(
      reports.map((event) => {
        events += 1;
        return { provider: 'scripted', dedupeKey: `event-${events}`, event, raw: {} };
      }),
    );
  return {
    database,
    deps,
    clock,
    carrier,
    chat,
    workspace,
    /** Runs every task that is due, and those they cause, until none is. */
    drain: () => drain(deps, database),
    report,
    /** The carrier confirms every text of a campaign that it has not confirmed. */
    async deliverTexts(campaignId: number) {
      const rows = await deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
      await report(...rows.filter(({ state }) => state !== 'ended').map(delivered));
      await drain(deps, database);
    },
    /** Lets time pass; waiting tasks come nearer with it. */
    async wait(ms: number) {
      clock.move(ms);
      await deps.db.execute(sql`
        update graphile_worker._private_jobs set run_at = case
          when run_at - ${ms + PARKED_MS}::int * interval '1 millisecond' <= now() then now()
          else run_at - ${ms}::int * interval '1 millisecond' end
        where run_at > now()`);
    },
    campaign: (options: CampaignOptions = {}) => makeCampaign(deps, workspace.id, options),
  };
}
export type Engine = Awaited<ReturnType<typeof createEngine>>;

function delivered({ token, providerRef }: typeof attempts.$inferSelect): ProviderEvent {
  return {
    kind: 'text_status',
    token,
    ref: providerRef ?? '',
    status: 'delivered',
    refusal: null,
    segments: null,
    price: null,
  };
}

type CampaignInput = Parameters<typeof createCampaign>[1];

export type CampaignOptions = {
  phones?: string[];
  template?: string;
  /** Texts by default. A campaign that calls says a few words unless `fields` has others. */
  type?: CampaignInput['campaignType'];
  fields?: Partial<CampaignInput>;
  settings?: CampaignInput['settings'];
  channelId?: string | null;
};

const CALL_TEXTS = {
  welcomeMessageTemplate: 'Hi {{name}}, this is {{assistant_name}}.',
  agendaTemplate: 'Confirm the appointment.',
  endCallMessageTemplate: 'Thank you, goodbye.',
};

let made = 0;

async function makeCampaign(deps: Deps, workspaceId: number, options: CampaignOptions): Promise<number> {
  made += 1;
  const { campaignId } = await createCampaign(deps, {
    workspaceId,
    actor: ANNA,
    creationKey: `test-${made}`,
    // Each in a channel of its own: one channel takes only so many messages at once.
    channelId: options.channelId === undefined ? `C_${made}` : options.channelId,
    name: `Campaign ${made}`,
    campaignType: options.type ?? 'sms',
    ...(options.type !== 'call' && { smsMessageTemplate: options.template ?? 'Hello {{name}}' }),
    ...(options.type && options.type !== 'sms' && CALL_TEXTS),
    ...options.fields,
    settings: { rateLimitPerMinute: 6000, concurrentLimit: 500, ...options.settings },
  });
  await addContacts(deps, campaignId, options.phones ?? []);
  return campaignId;
}

/** Contacts as an import leaves them: due at once. */
export async function addContacts(deps: Deps, campaignId: number, phones: string[]): Promise<void> {
  const now = deps.clock.now().toISOString();
  await deps.db.execute(sql`
    insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
    select ${campaignId}, p #>> '{}', jsonb_build_object('name', 'P' || ord), ${now}::timestamptz, ${now}::timestamptz
    from jsonb_array_elements(${JSON.stringify(phones)}::text::jsonb) with ordinality as t(p, ord)`);
}

/** Numbers in New York that exist as far as anybody can tell. */
export function phones(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `+1212555${String(from + i).padStart(4, '0')}`);
}

async function drain(deps: Deps, database: TestDatabase): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const [due] = await deps.db.execute<{ due: number }>(sql`
      select count(*)::int as due from graphile_worker._private_jobs
      where run_at <= now() and locked_at is null and attempts < max_attempts`);
    if (!due || due.due === 0) return;
    await runDueTasks({ deps, handleChatDelivery: async () => undefined }, database.url);
  }
  throw new Error('tasks kept causing tasks');
}
