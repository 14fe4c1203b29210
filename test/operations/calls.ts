import { eq } from 'drizzle-orm/sql';
import { calls } from '#db/call-schema.ts';
import { attempts, campaignCounts, campaigns, contacts } from '#db/schema.ts';
import type { AnsweredBy, CallStatusName } from '#domain/call.ts';
import { changeStatus } from '#operations/change-status.ts';
import type { CallStatusEvent, CallVerdictEvent } from '#ports/telephony.ts';
import { ANNA, type CampaignOptions, createEngine, type Engine, phones } from '#support/engine.ts';

export const MINUTE = 60_000;

let numbers = 0;

/** The numbers of people nobody has called yet. */
export function freshPhones(count = 1): string[] {
  numbers += count;
  return phones(count, 9_999 - numbers);
}

/** A report on a call as the carrier tells it; `token` null makes it find its call by the id. */
export function statusOf(
  call: { token: string | null; ref: string },
  status: CallStatusName,
  told: Partial<CallStatusEvent> = {},
): CallStatusEvent {
  return {
    kind: 'call_status',
    token: call.token,
    ref: call.ref,
    status,
    sequence: null,
    durationSeconds: status === 'completed' ? 30 : null,
    sipCode: null,
    answeredBy: null,
    refusal: null,
    price: null,
    ...told,
  };
}

export function verdictOf(
  call: { token: string | null; ref: string },
  answeredBy: AnsweredBy,
): CallVerdictEvent {
  return { kind: 'call_verdict', token: call.token, ref: call.ref, answeredBy };
}

/** What a campaign that calls looks like from the rows, and the one call of a campaign of one contact. */
export function lookingAt(engine: Engine) {
  const { db } = engine.deps;
  const look = {
    async start(options: CampaignOptions = {}) {
      const campaignId = await engine.campaign({ type: 'call', phones: freshPhones(), ...options });
      await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
      await engine.drain();
      return campaignId;
    },
    attempts: (campaignId: number) =>
      db.select().from(attempts).where(eq(attempts.campaignId, campaignId)).orderBy(attempts.id),
    calls: (campaignId: number) =>
      db.select().from(calls).where(eq(calls.campaignId, campaignId)).orderBy(calls.id),
    contacts: (campaignId: number) =>
      db.select().from(contacts).where(eq(contacts.campaignId, campaignId)).orderBy(contacts.id),
    async contact(campaignId: number) {
      const [row] = await look.contacts(campaignId);
      if (!row) throw new Error('the campaign has no contact');
      return row;
    },
    /** The newest call of a campaign. */
    async call(campaignId: number) {
      const row = (await look.calls(campaignId)).at(-1);
      if (!row) throw new Error('the campaign has not called');
      return { ...row, ref: row.providerRef ?? '' };
    },
    async counts(campaignId: number) {
      const [row] = await db.select().from(campaignCounts).where(eq(campaignCounts.campaignId, campaignId));
      return row;
    },
    async campaign(campaignId: number) {
      const [row] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
      return row;
    },
  };
  return look;
}

/**
 * An engine for campaigns that call. `accepting` is the carrier's first way to answer a request to call; `reset` puts it
 * back and forgets what was asked of the carrier.
 */
export async function createCallStage() {
  const engine = await createEngine();
  const { carrier } = engine;
  const accepting = carrier.answerCall;
  return {
    engine,
    look: lookingAt(engine),
    accepting,
    reset() {
      carrier.answerCall = accepting;
      carrier.answerChange = () => ({ kind: 'done' });
      carrier.changes.length = 0;
      carrier.calls.length = 0;
      carrier.requests.length = 0;
    },
  };
}
