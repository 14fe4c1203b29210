import { eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { imports } from '#db/import-schema.ts';
import { attempts, contacts } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { dispatchCampaign } from '#operations/dispatch-campaign.ts';
import { endAttempts } from '#operations/end-attempts.ts';
import { recover } from '#operations/recover.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, carrier, deps, workspace, tokenFor, drain, deliverTexts, clock, wait, chat } =
  await createApi();

const MORNING = {
  schedule_type: 'scheduled',
  scheduled_at: '2026-11-25T09:00:00',
  timezone: 'America/New_York',
};
const statusOf = async (id: number) => (await ask(`GET /campaigns/${id}`)).body.status;
let numbers = 0;
const fresh = (count: number) => {
  numbers += count;
  return phones(count, numbers);
};

describe('a start', () => {
  test('answers as documented, and contacts people', async () => {
    const id = await campaign({ phones: fresh(2) });
    const { status, body } = await ask(`POST /campaigns/${id}/start`);
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        message: 'Campaign execution started immediately',
        task_id: `dispatch:${id}`,
        campaign_id: id,
        status: 'scheduled',
      },
    ]);
    const before = carrier.requests.length;
    await drain();
    expect(carrier.requests.length - before).toBe(2);
    expect(await statusOf(id)).toBe('running');
  });

  test('takes an empty body for none', async () => {
    const id = await campaign({ phones: fresh(1) });
    const headers = { 'content-type': 'application/json' };
    expect((await ask(`POST /campaigns/${id}/start`, { headers, body: '' })).status).toBe(200);
  });

  test('of a paused campaign goes on with it, under either name', async () => {
    const id = await campaign({ phones: fresh(2) });
    for (const again of ['start', 'resume']) {
      await ask(`POST /campaigns/${id}/start`);
      expect((await ask(`POST /campaigns/${id}/pause`)).body).toEqual({
        message: 'Campaign paused successfully',
      });
      expect(await statusOf(id)).toBe('paused');
      expect((await ask(`POST /campaigns/${id}/${again}`)).body.success).toBe(true);
      expect(await statusOf(id)).toBe('running');
      await ask(`POST /campaigns/${id}/pause`);
    }
  });

  test('leaves a scheduled campaign to its time, which it names, unless it is to begin now', async () => {
    const id = await campaign({ phones: fresh(1) });
    await ask(`POST /campaigns/${id}/schedule`, { json: MORNING });
    const { body } = await ask(`POST /campaigns/${id}/start`);
    expect(body).toEqual({
      success: true,
      message: 'Campaign scheduled for execution at 2026-11-25 14:00:00 UTC',
      task_id: `due:${id}`,
      campaign_id: id,
      status: 'scheduled',
      scheduled_time: '2026-11-25T14:00:00Z',
    });
    expect(await statusOf(id)).toBe('scheduled');
    const now = await ask(`POST /campaigns/${id}/start`, { json: { now: true } });
    expect(now.body.scheduled_time).toBeUndefined();
    expect(await statusOf(id)).toBe('running');
  });

  test('is refused in the documented words', async () => {
    const empty = await campaign();
    expect((await ask(`POST /campaigns/${empty}/start`)).body.detail).toMatch(/^No contacts found\. /);
    const done = await campaign({ phones: fresh(1) });
    await ask(`POST /campaigns/${done}/start`);
    await drain();
    await deliverTexts(done);
    const again = await ask(`POST /campaigns/${done}/start`);
    expect([again.status, again.body.detail]).toEqual([
      400,
      expect.stringMatching(/^All contacts have already been processed\. /),
    ]);
    const draft = await campaign({ phones: fresh(1) });
    const pause = await ask(`POST /campaigns/${draft}/pause`);
    expect([pause.status, pause.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Campaign is not running\. /),
    ]);
    expect((await ask(`POST /campaigns/${draft}/stop`)).status).toBe(400);
    expect((await ask('POST /campaigns/99999/start')).status).toBe(404);
  });

  test('needs somebody who answers for the contacts where the workspace demands it', async () => {
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: true });
    const id = await campaign({ phones: fresh(1) });
    const refused = await ask(`POST /campaigns/${id}/start`);
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringContaining('answer for every campaign'),
    ]);
    expect((await ask(`POST /campaigns/${id}/start`, { json: { attest: true } })).status).toBe(200);
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: false });
  });

  test('waits for a second person where the workspace demands one', async () => {
    await changeWorkspace(deps.db, workspace.id, { requiresApproval: true });
    const id = await campaign({ phones: fresh(1) });
    const refused = await ask(`POST /campaigns/${id}/start`);
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringContaining('Ask for approval first'),
    ]);
    await changeWorkspace(deps.db, workspace.id, { requiresApproval: false });
  });

  test('needs the scope for it; stopping does with less', async () => {
    const id = await campaign({ phones: fresh(1) });
    const [reader, writer] = [await tokenFor(['read']), await tokenFor(['write'])];
    expect((await ask(`POST /campaigns/${id}/start`, { token: writer })).status).toBe(403);
    await ask(`POST /campaigns/${id}/start`);
    expect((await ask(`POST /campaigns/${id}/pause`, { token: reader })).status).toBe(403);
    expect((await ask(`POST /campaigns/${id}/pause`, { token: writer })).status).toBe(200);
    expect((await ask(`POST /campaigns/${id}/stop`, { token: writer })).status).toBe(200);
  });
});

