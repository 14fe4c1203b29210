import { changeWorkspace } from '#db/workspaces.ts';
import type { MixedSettings } from '#domain/mixed.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { CHANNELS, PEOPLE, TEAM_ID } from '#sandbox/slack/seed.ts';
import { contactPhones, makeCampaign } from './campaign.ts';
import type { Stage } from './stage.ts';

/** What a round runs: texts alone, calls alone, campaigns of both, or everything at the same time. */
export const KINDS = ['texts', 'calls', 'mixed', 'all'] as const;
export type Kind = (typeof KINDS)[number];

export type Planned = { id: number; type: 'sms' | 'call' | 'mixed'; name: string; phones: string[] };

export type Plan = { seed: string; kind: Kind; contacts: number; kills: number };

const DANA = { kind: 'slack_user', userId: PEOPLE.admin } as const;
const DETECTIONS = ['off', 'async', 'sync'] as const;
const MIXES: Pick<MixedSettings, 'first' | 'followUp'>[] = [
  { first: 'call', followUp: 'always' },
  { first: 'sms', followUp: 'if_not_reached' },
  { first: 'call', followUp: 'if_not_reached' },
  { first: 'sms', followUp: 'always' },
  { first: 'call', followUp: 'if_reached' },
  { first: 'sms', followUp: 'if_reached' },
];
/** Whom calls are put through to; nobody's contact. */
const COLLEAGUE = '+14155550181';
const MOST_TRIES = 2;
/** Shorter than people may set it, so that a round sees retries. */
const RETRY_MINUTES = 1;
const FOLLOW_UP_MINUTES = 1;
const MAX_CALL_SECONDS = 120;
/** Seconds that a try takes at the pace of a round, with what is tried again. */
const SECONDS_A_CONTACT = 5;
const SECONDS_A_KILL = 2.5;
/** Every so many people of a campaign are in the next one as well. */
const SHARED = 6;

/** The campaigns of one round, made by the product's own verbs and not yet started. */
export async function makeCampaigns(stage: Stage, plan: Plan): Promise<Planned[]> {
  const types = typesOf(plan.kind);
  const share = Math.ceil(plan.contacts / types.length);
  const open = (SECONDS_A_CONTACT * plan.contacts) / (SECONDS_A_KILL * Math.max(1, plan.kills));
  const concurrentLimit = Math.max(2, Math.ceil(open / types.length));
  const planned: Planned[] = [];
  for (const [index, type] of types.entries()) {
    const name = `Round ${plan.seed} ${index + 1}`;
    const isAlone = plan.kind === 'texts';
    const phones = type === 'sms' ? contactPhones(share) : phonesOfEverybody(share, index);
    const given = { name: isAlone ? `Round ${plan.seed}` : name, phones, concurrentLimit };
    const id =
      type === 'sms' ? await makeCampaign(stage.deps, given) : await makeTalking(stage, type, index, given);
    planned.push({ id, type, name: given.name, phones });
  }
  return planned;
}

function typesOf(kind: Kind): Planned['type'][] {
  const calls = DETECTIONS.map(() => 'call' as const);
  const mixed = MIXES.map(() => 'mixed' as const);
  return { texts: ['sms' as const], calls, mixed, all: ['sms' as const, ...calls, ...mixed] }[kind];
}

type Given = { name: string; phones: readonly string[]; concurrentLimit: number };

async function makeTalking(
  stage: Stage,
  type: 'call' | 'mixed',
  index: number,
  given: Given,
): Promise<number> {
  const { deps } = stage;
  const workspace = await ensureWorkspace(deps, { slackTeamId: TEAM_ID });
  // Campaigns share numbers: under a cap over all of them the last ones would wait for the next day.
  await changeWorkspace(deps.db, workspace.id, {
    rateLimitPerMinute: 1_000_000,
    concurrentLimit: 500,
    frequencyLimit: null,
  });
  const detection = DETECTIONS[index % DETECTIONS.length] ?? 'off';
  const isListening = detection !== 'off';
  const { assistantId } = await createAssistant(deps, {
    workspaceId: workspace.id,
    actor: DANA,
    creationKey: `${given.name} assistant`,
    name: `Alex ${index}`,
    voice: 'joanna',
    isScripted: true,
    isRecording: index % 2 === 0,
    maxCallSeconds: MAX_CALL_SECONDS,
    transferTargets:
      index % 2 === 0 ? [{ key: 'sales', label: 'Sales', phoneNumber: COLLEAGUE, slackUserId: null }] : [],
  });
  const mix = MIXES[index % MIXES.length];
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: DANA,
    creationKey: given.name,
    channelId: CHANNELS.campaigns,
    name: given.name,
    campaignType: type,
    assistantId,
    welcomeMessageTemplate: 'I am calling about your appointment.',
    agendaTemplate: 'Would you like to keep your appointment on Friday?',
    endCallMessageTemplate: 'Thank you for your time. Goodbye.',
    enableVoicemailDetection: isListening,
    ...(isListening ? { detectionMode: detection, leaveVoicemail: true, voicemailMessage: MESSAGE } : {}),
    ...(type === 'mixed'
      ? {
          smsMessageTemplate: `${given.name}: hello {{name}}`,
          mixedSettings: { followUp: 'always', first: 'call', ...mix, delayMinutes: FOLLOW_UP_MINUTES },
        }
      : {}),
    settings: {
      maxAttempts: MOST_TRIES,
      rateLimitPerMinute: 6_000,
      concurrentLimit: given.concurrentLimit,
      timeZone: 'America/New_York',
    },
  });
  await stage.client.sql`
    update campaigns set retry_delay_minutes = ${RETRY_MINUTES} where id = ${campaignId}`;
  return campaignId;
}

/** What is left on answering machines, and nowhere else. */
const MESSAGE = 'This is the message for {{name}}: please call us back.';
const FIRST_WITH_OWN_WAYS = 70;
const LAST_WITH_OWN_WAYS = 99;
const TOMORROW_AT_THREE = 78;
const VOICEMAIL = 73;
const PHONES_AN_EXCHANGE = 100;

/**
 * Numbers in New York of people who do everything that people do, every other one somebody ordinary; some of them are in
 * the campaign before as well. Whoever wants a call tomorrow keeps a campaign from its end, and is in the first one only.
 */
function phonesOfEverybody(count: number, index: number): string[] {
  const from = index * count - Math.floor((index * count) / SHARED);
  return Array.from({ length: count }, (_, place) => {
    const phone = phoneAt(from + place);
    return index > 1 && phone.endsWith(String(TOMORROW_AT_THREE))
      ? phone.replace(/..$/, String(VOICEMAIL))
      : phone;
  });
}

function phoneAt(place: number): string {
  const ways = LAST_WITH_OWN_WAYS - FIRST_WITH_OWN_WAYS + 1;
  const half = Math.floor(place / 2);
  const ending = place % 2 === 0 ? half % FIRST_WITH_OWN_WAYS : FIRST_WITH_OWN_WAYS + (half % ways);
  const exchange = 300 + Math.floor(place / PHONES_AN_EXCHANGE);
  const station = `${String(place % PHONES_AN_EXCHANGE).padStart(2, '0')}${String(ending).padStart(2, '0')}`;
  return `+1212${exchange}${station}`;
}
