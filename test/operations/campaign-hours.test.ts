import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_NAMES } from '#domain/calling-window.ts';
import { changeStatus } from '#operations/change-status.ts';
import type { CampaignFields } from '#operations/check-campaign-fields.ts';
import { describeHoursLeft, hoursLeft, lawlessHours } from '#operations/check-hours.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps } = engine;
const workspaceId = engine.workspace.id;
const EVERY_DAY = [...DAY_NAMES];

let made = 0;
const number = () => {
  made += 1;
  return phones(1, 4000 + made)[0] ?? '';
};
const running = async (settings: CampaignFields['settings'], phone = number()) => {
  const campaignId = await engine.campaign({ phones: [phone], settings });
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return { campaignId, phone };
};
const texted = (phone: string) => engine.carrier.requests.some(({ to }) => to === phone);
const waitOf = async (campaignId: number) => {
  const [row] = await deps.db.execute<{ why: string | null; at: string }>(sql`
    select wait_reason as why, next_attempt_at as at from contacts where campaign_id = ${campaignId}`);
  return row && { why: row.why, at: new Date(row.at).toISOString() };
};

beforeEach(() => {
  engine.clock.set(NOON);
});

describe('the hours of a campaign', () => {
  it('are open during any of several windows', async () => {
    const allowedHours = { start: '09:00', end: '10:00', days: EVERY_DAY };
    const additionalHours = [{ start: '13:30', end: '15:00', days: EVERY_DAY }];
    const { phone } = await running({ allowedHours, additionalHours });
    expect(texted(phone)).toBe(true);
  });

  it('are shut between two windows, until the next of them', async () => {
    const allowedHours = { start: '09:00', end: '10:00', days: EVERY_DAY };
    const additionalHours = [{ start: '15:00', end: '16:00', days: EVERY_DAY }];
    const { campaignId, phone } = await running({ allowedHours, additionalHours });
    expect(texted(phone)).toBe(false);
    expect(await waitOf(campaignId)).toEqual({ why: 'outside_hours', at: '2026-11-24T20:00:00.000Z' });
  });

  it('are shut on pause dates and on the public holidays it keeps', async () => {
    const paused = await running({ pauseDates: ['2026-11-24'] });
    expect(await waitOf(paused.campaignId)).toEqual({ why: 'outside_hours', at: '2026-11-25T13:00:00.000Z' });
    // Thanksgiving.
    engine.clock.set(new Date('2026-11-26T19:00:00.000Z'));
    const kept = await running({ holidayPlaces: ['US'] });
    expect(await waitOf(kept.campaignId)).toEqual({ why: 'outside_hours', at: '2026-11-27T13:00:00.000Z' });
    expect(texted((await running({ holidayPlaces: ['GB'] })).phone)).toBe(true);
  });

  it.each<[string, CampaignFields['settings'], CampaignFields['settings']]>([
    ['a pause date is taken away', { pauseDates: ['2026-11-26'] }, { pauseDates: [] }],
    ['holidays are not kept any more', { holidayPlaces: ['US'] }, { holidayPlaces: [] }],
    [
      'a window is added',
      { allowedHours: { start: '09:00', end: '10:00', days: EVERY_DAY } },
      { additionalHours: [{ start: '13:00', end: '21:00', days: EVERY_DAY }] },
    ],
  ])('are judged anew when %s', async (_, before, settings) => {
    engine.clock.set(new Date('2026-11-26T19:00:00.000Z'));
    const { campaignId, phone } = await running(before);
    expect(await waitOf(campaignId)).toMatchObject({ why: 'outside_hours' });
    await changeStatus(deps, { campaignId, move: 'pause', actor: ANNA });
    await updateCampaign(deps, { campaignId, actor: ANNA, changes: { settings } });
    await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(texted(phone)).toBe(true);
  });
});

it('everything that can be set on a campaign is kept when it is made', async () => {
  const settings = {
    additionalHours: [{ start: '14:00', end: '18:00', days: EVERY_DAY }],
    holidayPlaces: ['GB', 'US-FL'],
    pauseDates: ['2026-12-24'],
    endOfDay: 'stop',
    textExpiryHours: 12,
    excludeContactedDays: 7,
    budgetLimitMicros: 5_000_000,
    canarySize: 10,
    breakerAttempts: 30,
    breakerPercent: 40,
  };
  const campaignId = await engine.campaign({ settings });
  expect(await showCampaign(deps, { campaignId })).toMatchObject(settings);
});

describe('hours of which the law leaves nothing', () => {
  const at = (start: string, end: string) => ({ allowedHours: { start, end, days: EVERY_DAY } });

  it.each([
    ['late at night', at('22:00', '23:00'), true],
    ['before the day begins', at('05:00', '08:00'), true],
    ['that only begin in the night', at('05:00', '09:00'), false],
    [
      'with one window by day',
      { ...at('22:00', '23:00'), additionalHours: [at('10:00', '11:00').allowedHours] },
      false,
    ],
    ['that are not given', {}, false],
    ['that are faulty in themselves', at('23:00', '22:00'), false],
  ])('%s are told: %j → %s', async (_, settings, isTold) => {
    const problem = await lawlessHours(deps, { workspaceId, settings });
    if (isTold) expect(problem).toContain('The law leaves nothing of these hours');
    else expect(problem).toBeNull();
  });

  it('for some contacts are counted, whatever the days off', async () => {
    const settings = { ...at('20:30', '21:00'), pauseDates: ['2026-11-24'], holidayPlaces: ['US'] };
    // Florida ends at 20:00, New York at 21:00.
    const campaignId = await engine.campaign({ phones: ['+13055550140', number(), number()], settings });
    const left = await hoursLeft(deps, { campaignId });
    expect(left).toEqual({ contacts: 3, shutOut: 1, hours: 'every day 20:30–21:00' });
    expect(describeHoursLeft(left)).toContain('1 of its 3 waiting contacts can never be reached');
  });

  it('for everybody are told so, and for nobody not at all', async () => {
    const shut = await engine.campaign({ phones: ['+13055550141'], settings: at('20:30', '21:00') });
    expect(describeHoursLeft(await hoursLeft(deps, { campaignId: shut }))).toContain(
      'Nobody in it can ever be reached',
    );
    const open = await engine.campaign({
      phones: ['+13055550142', '+18005550143'],
      settings: at('19:30', '21:00'),
    });
    expect(describeHoursLeft(await hoursLeft(deps, { campaignId: open }))).toBeNull();
  });
});
