import { WebClient, WebClientEvent } from '@slack/web-api';
import type { Log } from '#ports/log.ts';
import { slackLogger } from './logger.ts';

/** How the bot reaches its workspace. `apiUrl` is set for a stand-in only; `onThrottled` hears of every 429. */
export type SlackAccess = {
  botToken: string;
  apiUrl?: string | undefined;
  onThrottled?: (() => void) | undefined;
};

const INTERACTIVE_TIMEOUT_MS = 2500;
const BACKGROUND_TIMEOUT_MS = 10_000;
const WITHOUT_RETRIES = { retries: 0 };

/**
 * Two clients. `interactive` answers a person who waits and whose trigger lives 3 s; `background` is for jobs. Neither
 * queues nor repeats: a repeated post is a second message, and a 429 would hold up the whole queue (slack.md §1.4).
 */
export type SlackClients = { interactive: WebClient; background: WebClient };

/** Opens nothing; connections come with the first call. */
export function createClients(access: SlackAccess, log: Log): SlackClients {
  const shared = {
    ...(access.apiUrl ? { slackApiUrl: access.apiUrl } : {}),
    retryConfig: WITHOUT_RETRIES,
    rejectRateLimitedCalls: true,
    logger: slackLogger(log),
  };
  const open = (timeout: number) => {
    const client = new WebClient(access.botToken, { ...shared, timeout });
    return access.onThrottled ? client.on(WebClientEvent.RATE_LIMITED, access.onThrottled) : client;
  };
  return { interactive: open(INTERACTIVE_TIMEOUT_MS), background: open(BACKGROUND_TIMEOUT_MS) };
}