describe('a stop', () => {
  test.each(['stop', 'cancel'])('named %s leaves out whoever waits', async (verb) => {
    const id = await campaign({ phones: fresh(3) });
    await ask(`POST /campaigns/${id}/start`);
    expect((await ask(`POST /campaigns/${id}/${verb}`)).body).toEqual({
      message: 'Campaign stopped successfully',
    });
    const rows = await deps.db.select().from(contacts).where(eq(contacts.campaignId, id));
    expect(rows.map(({ status, skipReason }) => [status, skipReason])).toEqual(
      rows.map(() => ['skipped', 'campaign_stopped']),
    );
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({
      status: 'cancelled',
      completed_at: clock.now().toISOString().replace('.000Z', 'Z'),
    });
  });
});

describe('a campaign that the product paused', () => {
  /** One of its texts is refused in a way that stops everything, while the others are under way. */
  const refusedOnce = async (settings: { maxAttempts: number }, options: object = {}) => {
    const accept = carrier.answer;
    const numbers = fresh(3);
    const id = await campaign({ phones: numbers, settings, ...options });
    carrier.answer = (request) =>
      request.to === numbers[2]
        ? { kind: 'rejected', refusal: { class: 'filtered', code: '30007', fix: 'Change the text.' } }
        : accept(request);
    await ask(`POST /campaigns/${id}/start`);
    await drain();
    carrier.answer = accept;
    expect(await statusOf(id)).toBe('paused');
    return id;
  };

  test('is completed when its last contacts end, and tells its results', async () => {
    const id = await refusedOnce({ maxAttempts: 1 }, { channelId: 'C_DONE' });
    await deliverTexts(id);
    expect((await ask(`GET /campaigns/${id}/progress`)).body).toMatchObject({
      status: 'completed',
      hold: null,
      completed_at: expect.any(String),
      progress: { completed: 2, failed: 1, pending: 0, progress_percentage: 100 },
    });
    await wait(2_000);
    await drain();
    const told = chat.posted.filter(({ place }) => place.channelId === 'C_DONE');
    expect(told.map(({ content }) => content.kind)).toContain('result_card');
    expect((await ask(`POST /campaigns/${id}/start`)).status).toBe(400);
  });

  test('stays paused while somebody still waits, and while a file is being loaded into it', async () => {
    const waiting = await refusedOnce({ maxAttempts: 2 });
    await deliverTexts(waiting);
    expect(await statusOf(waiting)).toBe('paused');
    const loading = await refusedOnce({ maxAttempts: 1 });
    const body = 'phone\n+12125559999\n';
    const headers = { 'content-type': 'text/csv' };
    const taken = await ask(`POST /campaigns/${loading}/import-data?mode=append`, { headers, body });
    expect(taken.status).toBe(202);
    const open = await deps.db.select().from(attempts).where(eq(attempts.campaignId, loading));
    await deps.db.transaction((tx) =>
      endAttempts(
        deps,
        tx,
        open
          .filter(({ state }) => state !== 'ended')
          .map(({ id, providerRef }) => ({
            id,
            outcome: 'delivered',
            ref: providerRef,
            status: 'delivered',
            refusal: null,
          })),
      ),
    );
    await dispatchCampaign(deps, { campaignId: loading });
    expect(await statusOf(loading)).toBe('paused');
    await drain();
    expect((await ask(`GET /campaigns/${loading}`)).body).toMatchObject({
      status: 'paused',
      total_contacts: 4,
    });
  });

  test('is completed by the reaper where what ended last could not say so', async () => {
    const id = await refusedOnce({ maxAttempts: 1 });
    const loading = { body: 'phone\nnobody\n', headers: { 'content-type': 'text/csv' } };
    expect((await ask(`POST /campaigns/${id}/import-data?mode=append`, loading)).status).toBe(202);
    await deps.db.update(imports).set({ status: 'processing' }).where(eq(imports.campaignId, id));
    await deliverTexts(id);
    await drain();
    await deps.db.update(imports).set({ status: 'pending' }).where(eq(imports.campaignId, id));
    await recover(deps);
    await drain();
    await recover(deps);
    await drain();
    expect(await statusOf(id)).toBe('completed');
  });

  test('is not completed where a person paused it: they may want to add contacts', async () => {
    const id = await campaign({ phones: fresh(1) });
    await ask(`POST /campaigns/${id}/start`);
    await drain();
    await ask(`POST /campaigns/${id}/pause`);
    await deliverTexts(id);
    expect(await statusOf(id)).toBe('paused');
  });
});

