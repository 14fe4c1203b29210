import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { digestAudience, newestApproval } from '#db/approvals.ts';
import { readCampaign } from '#db/campaigns.ts';
import { reviveUndecided } from '#db/posts.ts';
import { posts } from '#db/slack-schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import type { Actor } from '#domain/actor.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import { changeStatus } from '#operations/change-status.ts';
import { changeWorkspaceSettings } from '#operations/change-workspace.ts';
import { checkLaunch } from '#operations/check-launch.ts';
import { createToken } from '#operations/create-token.ts';
import { decideApproval } from '#operations/decide-approval.ts';
import { listOpenApprovals } from '#operations/list-open-approvals.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { requestApproval } from '#operations/request-approval.ts';
import { requestImport } from '#operations/request-import.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { updateAssistant } from '#operations/update-assistant.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { ANNA, addContacts, createEngine, phones } from '#support/engine.ts';

const BEN = { kind: 'slack_user', userId: 'U_BEN' } as const;
const CARA = { kind: 'slack_user', userId: 'U_CARA' } as const;

const engine = await createEngine();
const { deps, chat, workspace } = engine;
const workspaceId = workspace.id;

beforeEach(async () => {
  await changeWorkspace(deps.db, workspaceId, { requiresApproval: true, requiresAttestation: false });
});

let used = 0;
async function draft(options: Parameters<typeof engine.campaign>[0] = {}): Promise<number> {
  used += 10;
  return engine.campaign({ phones: phones(3, used), ...options });
}

const columnsOf = async (campaignId: number) => {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Error('no such campaign');
  return row.campaign;
};
const ask = (campaignId: number, actor: typeof ANNA | typeof BEN | typeof CARA = BEN) =>
  requestApproval(deps, { campaignId, actor });
const approve = (approvalId: number, actor: Parameters<typeof decideApproval>[1]['actor'] = CARA) =>
  decideApproval(deps, { workspaceId, approvalId, actor, decision: 'approved' });
const start = (campaignId: number) => changeStatus(deps, { campaignId, move: 'start', actor: BEN });
const eventsOf = async (campaignId: number) =>
  deps.db.execute<{ kind: string; actor: string }>(
    sql`select kind, actor from campaign_events where campaign_id = ${campaignId} order by id`,
  );
const approved = async (campaignId: number) => {
  const { approvalId } = await ask(campaignId);
  await approve(approvalId);
  return approvalId;
};
/** Lets everything be told: one channel takes only so many messages at once. */
async function tellAll(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await engine.drain();
    await engine.wait(2_000);
  }
}
const refused = (code: string) => expect.objectContaining({ code });

