import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { setHold } from '#db/campaigns.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { describeHold, describeSkip, type Hold, type SkipReason, type WaitReason } from '#domain/hold.ts';
import { CAMPAIGN_STATUSES, type CampaignStatus } from '#domain/lifecycle.ts';
import { describeRemedy } from '#domain/skip-remedies.ts';
import { explainCampaign } from '#operations/explain-campaign.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { explainWorkspace } from '#operations/explain-workspace.ts';
import { requestApproval } from '#operations/request-approval.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps } = engine;
const workspaceId = engine.workspace.id;
const LATER = new Date(NOON.getTime() + 90 * 60_000);
const until = LATER.toISOString();
/** NOON is 14:00 in New York. */
const NEXT = 'today at 15:30, New York time (in 1 h 30 min)';

let offset = 0;
const somebody = () => {
  offset += 1;
  return phones(1, 7000 + offset)[0] ?? '';
};
const set = (campaignId: number, status: CampaignStatus) =>
  deps.db.execute(sql`update campaigns set status = ${status} where id = ${campaignId}`);
const setContact = (campaignId: number, columns: ReturnType<typeof sql>) =>
  deps.db.execute(sql`update contacts set ${columns} where campaign_id = ${campaignId}`);
const toldOf = async (campaignId: number) => (await explainCampaign(deps, { campaignId })).join('\n');
const toldOfAll = async () => (await explainWorkspace(deps, { workspaceId })).sentences.join('\n');
const toldTo = async (campaignId: number, phone: string) =>
  (await explainContact(deps, { workspaceId, campaignId, phone })).join('\n');

beforeEach(async () => {
  engine.clock.set(NOON);
  await deps.db.execute(sql`update campaigns set status = 'cancelled', hold = null`);
  await changeWorkspace(deps.db, workspaceId, { requiresAttestation: false, requiresApproval: false });
});

type Example<Code extends Hold['code']> = Omit<Extract<Hold, { code: Code }>, 'code'>;

/** One of every hold there is; the compiler asks for those that are missing. Of what was deleted nobody asks why it waits. */
const HOLDS: { [Code in Exclude<Hold['code'], 'deleted'>]: Example<Code> } = {
  outside_hours: { until },
  frequency_cap: { until },
  rate_limit: { until },
  workspace_rate: { until },
  sender_rate: { until },
  provider_throttled: { until },
  waiting_for_retries: { until },
  number_in_flight: { until },
  held_for_review: { until },
  waiting_for_follow_ups: { until },
  waiting_for_callbacks: { until },
  concurrency: { limit: 5 },
  waiting_for_reports: { attempts: 3, channel: 'call' },
  provider_refused: { fix: 'Add credit to the account' },
  circuit_breaker: { failures: 10, attempts: 20 },
  budget_in_use: { limitMicros: 25_000_000 },
  budget_reached: { limitMicros: 25_000_000, spentMicros: 24_990_000 },
  canary_results: { size: 50 },
  canary: { size: 50, reached: 40, missed: 8, failed: 2 },
  abandon_rate: { abandoned: 4, answered: 100 },
  paused_by: { who: 'Anna' },
  import_running: { fileName: 'people.csv' },
  slack_disconnected: {},
  undo_window: { until },
  late_start: { due: until },
  start_refused: { due: until, why: 'It has no contacts.' },
  national_list_stale: { days: 31, listAt: null },
  needs_approval: {},
};

const WAITS: Record<WaitReason, true> = {
  outside_hours: true,
  frequency_cap: true,
  retry: true,
  number_in_flight: true,
  held_for_review: true,
  follow_up: true,
  callback: true,
};

const SKIPS: Record<SkipReason, true> = {
  do_not_call: true,
  opted_out: true,
  no_window: true,
  no_time_zone: true,
  no_consent: true,
  contacted_recently: true,
  text_expired: true,
  day_ended: true,
  campaign_stopped: true,
  erased: true,
  replaced: true,
  not_selected: true,
  invalid_number: true,
  not_textable: true,
  empty_message: true,
  message_too_long: true,
  speech_too_long: true,
};

const SENTENCE = /[.!?]$/;

describe('every hold', () => {
  const holds = Object.entries(HOLDS).map(([code, data]) => [code, { code, ...data } as Hold] as const);

  it.each(holds)('%s is told of its campaign, of the workspace and of whoever waits', async (code, hold) => {
    const phone = somebody();
    const campaignId = await engine.campaign({ phones: [phone] });
    const isDue = code === 'late_start' || code === 'start_refused';
    await set(campaignId, isDue ? 'scheduled' : 'running');
    await setHold(deps.db, campaignId, hold);
    const zone = 'America/New_York';
    const sentence = describeHold(hold, NOON, zone);
    expect(sentence).toMatch(SENTENCE);
    expect(sentence).not.toContain('undefined');
    if ('until' in hold) expect(sentence).toContain(NEXT);
    for (const told of [await toldOf(campaignId), await toldOfAll(), await toldTo(campaignId, phone)])
      expect(told).toContain(sentence);
  });

  it.each(holds)('%s is told of a paused campaign too', async (_, hold) => {
    const campaignId = await engine.campaign({ phones: [somebody()] });
    await set(campaignId, 'paused');
    await setHold(deps.db, campaignId, hold);
    expect(await toldOf(campaignId)).toContain(describeHold(hold, NOON, 'America/New_York'));
  });
});

