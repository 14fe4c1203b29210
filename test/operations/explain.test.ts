import { beforeEach, describe, expect, it } from 'vitest';
import { setHold } from '#db/campaigns.ts';
import { changeStatus } from '#operations/change-status.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { explainCampaign } from '#operations/explain-campaign.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { exportResults } from '#operations/export-results.ts';
import { preflight } from '#operations/preflight.ts';
import { previewMessage } from '#operations/preview-message.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const workspaceId = engine.workspace.id;

beforeEach(() => {
  engine.clock.set(NOON);
});

const suppressIt = (phone: string) =>
  suppressNumber(engine.deps, {
    workspaceId,
    phone,
    channel: 'all',
    reason: 'They asked.',
    source: 'manual',
    actor: ANNA,
  });

describe('before a start', () => {
  it('contacts are told apart by verdict, and texts are measured and priced', async () => {
    const [listed = '', ...others] = phones(5, 8000);
    await suppressIt(listed);
    const campaignId = await engine.campaign({ phones: [listed, ...others, '+18085550123', '+18005550199'] });
    const plan = await preflight(engine.deps, { campaignId });
    expect(plan).toMatchObject({ ready: 5, doNotCall: 1, noTimeZone: 1, problems: [] });
    expect(plan.segmentsEach).toEqual({ low: 1, high: 1, average: 1 });
    expect(plan.cost.low).toBeGreaterThan(0);
    expect(plan.outlook).toMatch(/minute/);
  });

  it('a pace is named, but not while only a moment that the hold names is waited for', async () => {
    const campaignId = await engine.campaign({ phones: phones(3, 8040) });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    const outlook = async () => (await drawCampaignCard(engine.deps, { campaignId })).outlook;
    expect(await outlook()).toMatch(/minute/);
    const until = new Date(NOON.getTime() + 86_400_000).toISOString();
    await setHold(engine.deps.db, campaignId, { code: 'waiting_for_callbacks', until });
    expect(await outlook()).toBeNull();
    await changeStatus(engine.deps, { campaignId, move: 'cancel', actor: ANNA });
  });

  it('texts that come out too long for a carrier are counted before they are refused one by one', async () => {
    const campaignId = await engine.campaign({ phones: phones(3, 8050), template: 'x'.repeat(1601) });
    const plan = await preflight(engine.deps, { campaignId });
    expect(plan.sample).toEqual({ contacts: 3, tooLong: 3, empty: 0 });
    expect(plan.segments).toBe(0);
  });

  it('who is outside their hours now is counted', async () => {
    engine.clock.set(new Date('2026-11-24T14:30:00.000Z'));
    const campaignId = await engine.campaign({ phones: [...phones(2, 8100), '+18085550124'] });
    expect(await preflight(engine.deps, { campaignId })).toMatchObject({ outsideHoursNow: 1, ready: 3 });
  });

  it('everything missing is said at once', async () => {
    const campaignId = await engine.campaign({ template: '' });
    const { problems } = await preflight(engine.deps, { campaignId });
    expect(problems).toHaveLength(2);
    expect(problems.join(' ')).toContain('no contacts');
    expect(problems.join(' ')).toContain('no text message');
  });

  it('a message is shown for three real contacts, with what is missing for how many', async () => {
    const campaignId = await engine.campaign({
      phones: phones(6, 8200),
      template: 'Hi {{name}}, see you {{appointment_date|default("soon")}} at {{place}}',
    });
    const preview = await previewMessage(engine.deps, { campaignId });
    expect([preview.problem, preview.notes]).toEqual([null, [expect.stringContaining('“place”')]]);
    expect(preview.variablesMissing).toEqual([{ name: 'place', contacts: 6 }]);
    expect(preview.examples[0]).toMatchObject({ text: 'Hi P1, see you soon at ', missing: ['place'] });
    const allowed = await previewMessage(engine.deps, {
      campaignId,
      fallbackValues: { place: 'our office' },
    });
    expect(allowed.examples.map((example) => example.text)).toEqual([
      'Hi P1, see you soon at our office',
      'Hi P2, see you soon at our office',
      'Hi P3, see you soon at our office',
    ]);
  });
});

describe('“why”', () => {
  it('always has an answer for a campaign', async () => {
    const draft = await engine.campaign({ template: '' });
    expect((await explainCampaign(engine.deps, { campaignId: draft })).join(' ')).toContain('is a draft');
    engine.clock.set(new Date('2026-11-25T14:30:00.000Z'));
    const waiting = await engine.campaign({ phones: ['+18085550125'] });
    await changeStatus(engine.deps, { campaignId: waiting, move: 'start', actor: ANNA });
    await engine.drain();
    const told = await explainCampaign(engine.deps, { campaignId: waiting });
    expect(told.join(' ')).toContain('Outside calling hours: the next contact may be reached today at');
    expect(told.join(' ')).toContain('1 waiting: Outside calling hours for this person');
  });

  it('always has an answer for a number', async () => {
    const [phone = ''] = phones(1, 8300);
    expect(await explainContact(engine.deps, { workspaceId, campaignId: null, phone })).toEqual([
      expect.stringContaining('in no campaign of this workspace'),
    ]);
    const campaignId = await engine.campaign({ phones: [phone] });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const told = (await explainContact(engine.deps, { workspaceId, campaignId, phone })).join(' ');
    expect(told).toContain('Attempt 1, today at');
    await suppressIt(phone);
    expect((await explainContact(engine.deps, { workspaceId, campaignId, phone })).join(' ')).toMatch(
      /On the do-not-call list for calls and texts since today at \d\d:\d\d, New York time: They asked\./,
    );
  });

  it('refuses what is no number in words', async () => {
    const asked = explainContact(engine.deps, { workspaceId, campaignId: null, phone: 'nobody' });
    await expect(asked).rejects.toThrow(
      'That number cannot be used. This is not a phone number. Nothing was done.',
    );
  });
});

it('a results file says for every contact what became of it', async () => {
  const [listed = '', fine = ''] = phones(2, 8400);
  await suppressIt(listed);
  const campaignId = await engine.campaign({ phones: [listed, fine] });
  await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  let text = '';
  for await (const piece of exportResults(engine.deps, { campaignId })) text += piece;
  const [header, first, second] = text.split('\r\n');
  expect(header).toContain('phone_number,status,reason,attempts');
  expect(first).toContain(`${listed},skipped,On the do-not-call list.`);
  expect(second).toContain(`${fine},in_progress`);
});