describe('a campaign that a second person has to approve', () => {
  test('does not start before that, and starts afterwards', async () => {
    const campaignId = await draft();
    await expect(start(campaignId)).rejects.toEqual(refused('approval_missing'));
    const { approvalId } = await ask(campaignId);
    await expect(start(campaignId)).rejects.toThrow('The request stands in its thread');
    await approve(approvalId);
    expect(await start(campaignId)).toEqual({ status: 'running', changed: true });
    expect((await columnsOf(campaignId)).approvalId).toBe(approvalId);
    const told = (await eventsOf(campaignId)).map(({ kind, actor }) => `${kind} ${actor}`);
    expect(told).toEqual(
      expect.arrayContaining(['approval_requested slack:U_BEN', 'approval_approved slack:U_CARA']),
    );
  });

  test('is not asked about twice, nor where nobody demands it', async () => {
    const campaignId = await draft();
    const { approvalId } = await ask(campaignId);
    await expect(ask(campaignId, CARA)).rejects.toEqual(refused('approval_asked'));
    await approve(approvalId);
    await expect(ask(campaignId)).rejects.toEqual(refused('approval_standing'));
    await changeWorkspace(deps.db, workspaceId, { requiresApproval: false });
    await expect(ask(await draft())).rejects.toEqual(refused('approval_not_needed'));
  });

  test('is approved under the name of its company, which nobody changes past the approval', async () => {
    await changeWorkspace(deps.db, workspaceId, { companyName: 'Acme Dental' });
    const [standing, running] = [await draft(), await draft()];
    for (const campaignId of [standing, running]) await approved(campaignId);
    await start(running);
    const changes = { companyName: 'Acme. Call 1-900-555-0100 now' };
    await changeWorkspaceSettings(deps, { workspaceId, actor: { kind: 'system' }, changes });
    expect((await columnsOf(running)).approvalId).toBeNull();
    await expect(start(standing)).rejects.toEqual(refused('approval_missing'));
    // However it came to change: what starts is held against what was approved.
    const again = await draft();
    await approved(again);
    await changeWorkspace(deps.db, workspaceId, { companyName: 'Other' });
    await expect(start(again)).rejects.toEqual(refused('approval_missing'));
    await changeWorkspace(deps.db, workspaceId, { companyName: null });
  });

  test('waits before whoever may decide it, however many requests of their own are older', async () => {
    await deps.db.execute(sql`update approvals set voided_at = now() where decided_at is null`);
    for (let own = 0; own < 2; own += 1) await ask(await draft(), CARA);
    const { approvalId } = await ask(await draft(), BEN);
    const shown = await listOpenApprovals(deps, { workspaceId, actor: CARA, limit: 2 });
    expect(shown.map((note) => note.approvalId)).toEqual([approvalId]);
  });

  test('is not asked about while something else keeps it from starting', async () => {
    await expect(ask(await draft({ phones: [] }))).rejects.toEqual(refused('no_contacts'));
  });

  test('is not approved by whoever asked, whoever changed it last, an API token or a guest', async () => {
    const campaignId = await draft();
    const { approvalId } = await ask(campaignId);
    await expect(approve(approvalId, BEN)).rejects.toThrow('You asked for this approval yourself');
    await expect(approve(approvalId, ANNA)).rejects.toThrow('You made the last change');
    await expect(approve(approvalId, { kind: 'api_token', tokenId: 1 })).rejects.toEqual(
      refused('approval_by_person'),
    );
    await expect(approve(approvalId, { kind: 'slack_user', userId: 'U_GUEST' })).rejects.toEqual(
      refused('not_allowed'),
    );
    expect((await columnsOf(campaignId)).approvalId).toBeNull();
    expect((await newestApproval(deps.db, campaignId))?.decision).toBeNull();
  });

  test('is decided once', async () => {
    const campaignId = await draft();
    const { approvalId } = await ask(campaignId);
    const decisions = await Promise.allSettled([
      approve(approvalId),
      decideApproval(deps, { workspaceId, approvalId, actor: CARA, decision: 'rejected', reason: 'No.' }),
    ]);
    expect(decisions.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(approve(approvalId)).rejects.toEqual(refused('approval_closed'));
  });

  test('is rejected with a reason only, which the thread hears, and can be asked about again', async () => {
    const campaignId = await draft();
    const { approvalId } = await ask(campaignId);
    const reject = (reason: string) =>
      decideApproval(deps, { workspaceId, approvalId, actor: CARA, decision: 'rejected', reason });
    await expect(reject(' ')).rejects.toEqual(refused('reason_missing'));
    await reject('The offer ended.');
    await expect(start(campaignId)).rejects.toEqual(refused('approval_missing'));
    await engine.drain();
    expect(JSON.stringify(chat.posted)).toContain('did not approve this campaign: “The offer ended.”');
    expect((await ask(campaignId)).approvalId).toBeGreaterThan(approvalId);
  });

  test('of another workspace is not found', async () => {
    const { approvalId } = await ask(await draft());
    const elsewhere = {
      workspaceId: workspaceId + 1,
      approvalId,
      actor: CARA,
      decision: 'approved',
    } as const;
    await expect(decideApproval(deps, elsewhere)).rejects.toEqual(refused('approval_not_found'));
  });
});

describe('an approval', () => {
  const EDITS: [string, (campaignId: number) => Promise<unknown>][] = [
    [
      'a changed message',
      (campaignId) =>
        updateCampaign(deps, { campaignId, actor: ANNA, changes: { smsMessageTemplate: 'Hi {{ name }}' } }),
    ],
    [
      'a changed limit',
      (campaignId) =>
        updateCampaign(deps, { campaignId, actor: ANNA, changes: { settings: { maxAttempts: 1 } } }),
    ],
    [
      'another file of contacts',
      (campaignId) =>
        requestImport(deps, {
          campaignId,
          fileId: 'F1',
          fileName: 'more.csv',
          mapping: [
            { header: 'phone', target: 'phone_number', variable: 'phone_number', samples: [] } as never,
          ],
          mode: 'append',
          actor: ANNA,
          requestKey: `more-${campaignId}`,
          place: null,
        }),
    ],
  ];

  test.each(EDITS)('ends with %s, and the thread says who did it', async (_, edit) => {
    const campaignId = await draft();
    const approvalId = await approved(campaignId);
    await edit(campaignId);
    expect((await columnsOf(campaignId)).approvalId).toBeNull();
    expect(await newestApproval(deps.db, campaignId)).toMatchObject({
      id: approvalId,
      decision: 'approved',
      voidedBy: 'slack:U_ANNA',
    });
    expect((await eventsOf(campaignId)).map(({ kind }) => kind)).toContain('approval_voided');
    await deps.db.execute(sql`delete from graphile_worker._private_jobs where key like 'import:%'`);
    await tellAll();
    const note = chat.posted.find(
      ({ content }) =>
        content.kind === 'note' &&
        content.buttons.some(({ value }) => value.startsWith(`${campaignId}.`)) &&
        content.level === 'warning',
    );
    expect(note?.content).toMatchObject({
      by: 'U_ANNA',
      text: expect.stringContaining('so the approval no longer stands'),
      buttons: [{ action: 'approval.ask' }],
    });
  });

  test('ends when its assistant is changed', async () => {
    const campaignId = await draft({ type: 'call' });
    await approved(campaignId);
    const { assistantId } = await columnsOf(campaignId);
    await updateAssistant(deps, {
      workspaceId,
      assistantId: assistantId ?? 0,
      actor: ANNA,
      changes: { prompt: 'Promise everything.' },
    });
    expect((await columnsOf(campaignId)).approvalId).toBeNull();
    const { approvalId } = await ask(campaignId);
    await expect(approve(approvalId, ANNA)).rejects.toEqual(refused('approval_own'));
  });

  test('is not approved by whoever changed it, or asked, with an API token of theirs', async () => {
    const made = (actor: Actor) =>
      createToken(deps, { workspaceId, actor, name: 'Own', scopes: ['read', 'write'], expiresAt: null });
    const parent = { kind: 'api_token', tokenId: (await made(ANNA)).tokenId } as const;
    const child = { kind: 'api_token', tokenId: (await made(parent)).tokenId } as const;
    const edited = await draft();
    await updateCampaign(deps, { campaignId: edited, actor: child, changes: { description: 'Otherwise' } });
    const { approvalId } = await ask(edited);
    await expect(approve(approvalId, ANNA)).rejects.toEqual(refused('approval_own'));
    await approve(approvalId, CARA);
    const asked = await requestApproval(deps, { campaignId: await draft(), actor: child });
    await expect(approve(asked.approvalId, ANNA)).rejects.toEqual(refused('approval_own'));
    await approve(asked.approvalId, CARA);
  });

  test('ends when the campaign is run again', async () => {
    const campaignId = await draft();
    await approved(campaignId);
    await start(campaignId);
    await changeStatus(deps, { campaignId, move: 'cancel', actor: BEN });
    await reExecuteCampaign(deps, { campaignId, actor: BEN, selection: 'all' });
    expect((await columnsOf(campaignId)).approvalId).toBeNull();
    await expect(start(campaignId)).rejects.toEqual(refused('approval_missing'));
  });

  test('of other people does not count, whichever way they came in', async () => {
    const campaignId = await draft();
    await approved(campaignId);
    await addContacts(deps, campaignId, phones(1, 9000));
    await expect(start(campaignId)).rejects.toEqual(refused('approval_missing'));
    expect((await newestApproval(deps.db, campaignId))?.voidedBy).toBe('system');
    const { approvalId } = await ask(campaignId);
    await deps.db.execute(
      sql`update contacts set variable_values = '{"name": "X"}' where campaign_id = ${campaignId}`,
    );
    await expect(approve(approvalId)).rejects.toEqual(refused('approval_outdated'));
    expect((await columnsOf(campaignId)).approvalId).toBeNull();
  });

  test('lasts through a pause and through what a run does to its contacts', async () => {
    const campaignId = await draft();
    await approved(campaignId);
    await start(campaignId);
    await engine.drain();
    expect(engine.carrier.requests.length).toBeGreaterThan(0);
    await changeStatus(deps, { campaignId, move: 'pause', actor: BEN });
    await checkLaunch(deps, campaignId, 'resume');
    expect((await columnsOf(campaignId)).approvalId).not.toBeNull();
  });

  test('stands when a form is saved as it was, and only what is new is told when it is not', async () => {
    const campaignId = await draft();
    await approved(campaignId);
    const { name, version, smsMessageTemplate, approvalId } = await columnsOf(campaignId);
    const save = (words: string | null) =>
      updateCampaign(deps, { campaignId, actor: ANNA, changes: { name, smsMessageTemplate: words ?? '' } });
    expect(await save(smsMessageTemplate)).toEqual({ version });
    expect(await columnsOf(campaignId)).toMatchObject({ version, approvalId });
    await save('Hey {{ name }}');
    const deeds = await deps.db.execute<{ details: object }>(sql`
      select details from campaign_events where campaign_id = ${campaignId}
        and kind in ('campaign_updated', 'approval_voided') order by id`);
    expect(deeds.map(({ details }) => details)).toEqual([
      expect.objectContaining({ did: 'changed text message' }),
      { fields: ['smsMessageTemplate'] },
    ]);
  });

  test('is compared with the one before it', async () => {
    const campaignId = await draft();
    await approved(campaignId);
    await updateCampaign(deps, {
      campaignId,
      actor: ANNA,
      changes: { smsMessageTemplate: 'Bye {{ name }}', settings: { maxAttempts: 1 } },
    });
    const { approvalId } = await ask(campaignId);
    await tellAll();
    const asked = chat.posted.find(
      ({ content }) => content.kind === 'approval_note' && content.approvalId === approvalId,
    );
    expect(asked?.content).toMatchObject({
      state: 'open',
      changes: ['Text message: “Hello {{name}}” → “Bye {{ name }}”', 'Attempts per contact: “3” → “1”'],
    });
  });

  test('that Slack lost is asked for again, as long as nobody has decided', async () => {
    const campaignId = await draft();
    const { approvalId } = await ask(campaignId);
    await tellAll();
    const key = `approval:${approvalId}`;
    const stateOf = async () => {
      const [post] = await deps.db.select().from(posts).where(eq(posts.postKey, key));
      return post?.state;
    };
    const lose = () => deps.db.update(posts).set({ state: 'abandoned' }).where(eq(posts.postKey, key));
    await lose();
    await reviveUndecided(deps.db, new Date(deps.clock.now().getTime() + 1_000));
    expect(await stateOf()).toBe('pending');
    await approve(approvalId);
    await lose();
    await reviveUndecided(deps.db, new Date(deps.clock.now().getTime() + 1_000));
    expect(await stateOf()).toBe('abandoned');
  });

  test('that comes after the time of its schedule does not start it, and says so', async () => {
    const campaignId = await draft();
    const at = new Date(deps.clock.now().getTime() + 3_600_000);
    await scheduleCampaign(deps, {
      campaignId,
      actor: ANNA,
      schedule: { schedule_type: 'scheduled', scheduled_at: at.toISOString(), timezone: 'UTC' },
    });
    const { approvalId } = await ask(campaignId);
    await engine.wait(3_700_000);
    await tellAll();
    expect(await columnsOf(campaignId)).toMatchObject({ status: 'scheduled', approvalId: null });
    await approve(approvalId);
    await tellAll();
    const said = JSON.stringify(chat.posted);
    expect(said).toContain('Its time came before that: start it now, or give it another time.');
    expect(await columnsOf(campaignId)).toMatchObject({ status: 'scheduled', approvalId });
    expect(await start(campaignId)).toMatchObject({ status: 'running' });
  });

  test('that was decided is drawn without its question', async () => {
    const campaignId = await draft();
    const { approvalId } = await ask(campaignId);
    await engine.drain();
    await approve(approvalId);
    await tellAll();
    const redrawn = chat.updated.findLast(
      ({ content }) => content.kind === 'approval_note' && content.approvalId === approvalId,
    );
    expect(redrawn?.content).toMatchObject({ approvalId, state: 'approved', decidedBy: 'slack:U_CARA' });
  });
});

test('a running campaign waits while nobody has approved it, and goes on once somebody has', async () => {
  await changeWorkspace(deps.db, workspaceId, { requiresApproval: false });
  const campaignId = await draft();
  const before = engine.carrier.requests.length;
  await start(campaignId);
  await changeWorkspace(deps.db, workspaceId, { requiresApproval: true });
  await engine.drain();
  expect(engine.carrier.requests.length).toBe(before);
  expect((await columnsOf(campaignId)).hold).toEqual({ code: 'needs_approval' });
  const { approvalId } = await ask(campaignId);
  await approve(approvalId);
  await engine.wait(60_000);
  await engine.drain();
  expect(engine.carrier.requests.length).toBe(before + 3);
});

test('the digest of contacts depends on who they are and not on their order', async () => {
  const numbers = phones(4, 5000);
  const digest = async (order: string[]) => {
    const campaignId = await engine.campaign({ phones: [] });
    await addContacts(deps, campaignId, order);
    await deps.db.execute(
      sql`update contacts set variable_values = jsonb_build_object('name', phone_number) where campaign_id = ${campaignId}`,
    );
    return digestAudience(deps.db, campaignId);
  };
  const one = await digest(numbers);
  expect(await digest([...numbers].reverse())).toEqual(one);
  expect((await digest(numbers.slice(1))).digest).not.toBe(one.digest);
  expect(one.contacts).toBe(4);
});

test('where somebody has to answer for the contacts, nothing starts before, and other contacts need it anew', async () => {
  await changeWorkspace(deps.db, workspaceId, { requiresApproval: false, requiresAttestation: true });
  const campaignId = await draft();
  await expect(start(campaignId)).rejects.toEqual(refused('attestation_missing'));
  await attestCampaign(deps, { campaignId, actor: BEN });
  await start(campaignId);
  expect(await columnsOf(campaignId)).toMatchObject({ attestedBy: 'slack:U_BEN' });
  await changeStatus(deps, { campaignId, move: 'cancel', actor: BEN });
  await reExecuteCampaign(deps, { campaignId, actor: BEN, selection: 'all' });
  await expect(start(campaignId)).rejects.toEqual(refused('attestation_missing'));
});
