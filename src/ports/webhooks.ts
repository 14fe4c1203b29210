import type { WebhookAnswer } from '#domain/webhook-delivery.ts';

export type WebhookRequest = { url: string; headers: Record<string, string>; body: string };

/**
 * The way out to addresses that customers name. It leads to no private network, whatever a name is looked up to, follows
 * no redirect, waits ten seconds at most and reads no more of an answer than it keeps.
 */
export type WebhookDoor = {
  /** The address as it is kept, or why nothing may be sent there, as a sentence. Looks its name up. */
  check(url: string): Promise<{ ok: true; url: string } | { ok: false; problem: string }>;
  /** Sends once. Never throws: what goes wrong is an answer too. */
  post(request: WebhookRequest): Promise<WebhookAnswer>;
  close(): Promise<void>;
};
