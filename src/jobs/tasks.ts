import { actOnVerdict } from '#operations/act-on-verdict.ts';
import { deleteRecordingsNow } from '#operations/delete-recordings.ts';
import { deliverWebhook } from '#operations/deliver-webhook.ts';
import type { Deps } from '#operations/deps.ts';
import { dispatchCampaign } from '#operations/dispatch-campaign.ts';
import { drawTranscript } from '#operations/draw-transcript.ts';
import { endStrayCall } from '#operations/end-stray-call.ts';
import { erasePerson } from '#operations/erase-person.ts';
import { estimateRun } from '#operations/estimate-run.ts';
import { finishCall } from '#operations/finish-call.ts';
import { handleDelivery } from '#operations/handle-delivery.ts';
import { importSuppressions } from '#operations/import-suppressions.ts';
import { lookAtAttempts } from '#operations/look-at-attempts.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import { noticeWebhookEvents } from '#operations/notice-webhook-events.ts';
import { purge } from '#operations/purge.ts';
import { recover } from '#operations/recover.ts';
import { refreshApproval } from '#operations/refresh-approval.ts';
import { refreshCard } from '#operations/refresh-card.ts';
import { removeCampaign } from '#operations/remove-campaign.ts';
import { runImport } from '#operations/run-import.ts';
import { sendEvidence } from '#operations/send-evidence.ts';
import { sendPost } from '#operations/send-post.ts';
import { sendResults } from '#operations/send-results.ts';
import { sendSuppressions } from '#operations/send-suppressions.ts';
import { startDue } from '#operations/start-due.ts';
import { takeBackCalls } from '#operations/take-back-calls.ts';
import { tellImport } from '#operations/tell-import.ts';
import type { HandleChatDelivery } from '#ports/chat.ts';
import type { TaskName, Tasks } from '#ports/tasks.ts';

/** What a worker runs its tasks with: the collaborators, and the chat edge's way to handle a stored delivery. */
export type JobDeps = { deps: Deps; handleChatDelivery: HandleChatDelivery };

/** Task name → the verb that does it. `signal` tells long ones that the process is to end. */
export const TASKS: {
  [T in TaskName]: (jobs: JobDeps, payload: Tasks[T], signal?: AbortSignal) => Promise<void>;
} = {
  dispatch_campaign: ({ deps }, payload) => dispatchCampaign(deps, payload),
  start_due: ({ deps }, payload) => startDue(deps, payload),
  merge_provider_events: ({ deps }) => mergeProviderEvents(deps),
  look_at_attempts: ({ deps }) => lookAtAttempts(deps),
  recover: ({ deps }) => recover(deps),
  purge: ({ deps }) => purge(deps),
  import_contacts: ({ deps }, payload, signal) => runImport(deps, payload, signal),
  tell_import: ({ deps }, payload) => tellImport(deps, payload),
  estimate_run: ({ deps }, payload) => estimateRun(deps, payload),
  refresh_card: ({ deps }, payload) => refreshCard(deps, payload),
  send_post: ({ deps }, payload) => sendPost(deps, payload),
  refresh_approval: ({ deps }, payload) => refreshApproval(deps, payload),
  send_evidence: ({ deps }, payload) => sendEvidence(deps, payload),
  send_results: ({ deps }, payload) => sendResults(deps, payload),
  act_on_verdict: ({ deps }, payload) => actOnVerdict(deps, payload),
  take_back_calls: ({ deps }, payload) => takeBackCalls(deps, payload),
  finish_call: ({ deps }, payload) => finishCall(deps, payload),
  end_stray_call: ({ deps }, payload) => endStrayCall(deps, payload),
  draw_transcript: ({ deps }, payload) => drawTranscript(deps, payload),
  delete_recordings: ({ deps }) => deleteRecordingsNow(deps),
  remove_campaign: ({ deps }, payload) => removeCampaign(deps, payload),
  import_suppressions: ({ deps }, payload, signal) => importSuppressions(deps, payload, signal),
  erase_person: ({ deps }, payload) => erasePerson(deps, payload),
  send_suppressions: ({ deps }, payload) => sendSuppressions(deps, payload),
  notice_webhook_events: ({ deps }) => noticeWebhookEvents(deps),
  deliver_webhook: ({ deps }, payload, signal) => deliverWebhook(deps, payload, signal),
  handle_delivery: ({ deps, handleChatDelivery }, payload) =>
    handleDelivery(deps, handleChatDelivery, payload),
};
