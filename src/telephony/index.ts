import { Hono } from 'hono';
import type { RecordProviderEvents } from '#operations/event-recorder.ts';
import type { CallDesk } from '#ports/call-flow.ts';
import type { OpenConversation } from '#ports/conversation.ts';
import type { Log } from '#ports/log.ts';
import type { Telephony } from '#ports/telephony.ts';
import { callWebhooks } from './twilio/call-webhooks.ts';
import { relayRoutes } from './twilio/relay.ts';
import { createTwilio } from './twilio/twilio.ts';
import { twilioWebhooks } from './twilio/webhooks.ts';

/**
 * What a carrier is reached with. `secrets` verify its webhooks: the first one also signs our requests, the others are
 * still honoured while a secret is being changed. `apiUrl` is for a stand-in on this machine only. `callsPerSecond`: how
 * many calls the account may start.
 */
export type ProviderSettings = {
  accountId: string;
  secrets: readonly [string, ...string[]];
  apiUrl: string | null;
  publicUrl: string;
  callsPerSecond: number;
  timeoutMs: number;
};

/** Who answers while a call runs: what is to be done next, and who talks. */
export type CallEdge = { desk: CallDesk; converse: OpenConversation; log: Log };

export type Provider = {
  telephony: Telephony & { close(): void };
  /** The routes the carrier calls, with their full paths. The recorder needs the telephony, so it comes afterwards. */
  webhooks(record: RecordProviderEvents, calls: CallEdge): Hono;
};

/** Every carrier there is. The contract suite runs over this record. */
export const PROVIDERS = {
  twilio: ({
    accountId,
    secrets,
    apiUrl,
    publicUrl,
    callsPerSecond,
    timeoutMs,
  }: ProviderSettings): Provider => ({
    telephony: createTwilio({
      accountSid: accountId,
      authToken: secrets[0],
      apiUrl,
      publicUrl,
      callsPerSecond,
      timeoutMs,
    }),
    webhooks: (record, { desk, converse, log }) => {
      const check = { authTokens: secrets, accountSid: accountId, publicUrl };
      return new Hono()
        .route('/', twilioWebhooks({ ...check, record }))
        .route('/', callWebhooks({ ...check, record, desk, log }))
        .route('/', relayRoutes({ ...check, converse, log }));
    },
  }),
} satisfies Record<string, (settings: ProviderSettings) => Provider>;

export type ProviderName = keyof typeof PROVIDERS;
