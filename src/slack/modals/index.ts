import { Refusal } from '#domain/refusal.ts';
import type { Deps } from '#operations/deps.ts';
import { explain, sentenceMessage } from '#slack/reply.ts';
import { approvalReject, approvalRequest, approvalReview } from './approval.ts';
import { assistant } from './assistant.ts';
import { campaignCalls } from './campaign-calls.ts';
import { campaignMessage } from './campaign-message.ts';
import { campaignSettings } from './campaign-settings.ts';
import { BLOCK_OF_TEMPLATE } from './campaign-texts.ts';
import { columns } from './columns.ts';
import { consent } from './consent.ts';
import { erasePerson } from './erase-person.ts';
import { sentenceView } from './frame.ts';
import { importFile } from './import-file.ts';
import { lawOverride } from './law-override.ts';
import type { ModalHandler, SubmitAnswer } from './modal.ts';
import type { ModalName } from './names.ts';
import { newCampaign } from './new-campaign.ts';
import { preflight } from './preflight.ts';
import { raiseBudget } from './raise-budget.ts';
import { reply } from './reply.ts';
import { role } from './role.ts';
import { schedule } from './schedule.ts';
import type { FormState } from './state.ts';
import { suppressionImport } from './suppression-import.ts';
import { testOnMeForm } from './test-on-me.ts';
import { token } from './token.ts';
import { webhook } from './webhook.ts';
import { workspaceSettings } from './workspace-settings.ts';

/** What happens when a modal is sent off; null for one that has nothing to send. */
export const MODALS: Record<ModalName, ModalHandler | null> = {
  notice: null,
  new_campaign: newCampaign,
  campaign_message: campaignMessage,
  campaign_calls: campaignCalls,
  campaign_settings: campaignSettings,
  assistant,
  calls: null,
  call: null,
  columns,
  import_file: importFile,
  dnc_import: suppressionImport,
  consent,
  erase_person: erasePerson,
  preflight,
  raise_budget: raiseBudget,
  schedule,
  approval_request: approvalRequest,
  approval_review: approvalReview,
  approval_reject: approvalReject,
  role,
  workspace_settings: workspaceSettings,
  law_override: lawOverride,
  token,
  webhook,
  reply,
  test_on_me: testOnMeForm,
};

/** Which field a setting is typed in, where its name is not the field's. */
const FIELD_OF_SETTING: Record<string, string> = {
  allowedHours: 'start',
  budgetLimitMicros: 'budget',
  enableVoicemailDetection: 'machines',
  detectionMode: 'machines',
  leaveVoicemail: 'onMachine',
  voicemailMessage: 'voicemail',
  mixedSettings: 'mixedDelay',
  retryPolicy: 'retry.no_answer',
};

/** What went wrong, under the field it is about where there is one; only fields can show errors (slack.md §2.4). */
export function problemAnswer(
  error: unknown,
  handler: ModalHandler,
  state: FormState,
  deps: Pick<Deps, 'log' | 'randomToken'>,
): SubmitAnswer {
  const errors = Object.entries(fieldErrors(error)).filter(([field]) => Object.hasOwn(state, field));
  if (errors.length > 0) return { kind: 'errors', errors: Object.fromEntries(errors) };
  const sentence = explain(error, deps);
  if (handler.problemField && Object.hasOwn(state, handler.problemField)) {
    return { kind: 'errors', errors: { [handler.problemField]: sentence } };
  }
  return { kind: 'show', view: sentenceView('This did not work', sentenceMessage(sentence)) };
}

function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Refusal)) return {};
  if (isCode(error, 'template_invalid')) {
    const { template = 'smsMessageTemplate', problem } = error.details;
    return { [BLOCK_OF_TEMPLATE[template]]: problem };
  }
  if (!isCode(error, 'settings_invalid')) return {};
  return Object.fromEntries(
    error.details.problems.map(({ field, sentence, ...problem }) => {
      const setting = 'setting' in problem ? String(problem.setting) : field;
      return [FIELD_OF_SETTING[setting] ?? setting, sentence];
    }),
  );
}

function isCode<C extends Refusal['code']>(refusal: Refusal, code: C): refusal is Refusal<C> {
  return refusal.code === code;
}
