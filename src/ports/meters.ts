import type { AttemptOutcome } from '#domain/attempt.ts';

/** A request to a carrier, and what it came to, in the adapter's words. */
export type ProviderRequest = {
  request: string;
  result: string;
  /** Real ones, whatever the product's time does. */
  seconds: number;
};

export type HttpAnswer = {
  method: string;
  /** The pattern of the address, never the address itself. */
  route: string;
  status: number;
  seconds: number;
};

/**
 * What operators count in one process. No number, name or id of anybody may come here: it would become a label that
 * everybody who watches the product sees. Never throws.
 */
export type Meters = {
  attemptEnded(channel: 'call' | 'sms', outcome: AttemptOutcome): void;
  providerAsked(asked: ProviderRequest): void;
  slackThrottled(): void;
  requestAnswered(answer: HttpAnswer): void;
};

/** What stands in the database at this moment: due and later tasks, those given up, and campaigns that run. */
export type Workload = {
  dueTasks: number;
  laterTasks: number;
  givenUpTasks: number;
  /** How long the oldest due task has waited for a worker. */
  oldestDueSeconds: number;
  runningCampaigns: number;
};
