import { eq } from 'drizzle-orm/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contacts } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import type { AssumedEnd, EndOf } from '#domain/rehearsal/assumptions.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { rehearseCampaign } from '#operations/rehearse-campaign.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { contactLike } from '#support/carrier.ts';
import { ANNA, addContacts } from '#support/engine.ts';
import { startWorld, type World } from '#support/world.ts';

/*
 * A rehearsal and the run that follows it, through the real client and over HTTP to the stand-in carrier. Six times as fast
 * as life: of the minute that is allowed a busy machine has ten seconds. Both trials run at once.
 */

const SPEED = 6;
const MINUTE_MS = 60_000;
const TOKYO = '+819012345678';

let world: World;
let workspaceId: number;
beforeAll(async () => {
  world = await startWorld({ speed: SPEED, callsPerSecond: 10 });
  const { deps } = world.app;
  const slackTeamId = world.slack.standIn.context.workspace.team.id;
  ({ id: workspaceId } = await ensureWorkspace(deps, { slackTeamId }));
  // Enough for both, so that neither waits for the other.
  await changeWorkspace(deps.db, workspaceId, { rateLimitPerMinute: 6_000, concurrentLimit: 200 });
});
afterAll(async () => {
  await world.close();
});

type Reached = { to: string; at: number };
type Trial = {
  phones: string[];
  endOf: EndOf;
  /** Whom the carrier took a text or a call for, in its own order. */
  reached: () => Reached[];
  make: (workspaceId: number) => Promise<number>;
};

const assume = (
  outcome: AssumedEnd['outcome'],
  seconds: number,
  failureClass: AssumedEnd['failureClass'] = null,
) => ({
  outcome,
  failureClass,
  seconds,
});
const like = (personaId: string, count: number) =>
  Array.from({ length: count }, (_, index) => contactLike(personaId, index));
const shared = { actor: ANNA, channelId: null };

const TRIALS: Record<string, Trial> = {
  'texts, some of which arrive only the second time': {
    phones: [...like('silent', 20), ...like('unreachable_once', 3)],
    endOf: ({ phoneNumber, n }) =>
      phoneNumber.endsWith('85') && n === 1
        ? assume('undelivered', 4, 'unreachable')
        : assume('delivered', 4),
    reached: () => world.carrier.accepted().map(({ to, createdAt }) => ({ to, at: createdAt })),
    make: async (workspaceId) => {
      const { campaignId } = await createCampaign(world.app.deps, {
        ...shared,
        workspaceId,
        creationKey: 'texts',
        name: 'Texts',
        campaignType: 'sms',
        smsMessageTemplate: 'Hello {{name}}',
        settings: { rateLimitPerMinute: 600, concurrentLimit: 50, maxAttempts: 2, retryDelayMinutes: 5 },
      });
      return campaignId;
    },
  },
  'calls that nobody takes, a few at a time and again after the delay': {
    phones: [...like('busy', 5), ...like('no_answer', 5)],
    endOf: ({ phoneNumber }) =>
      phoneNumber.endsWith(contactLike('busy').slice(-2)) ? assume('busy', 4) : assume('no_answer', 32),
    reached: () => world.carrier.acceptedCalls().map(({ to, createdAt }) => ({ to, at: createdAt })),
    make: async (workspaceId) => {
      const { assistantId } = await createAssistant(world.app.deps, {
        workspaceId,
        actor: ANNA,
        creationKey: 'assistant',
        name: 'Sam',
        voice: 'joanna',
      });
      const { campaignId } = await createCampaign(world.app.deps, {
        ...shared,
        workspaceId,
        creationKey: 'calls',
        name: 'Calls',
        campaignType: 'call',
        assistantId,
        agendaTemplate: 'Ask {{name}} about the delivery.',
        settings: { rateLimitPerMinute: 600, concurrentLimit: 3, maxAttempts: 2, retryDelayMinutes: 5 },
      });
      return campaignId;
    },
  },
};

describe('against the stand-in carrier', () => {
  it.concurrent.each(Object.keys(TRIALS))(
    'everybody is reached in the minute of the rehearsal: %s',
    { timeout: 300_000 },
    async (name) => {
      const trial = TRIALS[name];
      if (!trial) throw new Error('there is no such trial');
      const { deps } = world.app;
      const campaignId = await trial.make(workspaceId);
      await addContacts(deps, campaignId, [...trial.phones, TOKYO, '+18005550199']);
      const [listed = ''] = trial.phones;
      const entry = {
        workspaceId,
        phone: listed,
        channel: 'all',
        reason: 'Asked.',
        source: 'manual',
      } as const;
      await suppressNumber(deps, { ...entry, actor: ANNA });

      const { rehearsal } = await rehearseCampaign(deps, { campaignId, endOf: trial.endOf });
      const before = trial.reached().length;
      await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });

      const inTime = rehearsal.attempts.filter(({ at }) => at < world.clock.now().getTime() + 60 * MINUTE_MS);
      const real = await world.slack.waitFor(
        () => {
          const own = trial.reached().slice(before);
          return own.length >= inTime.length ? own : null;
        },
        'every attempt of the plan',
        { timeoutMs: 240_000 },
      );
      const waiting = [...trial.phones.slice(1), TOKYO, '+18005550199'];
      const told = Map.groupBy(real, ({ to }) => to);
      for (const [index, planned] of Map.groupBy(inTime, (one) => one.index)) {
        const phone = waiting[index] ?? '';
        const times = told.get(phone) ?? [];
        expect(times, phone).toHaveLength(planned.length);
        for (const [i, { at }] of planned.entries())
          expect(Math.abs((times[i]?.at ?? 0) - at), `${phone}, try ${i + 1}`).toBeLessThan(MINUTE_MS);
      }
      expect(real).toHaveLength(inTime.length);
      const rows = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
      expect(rows.flatMap(({ skipReason }) => skipReason ?? []).sort()).toEqual(
        ['do_not_call', ...rehearsal.skips.keys()].sort(),
      );
      const tomorrow = rows.find(({ phoneNumber }) => phoneNumber === TOKYO)?.nextAttemptAt;
      expect(tomorrow?.getTime()).toBe(rehearsal.attempts.find(({ index }) => waiting[index] === TOKYO)?.at);
      await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
    },
  );
});
