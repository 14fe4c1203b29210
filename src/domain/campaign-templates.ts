import { channelOf, type MixedSettings } from './mixed.ts';

/** The templates of a campaign with what people call them; refusals, previews and forms name them so. */
export const CAMPAIGN_TEMPLATES = {
  smsMessageTemplate: { words: 'message', field: 'sms_message_template' },
  welcomeMessageTemplate: { words: 'welcome', field: 'welcome_message_template' },
  agendaTemplate: { words: 'agenda', field: 'agenda_template' },
  endCallMessageTemplate: { words: 'closing', field: 'end_call_message_template' },
  voicemailMessage: { words: 'voicemail message', field: 'voicemail_message' },
} as const;

export type CampaignTemplate = keyof typeof CAMPAIGN_TEMPLATES;

type CampaignType = 'call' | 'sms' | 'mixed';

/** What a campaign contacts people with, in words. */
export const TYPE_WORDS: Record<CampaignType, string> = {
  call: 'calls',
  sms: 'text messages',
  mixed: 'calls and text messages',
};

/** Whether a campaign places calls, and whether it sends texts. */
export const CHANNELS_OF: Record<CampaignType, { calls: boolean; texts: boolean }> = {
  call: { calls: true, texts: false },
  sms: { calls: false, texts: true },
  mixed: { calls: true, texts: true },
};

/**
 * The entries of the do-not-call list that keep somebody out of a campaign from its beginning: of a mixed one those of its
 * first channel, since an entry for the other one only stops what follows.
 */
export function listedFor(campaign: {
  campaignType: CampaignType;
  mixedSettings: MixedSettings | null;
}): ('all' | 'voice' | 'sms')[] {
  const { campaignType, mixedSettings } = campaign;
  const first = campaignType === 'mixed' ? channelOf(mixedSettings, null) : campaignType;
  return ['all', first === 'call' ? 'voice' : 'sms'];
}

type Spoken = { welcomeMessageTemplate: string | null; endCallMessageTemplate: string | null };

/**
 * A campaign with what is said on its calls: where it has no welcome or no closing of its own, that of its assistant
 * (campaign-api §6).
 */
export function asSpoken<Campaign extends Spoken>(
  campaign: Campaign,
  assistant: { welcomeMessage: string | null; endCallMessage: string | null } | null,
): Campaign {
  const { welcomeMessageTemplate: welcome, endCallMessageTemplate: closing } = campaign;
  return {
    ...campaign,
    welcomeMessageTemplate: welcome?.trim() ? welcome : (assistant?.welcomeMessage ?? welcome),
    endCallMessageTemplate: closing?.trim() ? closing : (assistant?.endCallMessage ?? closing),
  };
}

/** The templates that a campaign of this type uses, in the order they are met with. */
export function templatesOf(campaign: {
  campaignType: CampaignType;
  leaveVoicemail: boolean;
}): CampaignTemplate[] {
  const { calls, texts } = CHANNELS_OF[campaign.campaignType];
  return [
    ...(calls ? (['welcomeMessageTemplate', 'agendaTemplate', 'endCallMessageTemplate'] as const) : []),
    ...(calls && campaign.leaveVoicemail ? (['voicemailMessage'] as const) : []),
    ...(texts ? (['smsMessageTemplate'] as const) : []),
  ];
}
