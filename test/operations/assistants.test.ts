import { eq } from 'drizzle-orm/sql';
import { describe, expect, it } from 'vitest';
import { campaignEvents } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { listAssistants } from '#operations/list-assistants.ts';
import { retireAssistant } from '#operations/retire-assistant.ts';
import { showAssistant } from '#operations/show-assistant.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { updateAssistant } from '#operations/update-assistant.ts';
import { ANNA, createEngine } from '#support/engine.ts';

const engine = await createEngine();
const { deps } = engine;
let made = 0;

const newWorkspace = async () => {
  made += 1;
  const given = { slackTeamId: `T_ASSISTANTS_${made}`, name: 'Acme', botUserId: null };
  return ensureWorkspace(deps, given);
};

const write = (workspaceId: number, fields: Partial<Parameters<typeof createAssistant>[1]> = {}) => {
  made += 1;
  return createAssistant(deps, {
    workspaceId,
    actor: ANNA,
    creationKey: `assistant-${made}`,
    name: `Assistant ${made}`,
    voice: 'joanna',
    ...fields,
  });
};

const newCampaign = async (workspaceId: number, assistantId?: number) => {
  made += 1;
  const { campaignId } = await createCampaign(deps, {
    workspaceId,
    actor: ANNA,
    creationKey: `campaign-${made}`,
    channelId: null,
    name: `Campaign ${made}`,
    campaignType: 'call',
    ...(assistantId ? { assistantId } : {}),
  });
  return showCampaign(deps, { campaignId });
};

const eventsOf = async (workspaceId: number) =>
  (await deps.db.select().from(campaignEvents).where(eq(campaignEvents.workspaceId, workspaceId))).map(
    ({ kind, details }) => [kind, details],
  );

