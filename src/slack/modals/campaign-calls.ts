import type { InputBlock, ModalView } from '@slack/types';
import { MACHINE_RECOGNITION } from '#domain/call-settings.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { DEFAULT_MIXED, MIXED_CHOICES } from '#domain/mixed.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { variablesBlock } from '#slack/blocks/preview.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { settingsView } from './campaign-settings.ts';
import { templateErrors } from './campaign-texts.ts';
import { forgetTyped, keepTyped, recallTyped, typedText } from './drafts.ts';
import { choiceField, numberField, step, textField } from './fields.ts';
import { modal } from './frame.ts';
import { type ModalHandler, metadataNumber, type SubmitAnswer } from './modal.ts';
import { type FormState, readChoice, readText } from './state.ts';

const KIND = 'campaign_calls';

/** What a campaign is asked after its texts: how it calls, where it does, and when. */
export async function nextView(entry: Entry, campaignId: number): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  if (!CHANNELS_OF[campaign.campaignType].calls) return settingsView(entry, campaignId);
  const kept = await recallTyped(entry, KIND, String(campaignId));
  const isCurrent = kept?.version === campaign.version;
  return callsView(campaign, isCurrent ? typedText(kept, 'voicemail') : (campaign.voicemailMessage ?? ''));
}

/** Machines, and the order of the two channels; every field has its usual value, so that the form may be closed. */
export function callsView(campaign: CampaignDetail, voicemail: string): ModalView {
  return modal({
    name: 'campaign_calls',
    title: 'How it calls',
    submit: 'Save and go on',
    close: 'Leave as it is',
    metadata: { campaignId: campaign.id, version: campaign.version },
    blocks: [
      step(2, 3, 'how it calls'),
      ...(campaign.campaignType === 'mixed' ? mixedFields(campaign) : []),
      choiceField('machines', 'Answering machines', MACHINE_CHOICES, machinesOf(campaign), SILENCE_HINT),
      choiceField(
        'onMachine',
        'When a machine answers',
        ON_MACHINE_CHOICES,
        campaign.leaveVoicemail ? 'leave' : 'hang_up',
      ),
      textField({
        blockId: 'voicemail',
        label: 'Voicemail message',
        hint: 'Spoken after the beep, where a message is to be left. Say who calls and how to reach you.',
        value: voicemail,
        optional: true,
        lines: true,
        tells: true,
      }),
      variablesBlock(campaign.availableVariables),
    ],
  });
}

/** Two seconds and three in a hundred are the law's (47 CFR 64.1200(a)(7)). */
const SILENCE_HINT =
  'A person who waits in silence for more than 2 seconds counts as an abandoned call; above 3 % the campaign pauses itself.';

const MACHINE_CHOICES = Object.entries(MACHINE_RECOGNITION).map(([value, text]) => ({ text, value }));

const ON_MACHINE_CHOICES = [
  { text: 'Hang up', value: 'hang_up' },
  { text: 'Leave the voicemail message', value: 'leave' },
];

function machinesOf({ enableVoicemailDetection, detectionMode }: CampaignDetail): string {
  return enableVoicemailDetection ? detectionMode : 'off';
}

function mixedFields({ mixedSettings }: CampaignDetail): InputBlock[] {
  const { first, followUp, delayMinutes } = mixedSettings ?? DEFAULT_MIXED;
  const choices = (named: Record<string, string>) =>
    Object.entries(named).map(([value, text]) => ({ text, value }));
  return [
    choiceField('mixedFirst', 'What comes first', choices(MIXED_CHOICES.first), first),
    choiceField(
      'mixedFollowUp',
      'When the other one follows',
      choices(MIXED_CHOICES.followUp),
      followUp,
      'A reply or an opt-out always cancels it.',
    ),
    numberField('mixedDelay', 'Minutes in between', MIXED_CHOICES.delayMinutes, delayMinutes),
  ];
}

export const campaignCalls: ModalHandler = {
  right: 'edit',
  problemField: 'machines',
  async submit(submission): Promise<SubmitAnswer> {
    const { state } = submission;
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const voicemail = readText(state, 'voicemail');
    const errors = templateErrors(campaign, { voicemail }, campaign.fallbackValues);
    if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
    await updateCampaign(submission.deps, {
      campaignId: campaign.id,
      actor: submission.actor,
      changes: { ...readMachines(state), voicemailMessage: voicemail || null, ...readMixed(state) },
    });
    await forgetTyped(submission, KIND, String(campaign.id));
    return { kind: 'show', view: await settingsView(submission, campaign.id) };
  },
  async keep(typing, at) {
    const campaignId = metadataNumber(typing.metadata, 'campaignId');
    const version = metadataNumber(typing.metadata, 'version');
    if (!campaignId || !version) return;
    const data = { voicemail: readText(typing.state, 'voicemail'), version };
    await keepTyped(typing, KIND, String(campaignId), data, at);
  },
};

function readMachines(state: FormState) {
  const machines = readChoice(state, 'machines');
  return {
    enableVoicemailDetection: machines !== 'off',
    ...(machines === 'async' || machines === 'sync' ? { detectionMode: machines } : {}),
    leaveVoicemail: readChoice(state, 'onMachine') === 'leave',
  };
}

function readMixed(state: FormState) {
  if (!Object.hasOwn(state, 'mixedFirst')) return {};
  return {
    mixedSettings: {
      first: readChoice(state, 'mixedFirst'),
      followUp: readChoice(state, 'mixedFollowUp'),
      delayMinutes: readText(state, 'mixedDelay'),
    },
  };
}
