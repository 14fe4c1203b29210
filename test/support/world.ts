import { startApp } from '#app.ts';
import { sandboxClock } from '#clock.ts';
import { readConfig } from '#config.ts';
import { secret } from '#domain/secret.ts';
import type { Log } from '#ports/log.ts';
import { ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBERS, startCarrier } from './carrier.ts';
import { createTestDatabase } from './database.ts';
import { NOON } from './engine.ts';
import { freePort } from './free-port.ts';
import { BOT_TOKEN, SIGNING_SECRET, startSlack } from './slack.ts';

export type WorldOptions = {
  speed?: number;
  /** Waits for machines are so many times shorter; see `ClockSetting`. */
  haste?: number;
  startAt?: Date;
  slack?: Parameters<typeof startSlack>[0];
  log?: Log;
  /** The carrier's own ways: how long things take there, its seed. */
  carrier?: Parameters<typeof startCarrier>[0];
  callsPerSecond?: number;
  env?: Record<string, string>;
};

/** What was logged as a warning or worse, for a test that wants to see what went wrong. */
function listeningLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (fields: object, message: string) => {
    lines.push(
      `${level} ${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? value.stack : value))}`,
    );
  };
  return { lines, debug() {}, info() {}, warn: keep('warn'), error: keep('error') };
}

/**
 * The whole product as production starts it, between a stand-in Slack and a stand-in carrier, over HTTP. Product time
 * begins at noon in New York and runs at `speed`.
 */
export async function startWorld(options: WorldOptions = {}) {
  const database = await createTestDatabase();
  const clockSetting = {
    realEpochMs: Date.now(),
    productEpochMs: (options.startAt ?? NOON).getTime(),
    speed: options.speed ?? 1,
    haste: options.haste ?? 1,
  };
  const clock = sandboxClock(clockSetting);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const carrier = await startCarrier({
    clock: { now: () => clock.now().getTime(), speed: clockSetting.speed },
    ...options.carrier,
  });
  carrier.deliverTo(`${publicUrl}/twilio/sms#rc=5&rp=all`);
  carrier.putThroughTo(`${publicUrl}/twilio/voice#rc=5&rp=all`);
  const slack = await startSlack(options.slack);
  slack.pointAt(`${publicUrl}/slack/events`);
  const log = options.log ?? listeningLog();
  const config = readConfig({
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slack.apiUrl,
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_PHONE_NUMBER: OUR_NUMBERS.first,
    TWILIO_API_URL: carrier.url,
    TWILIO_CALLS_PER_SECOND: String(options.callsPerSecond ?? 1),
    ...options.env,
    SANDBOX_CLOCK: `${clockSetting.realEpochMs},${clockSetting.productEpochMs},${clockSetting.speed},${clockSetting.haste}`,
  });
  const app = await startApp({ ...config, databaseUrl: secret(database.url) }, { log });
  return {
    app,
    carrier,
    clock,
    /** For another process of the same deployment. */
    config: { ...config, databaseUrl: secret(database.url) },
    database,
    log: log as Log & { lines?: string[] },
    slack,
    async close() {
      await app.stop();
      await slack.close();
      await carrier.stop();
    },
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;