describe('every reason to wait', () => {
  it.each(Object.keys(WAITS) as WaitReason[])('%s is told with when it ends', async (why) => {
    const phone = somebody();
    const campaignId = await engine.campaign({ phones: [phone] });
    await set(campaignId, 'running');
    await setContact(campaignId, sql`wait_reason = ${why}, next_attempt_at = ${until}::timestamptz`);
    const own = await toldTo(campaignId, phone);
    const all = await toldOf(campaignId);
    expect(all).toMatch(/1 waiting: \S/);
    // Only somebody's decision ends this one, so no instant would be true.
    if (why === 'held_for_review') expect(own).toContain('waits for a decision in the thread');
    else for (const told of [own, all]) expect(told).toContain(NEXT);
  });

  it('who waits for a retry that falls into the night is told when it really comes', async () => {
    const phone = somebody();
    const campaignId = await engine.campaign({ phones: [phone] });
    await set(campaignId, 'running');
    const atNight = '2026-11-25T03:00:00.000Z';
    await setContact(campaignId, sql`wait_reason = 'retry', next_attempt_at = ${atNight}::timestamptz`);
    const told = await toldTo(campaignId, phone);
    expect(told).toContain('the next try is due today at 22:00');
    expect(told).toContain(
      'At their turn: Outside calling hours for this person: they may be reached tomorrow at 08:00',
    );
  });

  it('who waits only for the campaign is told what that waits for, and their hours', async () => {
    const phone = somebody();
    const campaignId = await engine.campaign({ phones: [phone] });
    await set(campaignId, 'scheduled');
    await deps.db.execute(
      sql`update campaigns set next_run_at = ${until}::timestamptz where id = ${campaignId}`,
    );
    const told = await toldTo(campaignId, phone);
    expect(told).toContain(`Nobody is contacted before it begins ${'today at 15:30, New York time'}.`);
    expect(told).toContain('Their hours are open at their turn, until today at 21:00, New York time.');
  });

  it('somebody whose time zone the file gave is told on their own clock', async () => {
    const phone = somebody();
    const campaignId = await engine.campaign({ phones: [phone] });
    await set(campaignId, 'running');
    await setContact(
      campaignId,
      sql`own_zones = '{America/Denver}', wait_reason = 'retry', next_attempt_at = ${until}::timestamptz`,
    );
    expect(await toldTo(campaignId, phone)).toContain('due today at 13:30, Denver time (in 1 h 30 min)');
  });

  it('who would be left out at their turn is told so before it comes', async () => {
    const phone = '+18005550177';
    const campaignId = await engine.campaign({ phones: [phone] });
    await set(campaignId, 'running');
    expect(await toldTo(campaignId, phone)).toContain('They will be left out at their turn: Their time zone');
  });
});

describe('every reason to leave somebody out', () => {
  it.each(Object.keys(SKIPS) as SkipReason[])(
    '%s is told, with what would bring them back in',
    async (reason) => {
      const phone = somebody();
      const campaignId = await engine.campaign({ phones: [phone] });
      await set(campaignId, 'completed');
      await setContact(campaignId, sql`status = 'skipped', skip_reason = ${reason}, next_attempt_at = null`);
      expect(describeSkip(reason)).toMatch(SENTENCE);
      expect(await toldOf(campaignId)).toContain(`1 left out: ${describeSkip(reason)}`);
      const own = await toldTo(campaignId, phone);
      expect(own).toContain(describeSkip(reason));
      const remedy = describeRemedy(reason);
      expect(remedy).toMatch(SENTENCE);
      expect(own).toContain(remedy);
    },
  );

  it('of another campaign that reached them it is told when that is over', async () => {
    const phone = somebody();
    const other = await engine.campaign({ phones: [phone] });
    await set(other, 'running');
    await deps.db.execute(sql`
      insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
        state, outcome, provider, gate, asked_at, created_at, ended_at)
      select 'why-other', ${workspaceId}, ${other}, id, 1, 'sms', 1, phone_number, '+15005550006', 'ended', 'delivered',
        'scripted', '{}', ${NOON.toISOString()}::timestamptz, ${NOON.toISOString()}::timestamptz, ${NOON.toISOString()}::timestamptz
      from contacts where campaign_id = ${other}`);
    const campaignId = await engine.campaign({ phones: [phone], settings: { excludeContactedDays: 3 } });
    await setContact(
      campaignId,
      sql`status = 'skipped', skip_reason = 'contacted_recently', next_attempt_at = null`,
    );
    expect(await toldTo(campaignId, phone)).toContain('That is over on Friday at 14:00, New York time.');
  });

  it('of more than five reasons the others are counted', async () => {
    const reasons = (Object.keys(SKIPS) as SkipReason[]).slice(0, 7);
    const campaignId = await engine.campaign({ phones: phones(7, 7800) });
    for (const [i, reason] of reasons.entries())
      await deps.db.execute(sql`update contacts set status = 'skipped', skip_reason = ${reason}, next_attempt_at = null
        where campaign_id = ${campaignId} and phone_number = ${phones(1, 7800 + i)[0]}`);
    expect(await toldOf(campaignId)).toContain('2 left out for other reasons');
  });
});

