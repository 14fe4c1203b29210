import type { ChatPlace } from './chat.ts';

/** Every background task and what it is told. A task is a row in the same transaction as the change that caused it. */
export type Tasks = {
  dispatch_campaign: { campaignId: number };
  merge_provider_events: Record<string, never>;
  look_at_attempts: Record<string, never>;
  recover: Record<string, never>;
  purge: Record<string, never>;
  import_contacts: { importId: number };
  tell_import: { importId: number };
  refresh_card: { campaignId: number };
  send_post: { postId: number };
  /** `place` is where the file goes instead of the campaign's thread. */
  send_results: { campaignId: number; place?: ChatPlace };
  handle_delivery: { deliveryId: number };
};
export type TaskName = keyof Tasks;

/**
 * When and how a task runs. `key`: one waiting task per key. `at`: a product instant. `keep`: `earliest` leaves a waiting
 * task of this key where it is, so a burst becomes one run; `latest` moves it to the new time.
 */
export type TaskOptions = { key?: string; at?: Date; keep?: 'earliest' | 'latest'; maxTries?: number };
