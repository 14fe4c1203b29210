import type { Meters } from '#ports/meters.ts';

/** Counts nothing. */
export const noMeters: Meters = {
  attemptEnded() {},
  providerAsked() {},
  slackThrottled() {},
  requestAnswered() {},
};