describe('a re-execution', () => {
  const finished = async (count: number) => {
    const id = await campaign({ phones: fresh(count) });
    await ask(`POST /campaigns/${id}/start`);
    await drain();
    await deliverTexts(id);
    return id;
  };

  test('makes a draft of the next run', async () => {
    const id = await finished(3);
    const { status, body } = await ask(`POST /campaigns/${id}/re-execute`, {
      json: { contact_selection: 'all' },
    });
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        message: expect.stringContaining('3 contacts wait'),
        campaign_id: id,
        contacts_reset: 3,
        schedule_type: 'immediate',
        status: 'draft',
      },
    ]);
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({
      status: 'draft',
      run_number: 2,
      completed_contacts: 0,
    });
  });

  test('reaches only the contacts that are named', async () => {
    const id = await finished(3);
    const [first] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, id));
    const json = { contact_selection: [first?.id] };
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json })).body.contacts_reset).toBe(1);
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({
      total_contacts: 1,
      skipped_contacts: 2,
    });
  });

  test('runs at its time, which is called “once” here, or again and again', async () => {
    const id = await finished(2);
    const json = { contact_selection: 'all', schedule_settings: MORNING };
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json })).body).toEqual({
      success: true,
      message: expect.stringContaining('2026-11-25 14:00:00 UTC'),
      campaign_id: id,
      contacts_reset: 2,
      schedule_type: 'once',
      status: 'scheduled',
      scheduled_time: '2026-11-25T14:00:00Z',
    });
    expect((await ask(`GET /campaigns/${id}/schedule`)).body.schedule_type).toBe('scheduled');
    const recurring = await finished(1);
    const recurring_config = { frequency: 'daily', time: '10:00', time_zone: 'America/New_York' };
    const schedule_settings = { schedule_type: 'recurring', recurring_config };
    const again = await ask(`POST /campaigns/${recurring}/re-execute`, {
      json: { contact_selection: 'all', schedule_settings },
    });
    expect(again.body).toMatchObject({ schedule_type: 'recurring', scheduled_time: '2026-11-25T15:00:00Z' });
    await ask(`POST /campaigns/${id}/stop`);
    await ask(`POST /campaigns/${recurring}/stop`);
  });

  test('that cannot be scheduled leaves the campaign as it was', async () => {
    const id = await finished(1);
    const past = { ...MORNING, scheduled_at: '2020-01-01T09:00:00' };
    const refused = await ask(`POST /campaigns/${id}/re-execute`, {
      json: { contact_selection: 'all', schedule_settings: past },
    });
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Scheduled time is in the past\. /),
    ]);
    const odd = await ask(`POST /campaigns/${id}/re-execute`, {
      json: { contact_selection: 'all', schedule_settings: { ...MORNING, timezone: 'Mars/Olympus' } },
    });
    expect([odd.status, odd.body.detail]).toEqual([400, expect.stringContaining('is not a time zone')]);
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: true });
    const json = { contact_selection: 'all', schedule_settings: MORNING };
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json })).status).toBe(400);
    expect(await statusOf(id)).toBe('completed');
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json: { ...json, attest: true } })).status).toBe(
      200,
    );
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: false });
  });

  test('that breaks before it is scheduled has changed nothing', async () => {
    const id = await finished(1);
    await deps.db.execute(sql`
      create function break_off() returns trigger language plpgsql as $$ begin raise 'the process died'; end $$`);
    await deps.db.execute(sql`
      create trigger break_off before update on campaigns for each row when (new.status = 'scheduled')
      execute function break_off()`);
    const json = { contact_selection: 'all', schedule_settings: MORNING };
    const broken = await ask(`POST /campaigns/${id}/re-execute`, { json });
    await deps.db.execute(sql`drop function break_off cascade`);
    expect(broken.status).toBe(500);
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({ status: 'completed', run_number: 1 });
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json })).status).toBe(200);
    await ask(`POST /campaigns/${id}/stop`);
  });

  test('is scheduled once it has begun, whatever the provider says and however long it takes', async () => {
    const id = await finished(1);
    const { ownsNumber } = carrier;
    let asked = 0;
    carrier.ownsNumber = async () => {
      asked += 1;
      if (asked > 1) throw new LookupFailed('no answer');
      // A million contacts take as long to be reset.
      clock.move(60_000);
      return true;
    };
    const soon = new Date(clock.now().getTime() + 30_000).toISOString();
    const schedule_settings = { schedule_type: 'scheduled', scheduled_at: soon };
    const json = { contact_selection: 'all', schedule_settings };
    const answer = await ask(`POST /campaigns/${id}/re-execute`, { json });
    carrier.ownsNumber = ownsNumber;
    expect([answer.status, await statusOf(id)]).toEqual([200, 'scheduled']);
    await drain();
    expect(await statusOf(id)).toBe('running');
  });

  test('is refused for a campaign that is not over, for nobody, and for what is no choice', async () => {
    const draft = await campaign({ phones: fresh(1) });
    const all = { contact_selection: 'all' };
    expect((await ask(`POST /campaigns/${draft}/re-execute`, { json: all })).status).toBe(400);
    const later = { ...all, schedule_settings: MORNING };
    expect((await ask(`POST /campaigns/${draft}/re-execute`, { json: later })).status).toBe(400);
    const id = await finished(1);
    const failed = await ask(`POST /campaigns/${id}/re-execute`, {
      json: { contact_selection: 'failed_only' },
    });
    expect([failed.status, failed.body.detail]).toEqual([
      400,
      expect.stringContaining('None of its contacts'),
    ]);
    const nobody = await ask(`POST /campaigns/${id}/re-execute`, { json: { contact_selection: [] } });
    expect([nobody.status, nobody.body.detail]).toEqual([
      400,
      expect.stringContaining('None of its contacts'),
    ]);
    for (const contact_selection of ['some', [0], [1.5], null])
      expect((await ask(`POST /campaigns/${id}/re-execute`, { json: { contact_selection } })).status).toBe(
        422,
      );
  });
});

test('a start that comes after the time of its schedule says so and changes nothing', async () => {
  const id = await campaign({ phones: fresh(1) });
  await ask(`POST /campaigns/${id}/schedule`, { json: MORNING });
  await wait(30 * 3_600_000);
  const late = await ask(`POST /campaigns/${id}/start`);
  expect([late.status, late.body.detail]).toEqual([
    400,
    expect.stringMatching(/^Scheduled time is in the past\. /),
  ]);
  expect(await statusOf(id)).toBe('scheduled');
});
