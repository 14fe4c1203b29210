import { WebAPIPlatformError, WebClient, type WebClientOptions } from '@slack/web-api';
import { BOT_TOKEN, type SlackDriver } from '#support/slack.ts';

const nothing = () => undefined;
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => 'error',
  setName: nothing,
} as unknown as NonNullable<WebClientOptions['logger']>;

/** Slack's own client, without its retries and its log. */
export function webClient(
  slack: SlackDriver,
  token: string | undefined = BOT_TOKEN,
  options: WebClientOptions = {},
): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
    ...options,
  });
}

/** What Slack said no with; fails when it said yes. */
export async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await call.then(
    () => new Error('The call was not refused.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof WebAPIPlatformError) return error.data as unknown as Record<string, unknown>;
  throw error;
}

export async function refusalCode(call: Promise<unknown>): Promise<unknown> {
  return (await refusal(call)).error;
}