describe('an assistant', () => {
  it('is kept as it was written, and who wrote it is noted', async () => {
    const { id: workspaceId } = await newWorkspace();
    const { assistantId } = await write(workspaceId, {
      name: 'Sarah',
      voice: 'amy',
      prompt: 'Be brief.',
      transferTargets: [{ label: 'Front desk', phoneNumber: '+12125550187' }],
    });
    expect(await showAssistant(deps, { workspaceId, assistantId })).toMatchObject({
      name: 'Sarah',
      voice: 'amy',
      language: 'en-GB',
      prompt: 'Be brief.',
      isActive: true,
      isRecording: false,
      recordingDays: 30,
      maxCallSeconds: 600,
      transferTargets: [
        { key: 'front-desk', label: 'Front desk', phoneNumber: '+12125550187', slackUserId: null },
      ],
    });
    expect(await eventsOf(workspaceId)).toEqual([['assistant_created', { assistantId, name: 'Sarah' }]]);
  });

  it('is made once however often its form is sent', async () => {
    const { id: workspaceId } = await newWorkspace();
    const twice = { name: 'Sarah', creationKey: 'the-same' };
    const [first, second] = await Promise.all([write(workspaceId, twice), write(workspaceId, twice)]);
    expect(second).toEqual(first);
    expect(await listAssistants(deps, { workspaceId })).toHaveLength(1);
  });

  it('has a name of its own among those in use', async () => {
    const { id: workspaceId } = await newWorkspace();
    const { assistantId } = await write(workspaceId, { name: 'Sarah' });
    await expect(write(workspaceId, { name: 'SARAH' })).rejects.toMatchObject({
      code: 'assistant_name_taken',
    });
    const other = await write(workspaceId, { name: 'Tom' });
    const renamed = updateAssistant(deps, {
      workspaceId,
      assistantId: other.assistantId,
      actor: ANNA,
      changes: { name: 'sarah' },
    });
    await expect(renamed).rejects.toMatchObject({ code: 'assistant_name_taken' });
    await retireAssistant(deps, { workspaceId, assistantId, actor: ANNA });
    await expect(write(workspaceId, { name: 'Sarah' })).resolves.toBeDefined();
  });

  it('changes only where something is sent, and keeps its own name', async () => {
    const { id: workspaceId } = await newWorkspace();
    const { assistantId } = await write(workspaceId, { name: 'Sarah', prompt: 'Be brief.' });
    const changes = { name: 'Sarah', voice: 'vicki', isRecording: true };
    await updateAssistant(deps, { workspaceId, assistantId, actor: ANNA, changes });
    expect(await showAssistant(deps, { workspaceId, assistantId })).toMatchObject({
      name: 'Sarah',
      voice: 'vicki',
      language: 'de-DE',
      prompt: 'Be brief.',
      isRecording: true,
      version: 2,
    });
    expect((await eventsOf(workspaceId)).at(-1)?.[1]).toMatchObject({
      fields: expect.arrayContaining(['voice']),
    });
  });

  it('with something wrong is not saved', async () => {
    const { id: workspaceId } = await newWorkspace();
    await expect(write(workspaceId, { voice: 'hal' })).rejects.toThrow('“hal” is no voice');
    const { assistantId } = await write(workspaceId);
    const changed = updateAssistant(deps, {
      workspaceId,
      assistantId,
      actor: ANNA,
      changes: { recordingDays: 0, isRecording: true },
    });
    await expect(changed).rejects.toMatchObject({ code: 'settings_invalid' });
    expect(await showAssistant(deps, { workspaceId, assistantId })).toMatchObject({ isRecording: false });
  });

  it('belongs to its workspace alone', async () => {
    const { id: workspaceId } = await newWorkspace();
    const stranger = await newWorkspace();
    const { assistantId } = await write(workspaceId);
    const whose = { workspaceId: stranger.id, assistantId, actor: ANNA };
    const refusal = { code: 'assistant_not_found' };
    await expect(showAssistant(deps, whose)).rejects.toMatchObject(refusal);
    await expect(updateAssistant(deps, { ...whose, changes: { name: 'Mine' } })).rejects.toMatchObject(
      refusal,
    );
    await expect(retireAssistant(deps, whose)).rejects.toMatchObject(refusal);
    await expect(newCampaign(stranger.id, assistantId)).rejects.toMatchObject(refusal);
  });

  it('is not retired while a campaign calls with it', async () => {
    const { id: workspaceId } = await newWorkspace();
    const { assistantId } = await write(workspaceId, { name: 'Sarah' });
    const campaign = await newCampaign(workspaceId, assistantId);
    await deps.db.execute(`update campaigns set status = 'running' where id = ${campaign.id}`);
    const whose = { workspaceId, assistantId, actor: ANNA };
    await expect(retireAssistant(deps, whose)).rejects.toThrow(`“Sarah” calls for #${campaign.id}`);
    await deps.db.execute(`update campaigns set status = 'paused' where id = ${campaign.id}`);
    await retireAssistant(deps, whose);
    expect(await listAssistants(deps, { workspaceId })).toEqual([]);
    await expect(newCampaign(workspaceId, assistantId)).rejects.toMatchObject({
      code: 'assistant_not_found',
    });
  });
});

describe('a campaign that calls', () => {
  it('gets an assistant in a workspace that has none, in a voice of its country', async () => {
    const { id: workspaceId } = await newWorkspace();
    await changeWorkspace(deps.db, workspaceId, { defaultCountry: 'GB' });
    const campaigns = await Promise.all([newCampaign(workspaceId), newCampaign(workspaceId)]);
    const [only, ...others] = await listAssistants(deps, { workspaceId });
    expect(others).toEqual([]);
    expect(only).toMatchObject({ name: 'Alex', voice: 'amy', language: 'en-GB', isRecording: false });
    expect(campaigns.map(({ assistantId }) => assistantId)).toEqual([only?.id, only?.id]);
  });

  it('gets a new one when all were retired', async () => {
    const { id: workspaceId } = await newWorkspace();
    const { assistantId } = await newCampaign(workspaceId);
    await retireAssistant(deps, { workspaceId, assistantId: assistantId ?? 0, actor: ANNA });
    const next = await newCampaign(workspaceId);
    expect(next.assistantId).not.toBe(assistantId);
    expect(await listAssistants(deps, { workspaceId })).toMatchObject([
      { id: next.assistantId, name: 'Alex' },
    ]);
  });

  it('has the first one where nobody chose another', async () => {
    const { id: workspaceId } = await newWorkspace();
    const first = await write(workspaceId);
    const second = await write(workspaceId);
    expect((await newCampaign(workspaceId)).assistantId).toBe(first.assistantId);
    expect((await newCampaign(workspaceId, second.assistantId)).assistantId).toBe(second.assistantId);
  });
});
