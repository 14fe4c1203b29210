import type { App, Receiver } from '@slack/bolt';
import type { SocketModeClient } from '@slack/socket-mode';
import type { Log } from '#ports/log.ts';
import { failureCode } from './errors.ts';
import type { Intake, SlackBody } from './intake.ts';
import { slackLogger } from './logger.ts';

export type SocketReceiverOptions = {
  intake: Intake;
  appToken: string;
  apiUrl?: string | undefined;
  log: Log;
};

type Envelope = { body: SlackBody; ack(response?: unknown): Promise<void> };

const FIRST_RECONNECT_MS = 500;
const LONGEST_RECONNECT_MS = 30_000;

/** The same way in over Slack's WebSocket, for a bot without a public address. */
export class SocketReceiver implements Receiver {
  readonly #options: SocketReceiverOptions;
  #client: SocketModeClient | null = null;
  #isStopping = false;
  #reconnect: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: SocketReceiverOptions) {
    this.#options = options;
  }

  init(app: App): void {
    this.#options.intake.connect(app);
  }

  /** Resolves when the first attempt is over; an attempt that failed is repeated until one succeeds. */
  async start(): Promise<void> {
    this.#isStopping = false;
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#reconnect);
    await this.#options.intake.settle();
    await this.#client?.disconnect();
  }

  async #connect(): Promise<void> {
    try {
      this.#client ??= await this.#open();
      await this.#client.start();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#options.log.warn({ code: failureCode(error), failures: this.#failures }, 'no socket to Slack');
      this.#connectLater();
    }
  }

  /** Its client is loaded here, because it brings an HTTP library of its own that delivery by HTTP does without. */
  async #open(): Promise<SocketModeClient> {
    const { SocketModeClient } = await import('@slack/socket-mode');
    const { appToken, apiUrl, log } = this.#options;
    const client = new SocketModeClient({
      appToken,
      // Its own reconnection leaves a rejected promise unheard when Slack cannot be reached, which ends the process.
      autoReconnectEnabled: false,
      logger: slackLogger(log),
      clientOptions: {
        retryConfig: { retries: 0 },
        timeout: 10_000,
        ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
      },
    });
    client.on('slack_event', (envelope: Envelope) => void this.#receive(envelope));
    client.on('disconnected', () => this.#connectLater());
    return client;
  }

  #connectLater(): void {
    if (this.#isStopping || this.#reconnect) return;
    const delay = Math.min(LONGEST_RECONNECT_MS, FIRST_RECONNECT_MS * 2 ** Math.min(this.#failures, 10));
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined;
      if (!this.#isStopping) void this.#connect();
    }, delay);
  }

  /** No acknowledgement when it went wrong: Slack then tells the person, and sends an event again. */
  async #receive({ body, ack }: Envelope): Promise<void> {
    try {
      const answer = await this.#options.intake.answer(body);
      if (answer.status !== 200) return;
      await ack(answer.body);
    } catch (error) {
      this.#options.log.warn({ code: failureCode(error) }, 'a Slack envelope could not be acknowledged');
    }
  }
}
