import { beforeAll, describe, expect, it } from 'vitest';
import { readAssistant } from '#db/assistants.ts';
import { readCampaign } from '#db/campaigns.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { callComposer, composeCall } from '#operations/compose-call.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { ANNA, type CampaignOptions, createEngine, type Engine } from '#support/engine.ts';
import { freshPhones, lookingAt } from './calls.ts';

let engine: Engine;
let look: ReturnType<typeof lookingAt>;
let assistantId: number;
beforeAll(async () => {
  engine = await createEngine();
  look = lookingAt(engine);
  const made = await createAssistant(engine.deps, {
    workspaceId: engine.workspace.id,
    actor: ANNA,
    creationKey: 'sarah',
    name: 'Sarah',
    voice: 'amy',
    isRecording: true,
    phoneNumbers: ['+12025550199'],
    maxCallSeconds: 300,
  });
  assistantId = made.assistantId;
});

const PERSON = { phoneNumber: '+12125550100', variableValues: { name: 'John', plan: 'Gold' } };

async function compose(fields: CampaignOptions['fields'], person = PERSON) {
  const campaignId = await engine.campaign({ type: 'call', fields: { assistantId, ...fields } });
  const row = await readCampaign(engine.deps.db, campaignId);
  const assistant = await readAssistant(engine.deps.db, engine.workspace.id, assistantId);
  if (!row || !assistant) throw new Error('nothing to compose with');
  return composeCall(callComposer(row.campaign, row.workspace, assistant, '+12025550199'), person);
}

async function script(fields: CampaignOptions['fields'], person = PERSON) {
  const composed = await compose(fields, person);
  if (composed.kind !== 'call') throw new Error(`refused: ${composed.reason}`);
  return composed.script;
}

describe('what is said on a call', () => {
  it('is rendered for its person, with the assistant’s name, after the fixed first words', async () => {
    const said = await script({
      welcomeMessageTemplate: 'Hi {{name}}, {{assistant_name}} about your {{plan}} plan.',
      agendaTemplate: 'Renew {{plan}}.',
      endCallMessageTemplate: 'Bye {{name}}.',
      leaveVoicemail: true,
      voicemailMessage: '{{name}}, please ring back.',
    });
    expect(said).toMatchObject({
      greeting: expect.stringMatching(
        /^Hello, this is Sarah, an automated voice .* Acme\. This call is recorded/,
      ),
      welcome: 'Hi John, Sarah about your Gold plan.',
      agenda: 'Renew Gold.',
      closing: 'Bye John.',
      voicemail: 'John, please ring back.',
      contactName: 'John',
      companyName: 'Acme',
      voice: 'amy',
      language: 'en-GB',
      isRecording: true,
      maxSeconds: 300,
      detection: 'async',
      values: PERSON.variableValues,
    });
  });

  it('is said on behalf of the company, where the workspace names one', async () => {
    await changeWorkspace(engine.deps.db, engine.workspace.id, { companyName: 'Acme Healthcare' });
    expect((await script({})).greeting).toContain('on behalf of Acme Healthcare.');
    await changeWorkspace(engine.deps.db, engine.workspace.id, { companyName: null });
  });

  it.each<[string, CampaignOptions['fields'], 'off' | 'async' | 'sync', string | null]>([
    ['without detection leaves no message', { enableVoicemailDetection: false }, 'off', null],
    ['with detection before the answer', { detectionMode: 'sync' }, 'sync', null],
    ['with a message that is not to be left', { voicemailMessage: 'Hello' }, 'async', null],
  ])('%s', async (_, fields, detection, voicemail) => {
    expect(await script(fields)).toMatchObject({ detection, voicemail });
  });

  it.each<[string, CampaignOptions['fields'], 'empty_message' | 'speech_too_long']>([
    ['a welcome that comes out empty', { welcomeMessageTemplate: '{{ nickname }}' }, 'empty_message'],
    ['a closing that comes out empty', { endCallMessageTemplate: ' {{ nickname }} ' }, 'empty_message'],
    [
      'a voicemail that comes out empty',
      { leaveVoicemail: true, voicemailMessage: '{{ nickname }}' },
      'empty_message',
    ],
    ['nothing to say', { welcomeMessageTemplate: '', agendaTemplate: ' ' }, 'empty_message'],
    ['more than a carrier speaks', { agendaTemplate: 'word '.repeat(900) }, 'speech_too_long'],
  ])('%s is refused', async (_, fields, reason) => {
    expect(await compose(fields)).toEqual({ kind: 'refused', reason });
  });
});

describe('the number that a call comes from', () => {
  async function callerOf(fields: CampaignOptions['fields']) {
    engine.carrier.calls.length = 0;
    const campaignId = await engine.campaign({ type: 'call', phones: freshPhones(), fields });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(await look.call(campaignId)).toMatchObject({ ourNumber: engine.carrier.calls[0]?.from });
    return engine.carrier.calls[0]?.from;
  }

  it('is the campaign’s, else the assistant’s first, else the workspace’s', async () => {
    expect(await callerOf({ assistantId, fromNumber: '+12025550177' })).toBe('+12025550177');
    expect(await callerOf({ assistantId })).toBe('+12025550199');
    const other = await createAssistant(engine.deps, {
      workspaceId: engine.workspace.id,
      actor: ANNA,
      creationKey: 'tom',
      name: 'Tom',
      voice: 'brian',
    });
    expect(await callerOf({ assistantId: other.assistantId })).toBe('+15005550006');
  });
});
