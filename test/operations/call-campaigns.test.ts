import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { contacts } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { previewMessage } from '#operations/preview-message.ts';
import { retireAssistant } from '#operations/retire-assistant.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { ANNA, addContacts, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, workspace } = engine;
const asked: [string, string | undefined][] = [];
let made = 0;

beforeEach(() => {
  engine.clock.set(NOON);
  asked.length = 0;
  engine.carrier.ownsNumber = async (phoneNumber: string, channel?: 'sms' | 'call') => {
    asked.push([phoneNumber, channel]);
    return true;
  };
});

type Fields = Partial<Parameters<typeof createCampaign>[1]>;
const create = async (fields: Fields = {}, contacts = 1) => {
  made += 1;
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: `call-${made}`,
    channelId: null,
    name: `Calls ${made}`,
    campaignType: 'call',
    ...fields,
  });
  await addContacts(deps, campaignId, phones(contacts, 1000 + made * 10));
  return campaignId;
};
const start = (campaignId: number) => changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
const change = (campaignId: number, changes: Parameters<typeof updateCampaign>[1]['changes']) =>
  updateCampaign(deps, { campaignId, actor: ANNA, changes });
const READY: Fields = { agendaTemplate: 'Ask {{name}} about the delivery.' };

describe('the fields of a campaign that calls', () => {
  it('are kept as they were written', async () => {
    const fields = {
      welcomeMessageTemplate: 'Hi {{name}}',
      agendaTemplate: 'Ask about the delivery.',
      endCallMessageTemplate: 'Bye {{name}}',
      smsMessageTemplate: 'We called.',
      enableVoicemailDetection: true,
      detectionMode: 'sync' as const,
      leaveVoicemail: true,
      voicemailMessage: 'Please call {{company}} back.',
      retryPolicy: { busy: 'final' as const },
      mixedSettings: { first: 'sms' as const, followUp: 'if_not_reached' as const, delayMinutes: 60 },
    };
    const campaignId = await create({ ...fields, campaignType: 'mixed' });
    expect(await showCampaign(deps, { campaignId })).toMatchObject(fields);
  });

  it('are the standard ones where nothing is said', async () => {
    expect(await showCampaign(deps, { campaignId: await create({ campaignType: 'mixed' }) })).toMatchObject({
      enableVoicemailDetection: true,
      detectionMode: 'async',
      leaveVoicemail: false,
      voicemailMessage: null,
      retryPolicy: {},
      mixedSettings: { first: 'call', followUp: 'always', delayMinutes: 0 },
    });
  });

  it.each([
    ['welcomeMessageTemplate', 'welcome'],
    ['agendaTemplate', 'agenda'],
    ['endCallMessageTemplate', 'closing'],
    ['voicemailMessage', 'voicemail message'],
    ['smsMessageTemplate', 'message'],
  ] as const)('a broken %s is refused under its own name', async (template, words) => {
    const broken = create({ [template]: 'Hi {% for x in y %}' });
    await expect(broken).rejects.toMatchObject({ code: 'template_invalid', details: { template, words } });
    await expect(broken).rejects.toThrow(`The ${words} cannot be used`);
  });

  it('must fit together with what already stands', async () => {
    await expect(create({ leaveVoicemail: true })).rejects.toThrow('Write the voicemail message');
    const campaignId = await create({ leaveVoicemail: true, voicemailMessage: 'Hi' });
    await expect(change(campaignId, { voicemailMessage: ' ' })).rejects.toThrow(
      'Write the voicemail message',
    );
    await expect(change(campaignId, { enableVoicemailDetection: false })).rejects.toThrow(
      'switch the detection on',
    );
    await change(campaignId, { leaveVoicemail: false, enableVoicemailDetection: false });
    expect(await showCampaign(deps, { campaignId })).toMatchObject({
      leaveVoicemail: false,
      enableVoicemailDetection: false,
      voicemailMessage: 'Hi',
    });
  });

  it('keep the order of the channels once the campaign has run', async () => {
    const campaignId = await create({ campaignType: 'mixed', ...READY, smsMessageTemplate: 'Hi' });
    await change(campaignId, { mixedSettings: { first: 'sms' } });
    await start(campaignId);
    await changeStatus(deps, { campaignId, move: 'pause', actor: ANNA });
    await expect(change(campaignId, { mixedSettings: { first: 'call' } })).rejects.toThrow(
      'cannot be changed',
    );
    await change(campaignId, { mixedSettings: { first: 'sms', delayMinutes: 15 } });
    expect((await showCampaign(deps, { campaignId })).mixedSettings?.delayMinutes).toBe(15);
  });
});

