import { isDeepStrictEqual } from 'node:util';
import { ASSISTANT_LIMITS, type AssistantFields, type GivenTarget } from '#domain/assistant.ts';
import { shown } from '#domain/given-value.ts';
import { Refusal } from '#domain/refusal.ts';
import { presentSettings, type SettingsRow } from './present.ts';

/**
 * Reads what somebody sent for an assistant in the reference's words: our settings out of it, but for those that stay as they
 * are. What an assistant here has no setting for may be empty or as it stands; anything else is refused, field by field, with
 * `settings_invalid`. With `isWhole` (PUT) a group that is sent is all there is of it; otherwise (PATCH) it is merged.
 */
export function readAssistant(
  body: Record<string, unknown>,
  standing: SettingsRow,
  { isWhole }: { isWhole: boolean },
): AssistantFields {
  const found: Found = { settings: {}, problems: [] };
  const known = presentSettings(standing);
  for (const [name, value] of Object.entries(body))
    if (!READ_ONLY.has(name)) read(name, value, at(known, name), found);
  if (isWhole) readLeftOut(body, known, found);
  if (found.problems.length > 0) throw new Refusal('settings_invalid', { problems: found.problems });
  return found.settings;
}

type Found = { settings: AssistantFields; problems: { field: string; sentence: string }[] };

/** Told by us, or treated apart. */
const READ_ONLY = new Set([
  'id',
  'organization_id',
  'user_id',
  'is_active',
  'created_at',
  'updated_at',
  'total_calls',
  'avg_call_duration',
  'success_rate',
]);

/** The checks take whatever was sent and say what is wrong with it. */
const setting = (name: keyof AssistantFields) => (value: unknown) => ({ [name]: value }) as AssistantFields;

const SETTINGS: Record<string, (value: unknown) => AssistantFields> = {
  name: setting('name'),
  description: setting('description'),
  'llm_provider_config.model': setting('model'),
  'llm_settings.system_prompt': setting('prompt'),
  'llm_settings.welcome_message': setting('welcomeMessage'),
  end_call_message: setting('endCallMessage'),
  'tts_settings.voice_id': setting('voice'),
  'tts_settings.language': setting('language'),
  'stt_settings.language': setting('language'),
  'tools_settings.transfer_call': readTargets,
  'recording_settings.enabled': setting('isRecording'),
  'recording_settings.retention_days': setting('recordingDays'),
  max_call_length: setting('maxCallSeconds'),
  is_scripted: setting('isScripted'),
  phone_numbers: setting('phoneNumbers'),
};

/** What the reference gives where nobody set anything; whoever sends it wants nothing special. */
const DOCUMENTED: Record<string, unknown> = {
  'llm_settings.temperature': 0.7,
  'llm_settings.max_tokens': 1_000,
  'llm_settings.top_p': 1,
};

const INSTEAD: Record<string, string> = {
  webhook_url: 'Events go to webhooks: make one with POST /api/v1/webhooks.',
  sms_webhook_url: 'Events go to webhooks: make one with POST /api/v1/webhooks.',
  messaging_service_sid: 'The deployment sets it for all.',
};

function read(path: string, value: unknown, standing: unknown, found: Found): void {
  if (value === undefined || isDeepStrictEqual(value, standing)) return;
  const own = SETTINGS[path];
  if (own) Object.assign(found.settings, own(value));
  else if (isGroup(value))
    for (const [name, inner] of Object.entries(value))
      read(`${path}.${name}`, inner, at(standing, name), found);
  else if (!isNothing(value, standing) && value !== DOCUMENTED[path])
    found.problems.push({ field: path, sentence: sentenceAbout(path, standing) });
}

function sentenceAbout(path: string, standing: unknown): string {
  const stays = standing === undefined ? '' : ` It stays ${shown(standing)}.`;
  return `${path} cannot be set on an assistant here.${stays} ${INSTEAD[path] ?? 'Leave it out.'}`;
}

/** Nothing is asked for; `false` may ask for something to be switched off. */
function isNothing(value: unknown, standing: unknown): boolean {
  if (value === false) return standing !== true;
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(object: unknown, name: string): unknown {
  return isGroup(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

function readTargets(value: unknown): AssistantFields {
  if (!isGroup(value) || value.enabled === false) return { transferTargets: [] };
  if (!Array.isArray(value.targets)) return {};
  const targets = value.targets.map((target: unknown) => {
    const { key, label, phone_number, slack_user_id = null } = isGroup(target) ? target : {};
    return { key, label, phoneNumber: phone_number, slackUserId: slack_user_id } as GivenTarget;
  });
  return { transferTargets: targets };
}

/** What a group that was sent as a whole says by leaving something out of it. */
const LEFT_OUT = [
  ['llm_provider_config', 'model', null],
  ['llm_settings', 'system_prompt', null],
  ['llm_settings', 'welcome_message', null],
  ['tools_settings', 'transfer_call', null],
  ['recording_settings', 'enabled', false],
  ['recording_settings', 'retention_days', ASSISTANT_LIMITS.recordingDays.standard],
] as const;

function readLeftOut(body: Record<string, unknown>, known: unknown, found: Found): void {
  for (const [group, name, value] of LEFT_OUT) {
    const sent = body[group];
    if (isGroup(sent) && !Object.hasOwn(sent, name))
      read(`${group}.${name}`, value, at(at(known, group), name), found);
  }
}