describe('every status', () => {
  it.each(CAMPAIGN_STATUSES)('%s says what moves it on', async (status) => {
    const campaignId = await engine.campaign({ phones: [somebody()] });
    await set(campaignId, status);
    const [standing = '', next = ''] = await explainCampaign(deps, { campaignId });
    expect(standing).toContain('1 waiting');
    expect(next).toMatch(SENTENCE);
  });

  it('a draft that lacks somebody’s word and approval says both', async () => {
    await changeWorkspace(deps.db, workspaceId, { requiresAttestation: true, requiresApproval: true });
    const campaignId = await engine.campaign({ phones: [somebody()] });
    const told = await toldOf(campaignId);
    expect(told).toContain(describeHold({ code: 'needs_approval' }, NOON));
    expect(told).toContain('Press Attest on the card');
    await requestApproval(deps, { campaignId, actor: ANNA });
    const asked = await toldOf(campaignId);
    expect(asked).toContain('Approval is asked for in its thread');
    expect(asked).not.toContain('Ask for approval on its card');
  });

  it('hours, holidays and pause dates of a campaign are told', async () => {
    const campaignId = await engine.campaign({
      phones: [somebody()],
      settings: {
        allowedHours: { start: '09:00', end: '12:00', days: ['monday', 'tuesday'] },
        additionalHours: [{ start: '14:00', end: '18:00', days: ['monday'] }],
        holidayPlaces: ['US'],
        pauseDates: ['2026-12-24', '2026-12-31'],
      },
    });
    expect(await toldOf(campaignId)).toContain(
      'Its hours: Mon 09:00–12:00 and 14:00–18:00, Tue 09:00–12:00, in each contact’s own time zone, but not on public holidays (United States of America) or 2 pause dates, and never outside what the law allows',
    );
  });
});

describe('a workspace', () => {
  it('without anything under way says what to do', async () => {
    const { sentences, activeIds } = await explainWorkspace(deps, { workspaceId });
    expect(sentences[0]).toContain('No campaign is running, paused or scheduled');
    expect(activeIds).toEqual([]);
  });

  it('tells running campaigns before paused and scheduled ones, and how many more there are', async () => {
    const ids: number[] = [];
    for (let i = 0; i < 10; i += 1) ids.push(await engine.campaign({ phones: [somebody()] }));
    for (const id of ids) await set(id, 'paused');
    await set(ids[0] ?? 0, 'running');
    const { sentences, activeIds } = await explainWorkspace(deps, { workspaceId });
    expect(activeIds[0]).toBe(ids[0]);
    expect(sentences[0]).toContain(`#${ids[0]}`);
    expect(sentences[0]).toContain('Nothing holds it');
    expect(sentences.join('\n')).toContain('2 more are under way');
  });

  it('says what all campaigns share: places, a stale list, open questions, Slack', async () => {
    const campaignId = await engine.campaign({ phones: [somebody()] });
    await deps.db.execute(sql`
      insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
        state, provider, gate, lease_until, created_at)
      select 'why-open', ${workspaceId}, ${campaignId}, id, 1, 'sms', 1, phone_number, '+15005550006', 'dialing',
        'scripted', '{}', ${until}::timestamptz, ${NOON.toISOString()}::timestamptz
      from contacts where campaign_id = ${campaignId}`);
    await changeWorkspace(deps.db, workspaceId, {
      concurrentLimit: 1,
      nationalListDays: 31,
      nationalListAt: new Date(NOON.getTime() - 86_400_000),
      isConnected: false,
    });
    await deps.db.execute(sql`insert into contact_holds (workspace_id, phone_number, created_at)
      values (${workspaceId}, '+12125557999', ${NOON.toISOString()}::timestamptz)`);
    const told = await toldOfAll();
    await changeWorkspace(deps.db, workspaceId, {
      concurrentLimit: 50,
      nationalListDays: null,
      nationalListAt: null,
      isConnected: true,
    });
    expect(told).toContain('share (1) are taken');
    expect(told).toContain('counts for 31 days');
    expect(told).toContain('One person may have asked to be left alone');
    expect(told).toContain('Slack is disconnected');
  });
});

it('a range of numbers on the do-not-call list is told with its beginning', async () => {
  await deps.db.execute(sql`insert into suppression_prefixes (workspace_id, prefix, channel, reason, source, actor, created_at)
    values (${workspaceId}, '+1415', 'voice', 'Not our market.', 'manual', 'system', ${NOON.toISOString()}::timestamptz)`);
  const told = await explainContact(deps, { workspaceId, campaignId: null, phone: '+14155550100' });
  expect(told[0]).toMatch(
    /^On the do-not-call list for calls with all numbers that begin with \+1415 since .*: Not our market\.$/,
  );
  expect(told[1]).toContain('in no campaign of this workspace.');
});
