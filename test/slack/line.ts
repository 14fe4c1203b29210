import { eq } from 'drizzle-orm/sql';
import { calls, callTurns, recordings } from '#db/call-schema.ts';
import type { CallStatusName } from '#domain/call.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { createEventRecorder } from '#operations/event-recorder.ts';
import { addContacts } from '#support/engine.ts';
import type { Stage } from './stage.ts';

type Fields = Partial<Parameters<typeof createCampaign>[1]>;
type Turn = { role: 'assistant' | 'contact' | 'note'; text: string };

let made = 0;
let reports = 0;

/** Campaigns that call, and what happens on their lines, in a test's hands. */
export function openLines(stage: Stage) {
  const { deps, workspaceId, carrier, people } = stage;
  const actor = { kind: 'slack_user', userId: people.admin } as const;
  const callOf = async (phone: string) => {
    const [call] = await deps.db.select().from(calls).where(eq(calls.contactNumber, phone));
    if (!call?.providerRef) throw new Error(`nobody called ${phone}`);
    return { ...call, providerRef: call.providerRef };
  };
  const report = async (
    call: { token: string; providerRef: string },
    status: CallStatusName,
    durationSeconds: number | null,
  ) => {
    reports += 1;
    const { token, providerRef: ref } = call;
    const unsaid = { sequence: null, sipCode: null, answeredBy: null, refusal: null, price: null };
    const event = { kind: 'call_status', token, ref, status, durationSeconds, ...unsaid } as const;
    await createEventRecorder(deps)([{ provider: 'scripted', dedupeKey: `line-${reports}`, raw: {}, event }]);
  };
  return {
    callOf,
    /** A draft that calls its contacts P1, P2, … */
    async draft(name: string, phones: string[], fields: Fields = {}): Promise<number> {
      made += 1;
      const { campaignId } = await createCampaign(deps, {
        workspaceId,
        actor,
        creationKey: `line-${made}`,
        channelId: stage.channels.campaigns,
        name,
        campaignType: 'call',
        welcomeMessageTemplate: 'Hi {{ name }}.',
        agendaTemplate: 'Your order is ready.',
        settings: { rateLimitPerMinute: 6000, concurrentLimit: 500, maxAttempts: 1 },
        ...fields,
      });
      await addContacts(deps, campaignId, phones);
      return campaignId;
    },
    /** Starts it and waits until everybody rings. */
    async ring(campaignId: number, phones: string[]): Promise<void> {
      await changeStatus(deps, { campaignId, move: 'start', actor });
      const isAsked = (phone: string) => carrier.calls.some(({ to }) => to === phone);
      await stage.slack.waitFor(() => phones.every(isAsked), 'every call');
      for (const phone of phones) await poll(async () => (await callOf(phone)).providerRef);
    },
    /** Somebody picks up, and this is said. */
    async pickUp(phone: string, turns: Turn[]): Promise<number> {
      const { id, token, providerRef: ref } = await callOf(phone);
      await createCallDesk(deps).answer({ token, ref, verdict: null });
      await report({ token, providerRef: ref }, 'in_progress', null);
      await deps.db.update(calls).set({ spokeAt: deps.clock.now() }).where(eq(calls.id, id));
      const createdAt = deps.clock.now();
      const rows = turns.map((turn, index) => ({ callId: id, seq: index + 1, createdAt, ...turn }));
      if (rows.length > 0) await deps.db.insert(callTurns).values(rows);
      return id;
    },
    /** The carrier reports how a call ended. */
    end: async (phone: string, status: 'completed' | 'no_answer' | 'busy', durationSeconds = 30) =>
      report(await callOf(phone), status, status === 'completed' ? durationSeconds : null),
    /** The carrier has kept what was said. */
    async record(callId: number): Promise<void> {
      const now = deps.clock.now();
      await deps.db.insert(recordings).values({
        callId,
        provider: 'scripted',
        providerRef: `RE${callId}`,
        status: 'completed',
        durationSeconds: 30,
        channels: 2,
        deleteAfter: new Date(now.getTime() + 86_400_000),
        createdAt: now,
      });
    },
  };
}

async function poll(look: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return;
    if (Date.now() > deadline) throw new Error('waited a minute in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
