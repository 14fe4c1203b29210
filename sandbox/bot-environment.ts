import { randomBytes } from 'node:crypto';
import type { ClockSetting } from './product-clock.ts';

/** What the bot and the stand-ins share; new at every start, because nobody else may have it. */
export type Credentials = {
  slackBotToken: string;
  slackSigningSecret: string;
  twilioAccountSid: string;
  twilioAuthToken: string;
};

/** The account and the number stay the same: what was sent keeps its sender. */
const ACCOUNT_SID = `AC${'0'.repeat(31)}1`;
export const BOT_PHONE_NUMBER = '+12025550100';

/** Nothing else of this machine's settings reaches the bot: it must not meet a real account by accident. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'LOG_LEVEL'] as const;

export function newCredentials(): Credentials {
  return {
    slackBotToken: `xoxb-sandbox-${randomBytes(16).toString('hex')}`,
    slackSigningSecret: randomBytes(16).toString('hex'),
    twilioAccountSid: ACCOUNT_SID,
    twilioAuthToken: randomBytes(16).toString('hex'),
  };
}

export type BotPlace = { databaseUrl: string; botPort: number; standInsUrl: string; dataDir: string };

export function botEnvironment(
  place: BotPlace,
  credentials: Credentials,
  clock: ClockSetting,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const passedOn = PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return {
    ...Object.fromEntries(passedOn),
    DATABASE_URL: place.databaseUrl,
    DATA_DIR: place.dataDir,
    PORT: String(place.botPort),
    PUBLIC_URL: botUrl(place.botPort),
    SLACK_BOT_TOKEN: credentials.slackBotToken,
    SLACK_SIGNING_SECRET: credentials.slackSigningSecret,
    SLACK_API_URL: `${place.standInsUrl}/api/`,
    TWILIO_ACCOUNT_SID: credentials.twilioAccountSid,
    TWILIO_AUTH_TOKEN: credentials.twilioAuthToken,
    TWILIO_PHONE_NUMBER: BOT_PHONE_NUMBER,
    TWILIO_API_URL: place.standInsUrl,
    SANDBOX_CLOCK: `${clock.realEpochMs},${clock.productEpochMs},${clock.speed}`,
  };
}

export function botUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
