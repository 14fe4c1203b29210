import type { Exchange } from '#sandbox/carrier/exchange.ts';
import type { DetectionSettings } from './call-book.ts';
import { after } from './timers.ts';

export type Verdict =
  | 'human'
  | 'machine_start'
  | 'machine_end_beep'
  | 'machine_end_silence'
  | 'machine_end_other'
  | 'fax'
  | 'unknown';

/** Silence after a greeting without a beep, before the greeting counts as over. */
const SILENCE_AFTER_GREETING_MS = 2_000;
const FAX_TONE_MS = 3_000;

/**
 * Answering-machine detection as the carrier does it: somebody who speaks longer than the threshold is a machine, a
 * short word followed by silence a human; nothing heard at all is `unknown` (telephony.md §2). It listens from the moment
 * of the answer and gives exactly one verdict.
 */
export class Detection {
  readonly #exchange: Exchange;
  readonly #settings: DetectionSettings;
  readonly #onVerdict: (verdict: Verdict) => void;
  #next: (() => void) | null = null;
  readonly #giveUp: () => void;
  #isMachine = false;
  #isOver = false;

  constructor(exchange: Exchange, settings: DetectionSettings, onVerdict: (verdict: Verdict) => void) {
    this.#exchange = exchange;
    this.#settings = settings;
    this.#onVerdict = onVerdict;
    this.#giveUp = after(exchange, settings.timeoutSeconds * 1_000, () => this.#timeOut());
    this.#await(settings.silenceTimeout, 'unknown');
  }

  /** The far end begins to speak, for this long; a machine's greeting may end with a beep, which is waited for. */
  hear(naturalMs: number, endsWithBeep: boolean): void {
    const { speechThreshold, speechEndThreshold, waitsForMessageEnd } = this.#settings;
    if (naturalMs < speechThreshold && !this.#isMachine) {
      this.#await(naturalMs + speechEndThreshold, 'human');
      return;
    }
    this.#isMachine = true;
    if (!waitsForMessageEnd) this.#await(speechThreshold, 'machine_start');
    else if (endsWithBeep) this.#callOff();
    else this.#await(naturalMs + SILENCE_AFTER_GREETING_MS, 'machine_end_silence');
  }

  /** Means something only after words that were too long for a person. */
  beep(): void {
    if (this.#settings.waitsForMessageEnd && this.#isMachine) this.#give('machine_end_beep');
  }

  hearFax(): void {
    this.#await(FAX_TONE_MS, 'fax');
  }

  /** The call is over: whoever waits for the verdict hears that there is none. */
  close(): void {
    this.#give('unknown');
  }

  #timeOut(): void {
    this.#give(this.#isMachine ? 'machine_end_other' : 'unknown');
  }

  #await(naturalMs: number, verdict: Verdict): void {
    if (this.#isOver) return;
    this.#callOff();
    this.#next = after(this.#exchange, naturalMs * this.#exchange.options.latency.pace, () =>
      this.#give(verdict),
    );
  }

  #callOff(): void {
    this.#next?.();
    this.#next = null;
  }

  #give(verdict: Verdict): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#callOff();
    this.#giveUp();
    this.#onVerdict(verdict);
  }
}
