import type { ChatPlace } from './chat.ts';

/** Every background task and what it is told. A task is a row in the same transaction as the change that caused it. */
export type Tasks = {
  dispatch_campaign: { campaignId: number };
  /** Starts the run of a scheduled campaign that has fallen due, or skips it while another still goes on. */
  start_due: { campaignId: number };
  merge_provider_events: Record<string, never>;
  look_at_attempts: Record<string, never>;
  recover: Record<string, never>;
  purge: Record<string, never>;
  import_contacts: { importId: number };
  tell_import: { importId: number };
  refresh_card: { campaignId: number };
  /** Works out what a run that has begun is expected to cost. */
  estimate_run: { campaignId: number };
  send_post: { postId: number };
  /** Draws the message of a request for approval again. */
  refresh_approval: { approvalId: number };
  /** `place` is where the file goes instead of the campaign's thread. */
  send_results: { campaignId: number; place?: ChatPlace };
  /** Hands the evidence of a campaign to one person. */
  send_evidence: { campaignId: number; place: ChatPlace };
  handle_delivery: { deliveryId: number };
  /** Carries out what a machine's verdict asks for on a running call. */
  act_on_verdict: { callId: number };
  /** Takes back calls of a campaign that nobody may want any more and nobody has answered. */
  take_back_calls: { campaignId: number };
  /** Ends a call at the provider that no attempt of ours owns: a second one to the same person. */
  end_stray_call: { ref: string };
  /** Works up the end of a call: summary, result, and the thread where it is worth a person's attention. */
  finish_call: { callId: number };
  /** Draws the running conversation of a call that somebody listens in to. */
  draw_transcript: { callId: number };
  /** Deletes recordings that nobody may keep any longer, at the provider first. */
  delete_recordings: Record<string, never>;
  /** Removes what a deleted campaign knew, and all of it once what it did to people no longer counts. */
  remove_campaign: { campaignId: number };
  /** Loads a file into the do-not-call list, or goes on with it. */
  import_suppressions: { importId: number };
  /** Erases the person of an erasure that was asked for. */
  erase_person: { lookup: string };
  /** Hands the do-not-call list to one person. */
  send_suppressions: { workspaceId: number; place: ChatPlace };
  /** Has what the database wrote down for webhooks sent; a trigger adds it. */
  notice_webhook_events: Record<string, never>;
  /** Sends a webhook what is due. */
  deliver_webhook: { webhookId: number };
};
export type TaskName = keyof Tasks;

/**
 * When and how a task runs. `key`: one waiting task per key. `at`: a product instant. `keep`: `earliest` leaves a waiting
 * task of this key where it is, so a burst becomes one run; `latest` moves it to the new time.
 */
export type TaskOptions = { key?: string; at?: Date; keep?: 'earliest' | 'latest'; maxTries?: number };