describe('a campaign that calls starts', () => {
  const codeOf = async (campaignId: number) => {
    try {
      await start(campaignId);
      return 'started';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const retired = async () => {
    made += 1;
    const { assistantId } = await createAssistant(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      creationKey: `retired-${made}`,
      name: `Retired ${made}`,
      voice: 'joanna',
    });
    const campaignId = await create({ ...READY, assistantId });
    await retireAssistant(deps, { workspaceId: workspace.id, assistantId, actor: ANNA });
    return campaignId;
  };

  it.each<[string, string, () => Promise<number>]>([
    ['with an agenda alone', 'started', () => create(READY)],
    ['with a welcome alone', 'started', () => create({ welcomeMessageTemplate: 'Hi {{name}}' })],
    [
      'not without either',
      'no_call_message',
      () => create({ endCallMessageTemplate: 'Bye', agendaTemplate: ' ' }),
    ],
    ['not without contacts', 'no_contacts', () => create(READY, 0)],
    ['not with a retired assistant', 'assistant_missing', retired],
    ['not without a text where it is mixed', 'no_message', () => create({ ...READY, campaignType: 'mixed' })],
    [
      'not without an agenda where it is mixed',
      'no_call_message',
      () => create({ smsMessageTemplate: 'Hi', campaignType: 'mixed' }),
    ],
    [
      'with both where it is mixed',
      'started',
      () => create({ ...READY, smsMessageTemplate: 'Hi', campaignType: 'mixed' }),
    ],
  ])('%s: %s', async (_, code, campaign) => {
    expect(await codeOf(await campaign())).toBe(code);
  });

  it('from its own number, else its assistant’s, else the workspace’s', async () => {
    const { assistantId } = await createAssistant(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      creationKey: 'with-numbers',
      name: 'With numbers',
      voice: 'joanna',
      phoneNumbers: ['+15005550009', '+15005550008'],
    });
    await start(await create({ ...READY, assistantId, fromNumber: '+15005550007' }));
    await start(await create({ ...READY, assistantId }));
    await start(await create(READY));
    expect(asked).toEqual([
      ['+15005550007', 'call'],
      ['+15005550009', 'call'],
      ['+15005550006', 'call'],
    ]);
  });

  it('not from a number that may not call, nor while the provider cannot say', async () => {
    const campaignId = await create(READY);
    engine.carrier.ownsNumber = async () => false;
    await expect(start(campaignId)).rejects.toThrow('may not call from +15005550006');
    engine.carrier.ownsNumber = async () => {
      throw new LookupFailed('down');
    };
    await expect(start(campaignId)).rejects.toMatchObject({ code: 'provider_unreachable' });
    expect((await showCampaign(deps, { campaignId })).status).toBe('draft');
  });

  it('only with a number of its own where the workspace has none', async () => {
    const bare = { ...deps, defaultCaller: null };
    const campaignId = await create(READY);
    await expect(changeStatus(bare, { campaignId, move: 'start', actor: ANNA })).rejects.toMatchObject({
      code: 'caller_missing',
    });
    const { missing } = await drawCampaignCard(bare, { campaignId });
    expect(missing).toEqual([expect.stringContaining('A number to call from')]);
  });
});

it('the texts of a mixed campaign name the assistant that calls, in the preview as on the phone', async () => {
  const campaignId = await create({
    ...READY,
    campaignType: 'mixed',
    mixedSettings: { first: 'sms' },
    smsMessageTemplate: 'Hi, {{assistant_name}} here.',
  });
  const preview = await previewMessage(deps, { campaignId });
  expect(preview.examples.map(({ text }) => text)).toEqual(['Hi, Alex here.']);
  const before = engine.carrier.requests.length;
  await start(campaignId);
  await engine.drain();
  const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
  const sent = engine.carrier.requests.slice(before).filter(({ to }) => to === contact?.phoneNumber);
  expect(sent.map(({ body }) => body)).toEqual(['Hi, Alex here.']);
});

describe('whoever waits', () => {
  const statusesOf = async (campaignId: number) =>
    (
      await deps.db
        .select()
        .from(contacts)
        .where(eq(contacts.campaignId, campaignId))
        .orderBy(contacts.phoneNumber)
    ).map(({ status, skipReason }) => skipReason ?? status);

  it('for a follow-up when the campaign is cancelled ends as the first channel did', async () => {
    const campaignId = await create({ ...READY, campaignType: 'mixed', smsMessageTemplate: 'Hi' }, 3);
    const [reached, missed] = await deps.db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, campaignId));
    const waiting = { waitReason: 'follow_up', nextChannel: 'sms' } as const;
    await deps.db
      .update(contacts)
      .set({ ...waiting, firstStatus: 'completed' })
      .where(eq(contacts.id, reached?.id ?? 0));
    await deps.db
      .update(contacts)
      .set({ ...waiting, firstStatus: 'no_answer' })
      .where(eq(contacts.id, missed?.id ?? 0));
    await deps.db.execute(`update campaigns set status = 'paused' where id = ${campaignId}`);
    await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
    expect(await statusesOf(campaignId)).toEqual(['completed', 'no_answer', 'campaign_stopped']);
  });

  it.each([
    ['voice', 'call', 'do_not_call'],
    ['voice', 'sms', 'pending'],
    ['voice', 'mixed', 'pending'],
    ['sms', 'call', 'pending'],
    ['sms', 'sms', 'do_not_call'],
    ['all', 'call', 'do_not_call'],
    ['all', 'sms', 'do_not_call'],
    ['all', 'mixed', 'do_not_call'],
  ] as const)(
    'and is put on the list for %s, in a %s campaign is: %s',
    async (channel, campaignType, expected) => {
      const campaignId = await create({ campaignType });
      const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
      await suppressNumber(deps, {
        workspaceId: workspace.id,
        phone: contact?.phoneNumber ?? '',
        channel,
        reason: 'They asked.',
        source: 'manual',
        actor: ANNA,
      });
      expect(await statusesOf(campaignId)).toEqual([expected]);
    },
  );
});
