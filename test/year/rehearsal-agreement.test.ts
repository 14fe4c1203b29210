import { sql } from 'drizzle-orm/sql';
import { afterAll, describe, expect, it } from 'vitest';
import { type Assumptions, endsBy } from '#domain/rehearsal/assumptions.ts';
import { changeStatus } from '#operations/change-status.ts';
import { rehearseCampaign } from '#operations/rehearse-campaign.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { createTestDatabase } from '#support/database.ts';
import { createDice } from '#torture/dice.ts';
import { plain } from '#torture/year/campaigns-of-year.ts';
import type { YearCampaign } from '#torture/year/journal.ts';
import { makePeople } from '#torture/year/people.ts';
import { quietChat } from '#torture/year/quiet-chat.ts';
import { openYearStage, type YearStage } from '#torture/year/stage.ts';
import { ANNA, makeCampaign, statusOf, type YearWorld } from '#torture/year/verbs.ts';
import { DAY_MS, MINUTE_MS } from '#torture/year/wall.ts';
import { waysByTable } from '#torture/year/ways.ts';

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** A Friday, 15:00 in New York: evenings, a weekend and every zone lie ahead. */
const FRIDAY = Date.UTC(2027, 4, 14, 19);

const ASSUMED: Assumptions = {
  call: [
    { outcome: 'answered', failureClass: null, seconds: 70, weight: 40 },
    { outcome: 'no_answer', failureClass: null, seconds: 30, weight: 30 },
    { outcome: 'voicemail', failureClass: null, seconds: 38, weight: 15 },
    { outcome: 'busy', failureClass: null, seconds: 6, weight: 10 },
    { outcome: 'hung_up', failureClass: null, seconds: 14, weight: 5 },
  ],
  sms: [
    { outcome: 'delivered', failureClass: null, seconds: 5, weight: 95 },
    { outcome: 'undelivered', failureClass: 'unreachable', seconds: 5, weight: 5 },
  ],
};
const endOf = endsBy(ASSUMED);

const database = await createTestDatabase();
const stage = await openYearStage({
  databaseUrl: database.url,
  seed: 'agreement',
  startMs: FRIDAY,
  chat: quietChat(),
  ways: waysByTable(endOf),
});
afterAll(() => stage.close());
const world: YearWorld = {
  stage,
  journal: { entries: [], note: () => undefined },
  campaigns: [],
  isApprovalNeeded: false,
};
const people = makePeople(240, createDice('agreement'));
let made = 0;

async function campaignWith(changes: Partial<YearCampaign>): Promise<YearCampaign> {
  const share = people.slice(made * 60, made * 60 + 60);
  made += 1;
  const campaign = {
    ...plain(`Agreement ${made}`, `+1500558${1000 + made}`),
    type: 'call' as const,
    people: share,
    hours: [{ start: '09:00', end: '19:00', days: WEEK }],
    maxAttempts: 3,
    retryDelayMinutes: 45,
    ...changes,
  };
  return makeCampaign(world, { campaign });
}

/** Everybody whom the carrier was asked for, by number, with the instants. */
function realAttempts({ carrier }: YearStage, { from }: YearCampaign): Map<string, number[]> {
  const own = carrier.contacted.filter((one) => one.from === from);
  return new Map([...Map.groupBy(own, ({ to }) => to)].map(([to, all]) => [to, all.map(({ at }) => at)]));
}

async function skipsOf(campaignId: number): Promise<Record<string, number>> {
  const rows = await stage.deps.db.execute<{ reason: string; n: number }>(sql`
    select skip_reason as reason, count(*)::int as n from contacts
    where campaign_id = ${campaignId} and status = 'skipped' group by 1`);
  return Object.fromEntries(rows.map(({ reason, n }) => [reason, n]));
}

describe('a rehearsal and the run that follows it', () => {
  it.each<[string, Partial<YearCampaign>, Partial<Record<'rateLimitPerMinute' | 'concurrentLimit', number>>]>(
    [
      ['calls with retries, over evenings and a weekend', {}, {}],
      ['texts that stop at the end of the day', { type: 'sms', endOfDay: 'stop' }, { rateLimitPerMinute: 2 }],
      ['a call first, then a text', { type: 'mixed', maxAttempts: 2, retryDelayMinutes: 240 }, {}],
      [
        'calls at a slow rate and few at once',
        { zone: 'Europe/London' },
        { rateLimitPerMinute: 3, concurrentLimit: 2 },
      ],
    ],
  )('agree to the minute and to the number: %s', { timeout: 1_200_000 }, async (_, changes, pace) => {
    const campaign = await campaignWith(changes);
    await updateCampaign(stage.deps, { campaignId: campaign.id, actor: ANNA, changes: { settings: pace } });
    const [listed] = campaign.people;
    if (!listed) throw new Error('the campaign has no people');
    await suppressNumber(stage.deps, {
      workspaceId: stage.workspaceId,
      phone: listed.phone,
      channel: 'all',
      reason: 'Asked on paper.',
      source: 'manual',
      actor: ANNA,
    });
    const { rehearsal } = await rehearseCampaign(stage.deps, { campaignId: campaign.id, endOf });
    const planned = Map.groupBy(rehearsal.attempts, ({ index }) => index);
    await changeStatus(stage.deps, { campaignId: campaign.id, move: 'start', actor: ANNA });
    await stage.runUntil(stage.clock.now().getTime() + 14 * DAY_MS);
    expect([...stage.troubles]).toEqual([]);
    expect((await statusOf(world, campaign.id)).status).toBe('completed');
    const real = realAttempts(stage, campaign);
    expect(rehearsal.attempts.length).toBeGreaterThan(20);
    expect([...real.values()].flat()).toHaveLength(rehearsal.attempts.length);
    // Contacts are made in the order of the people, and the one on the list is skipped before the campaign begins.
    const waiting = await phonesOf(campaign.id);
    for (const [index, attempts] of planned) {
      const phone = waiting[index] ?? '';
      const times = real.get(phone) ?? [];
      expect(times, phone).toHaveLength(attempts.length);
      for (const [i, { at }] of attempts.entries())
        expect(Math.abs((times[i] ?? 0) - at), `${phone}, try ${i + 1}`).toBeLessThan(MINUTE_MS);
    }
    const { do_not_call: alreadyOut = 0, ...skipped } = await skipsOf(campaign.id);
    expect(alreadyOut).toBe(1);
    expect(skipped).toEqual(Object.fromEntries(rehearsal.skips));
    expect(rehearsal.skips.has('day_ended')).toBe(changes.endOfDay === 'stop');
  });
});

/** The people who waited when the rehearsal was made, in its order. */
async function phonesOf(campaignId: number): Promise<string[]> {
  const rows = await stage.deps.db.execute<{ phone: string }>(sql`
    select phone_number as phone from contacts
    where campaign_id = ${campaignId} and skip_reason is distinct from 'do_not_call' order by id`);
  return rows.map(({ phone }) => phone);
}
