import type { Hono } from 'hono';
import type { RecordProviderEvents } from '#operations/event-recorder.ts';
import type { Telephony } from '#ports/telephony.ts';
import { statusCallbackUrl } from './twilio/callback-address.ts';
import { createTwilio } from './twilio/twilio.ts';
import { twilioWebhooks } from './twilio/webhooks.ts';

/**
 * What a carrier is reached with. `secrets` verify its webhooks: the first one also signs our requests, the others are
 * still honoured while a secret is being changed. `apiUrl` is for a stand-in on this machine only.
 */
export type ProviderSettings = {
  accountId: string;
  secrets: readonly [string, ...string[]];
  apiUrl: string | null;
  publicUrl: string;
  timeoutMs: number;
};

export type Provider = {
  telephony: Telephony & { close(): void };
  /** The routes the carrier calls, with their full paths. The recorder needs the telephony, so it comes afterwards. */
  webhooks(record: RecordProviderEvents): Hono;
};

/** Every carrier there is. The contract suite runs over this record. */
export const PROVIDERS = {
  twilio: ({ accountId, secrets, apiUrl, publicUrl, timeoutMs }: ProviderSettings): Provider => ({
    telephony: createTwilio({
      accountSid: accountId,
      authToken: secrets[0],
      apiUrl,
      statusCallbackUrl: (token) => statusCallbackUrl(publicUrl, token),
      timeoutMs,
    }),
    webhooks: (record) => twilioWebhooks({ authTokens: secrets, accountSid: accountId, publicUrl, record }),
  }),
} satisfies Record<string, (settings: ProviderSettings) => Provider>;

export type ProviderName = keyof typeof PROVIDERS;
