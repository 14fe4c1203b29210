import { checkMixed, type MixedSettings } from './mixed.ts';
import type { RetryPolicy, RetryRule } from './retry.ts';

/** How a campaign calls (campaign-api §3.4, §7.12, §7.16, §7.17). */
export type CallSettings = {
  enableVoicemailDetection: boolean;
  detectionMode: 'async' | 'sync';
  leaveVoicemail: boolean;
  retryPolicy: RetryPolicy;
  mixedSettings: MixedSettings | null;
};
export type CallSettingName = keyof CallSettings;

/** What is wrong with one field, named as we and as the API name it, as a sentence that says how to put it right. */
export type CallSettingProblem = {
  setting: CallSettingName | 'voicemailMessage';
  field: string;
  sentence: string;
};

export type CheckedCallSettings =
  | { ok: true; settings: Partial<CallSettings> }
  | { ok: false; problems: CallSettingProblem[] };

/** How answering machines are recognised, in words for forms: both settings in one choice. */
export const MACHINE_RECOGNITION = {
  async: 'Recognise them while the assistant speaks',
  sync: 'Wait in silence until it is known who answered',
  off: 'Do not try to recognise them',
} as const satisfies Record<CallSettings['detectionMode'] | 'off', string>;

/** Outcomes that a retry policy may set, in words for forms; others are always final or always tried again. */
export const RETRY_OUTCOMES = {
  no_answer: 'Nobody answers',
  busy: 'The line is busy',
  voicemail: 'A machine answers',
  hung_up: 'They hang up at once',
  carrier_failed: 'The carrier fails',
} as const satisfies Record<keyof RetryPolicy, string>;

/** What may be done about each of them, in words for forms. */
export const RETRY_RULES = {
  retry: 'Try again, up to the limit',
  retry_once: 'Try once more',
  final: 'Leave it at that',
} as const satisfies Record<RetryRule, string>;

/** Checks how somebody wants a campaign to call; any of it may be missing. Either all of it typed, or every problem together. */
export function checkCallSettings(given: Partial<Record<CallSettingName, unknown>>): CheckedCallSettings {
  const settings: Partial<CallSettings> = {};
  const problems: CallSettingProblem[] = [];
  for (const setting of Object.keys(CHECKS) as CallSettingName[]) {
    if (given[setting] === undefined) continue;
    const checked = CHECKS[setting](given[setting]);
    if ('problem' in checked) problems.push({ setting, field: FIELDS[setting], sentence: checked.problem });
    else Object.assign(settings, { [setting]: checked.value });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/**
 * What does not fit together once everything is merged: leaving a voicemail needs something that recognises the machine,
 * and a message to leave (campaign-api §7.16).
 */
export function voicemailProblems(campaign: {
  enableVoicemailDetection: boolean;
  leaveVoicemail: boolean;
  voicemailMessage: string | null;
}): CallSettingProblem[] {
  if (!campaign.leaveVoicemail) return [];
  const problems: CallSettingProblem[] = [];
  if (!campaign.enableVoicemailDetection) {
    const sentence =
      'A voicemail can only be left where machines are recognised: switch the detection on, or leave none.';
    problems.push({ setting: 'leaveVoicemail', field: 'leave_voicemail', sentence });
  }
  if (!campaign.voicemailMessage?.trim()) {
    const sentence = 'Write the voicemail message that is to be left, or leave no voicemails.';
    problems.push({ setting: 'voicemailMessage', field: 'voicemail_message', sentence });
  }
  return problems;
}

type Checked<Value> = { value: Value } | { problem: string };

const CHECKS: { [Name in CallSettingName]: (value: unknown) => Checked<CallSettings[Name]> } = {
  enableVoicemailDetection: (value) => checkFlag('recognising answering machines', value),
  detectionMode: (value) =>
    value === 'async' || value === 'sync'
      ? { value }
      : {
          problem:
            'Detection: write async (the assistant speaks at once) or sync (silence until it is known who answered).',
        },
  leaveVoicemail: (value) => checkFlag('leaving a voicemail', value),
  retryPolicy: checkPolicy,
  mixedSettings: (value) => {
    if (value === null) return { value: null };
    const checked = checkMixed(value);
    return 'problem' in checked ? checked : { value: checked };
  },
};

const FIELDS: Record<CallSettingName, string> = {
  enableVoicemailDetection: 'enable_voicemail_detection',
  detectionMode: 'detection_mode',
  leaveVoicemail: 'leave_voicemail',
  retryPolicy: 'retry_policy',
  mixedSettings: 'mixed_settings',
};

function checkFlag(what: string, value: unknown): Checked<boolean> {
  return typeof value === 'boolean' ? { value } : { problem: `Say true or false for ${what}.` };
}

function checkPolicy(value: unknown): Checked<RetryPolicy> {
  if (value === null) return { value: {} };
  if (typeof value !== 'object' || Array.isArray(value))
    return { problem: `Retries: say for each of ${Object.keys(RETRY_OUTCOMES).join(', ')} what to do.` };
  const policy: RetryPolicy = {};
  for (const [outcome, rule] of Object.entries(value)) {
    if (!Object.hasOwn(RETRY_OUTCOMES, outcome))
      return {
        problem: `Retries: “${outcome.slice(0, 40)}” is none of ${Object.keys(RETRY_OUTCOMES).join(', ')}.`,
      };
    if (typeof rule !== 'string' || !Object.hasOwn(RETRY_RULES, rule))
      return { problem: `Retries after ${outcome}: write ${Object.keys(RETRY_RULES).join(', ')}.` };
    policy[outcome as keyof RetryPolicy] = rule as RetryRule;
  }
  return { value: policy };
}
