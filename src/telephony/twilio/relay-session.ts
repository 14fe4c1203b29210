import { setTimeout as startTimer } from 'node:timers';
import type { ConversationListener, ConversationTransport, OpenConversation } from '#ports/conversation.ts';
import type { Log } from '#ports/log.ts';
import { type RelayFrame, readFrame, type SetupFrame } from './relay-frames.ts';

/** The socket below a session: `buffered` bytes of what was sent have not left yet. */
export type RelayLine = {
  send(frame: string): void;
  buffered(): number;
  close(code: number, reason: string): void;
  terminate(): void;
};

export type RelayLimits = {
  /** From the handshake to the `setup`, in real time, as everything here (telephony.md §4, “Upgrade gate”). */
  setupWithinMs: number;
  /** From the `setup` until we know whose conversation it is. */
  openWithinMs: number;
  /** From our `end` until Twilio has closed the socket. */
  endWithinMs: number;
  framesPerSecond: number;
  framesAtOnce: number;
  mostBufferedBytes: number;
};

export type SessionOptions = {
  accountSid: string;
  converse: OpenConversation;
  log: Log;
  limits: RelayLimits;
};

type HeardFrame = Extract<RelayFrame, { kind: 'heard' }>;

const CLOSE = { done: 1000, refused: 1008, broken: 1011 } as const;
/** A reason is 123 bytes at most (RFC 6455 §5.5.1), and a character up to three. */
const LONGEST_REASON = 41;

/**
 * One session of ConversationRelay on one socket. It begins with Twilio's `setup`, belongs to a listener once
 * `converse` has found one, and ends when the socket is gone, which the listener is told exactly once. What is heard
 * before there is a listener waits for it.
 */
export class RelaySession {
  readonly #line: RelayLine;
  readonly #options: SessionOptions;
  readonly #frames: FrameBudget;
  #listener: ConversationListener | null = null;
  #early: HeardFrame[] = [];
  #ref: string | null = null;
  #hasEnded = false;
  #isClosing = false;
  #isGone = false;
  #timer: NodeJS.Timeout;

  constructor(line: RelayLine, options: SessionOptions) {
    this.#line = line;
    this.#options = options;
    this.#frames = createFrameBudget(options.limits);
    this.#timer = startTimer(() => this.#refuse('no setup in time'), options.limits.setupWithinMs);
  }

  /** Takes a frame as it came from the socket. */
  receive(data: unknown): void {
    if (this.#isClosing || this.#isGone) return;
    const frame = this.#frames.take() ? readFrame(data) : 'too many frames';
    if (frame === null) this.#refuse('not a frame');
    else if (typeof frame === 'string') this.#refuse(frame);
    else if (this.#ref === null) this.#begin(frame);
    else if (frame.kind === 'heard') this.#hear(frame);
  }

  /** The socket is gone, whoever closed it. */
  lost(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#timer);
    if (this.#listener) this.#tell((listener) => listener.onClose());
  }

  #begin(frame: RelayFrame): void {
    const problem = problemOf(frame, this.#options.accountSid);
    if (problem !== null || frame.kind !== 'setup') {
      this.#refuse(problem ?? 'no setup');
      return;
    }
    this.#ref = frame.setup.ref;
    this.#restartTimer(this.#options.limits.openWithinMs, () =>
      this.#break('a conversation did not open in time'),
    );
    void this.#open(frame.setup);
  }

  #hear(frame: HeardFrame): void {
    if (this.#listener) this.#tell(frame.tell);
    else this.#early.push(frame);
  }

  async #open({ nonce, ref, sessionRef, from, to }: SetupFrame): Promise<void> {
    const listener = await this.#ask({ nonce, ref, sessionRef, from, to });
    if (listener === 'failed') return;
    if (!this.#hasEnded) clearTimeout(this.#timer);
    if (!listener) {
      this.#refuse('nobody waits for this session');
      return;
    }
    this.#listener = listener;
    for (const { tell } of this.#early.splice(0)) {
      if (!this.#isClosing) this.#tell(tell);
    }
    if (this.#isGone) this.#tell((opened) => opened.onClose());
  }

  async #ask(opening: Parameters<OpenConversation>[0]): Promise<ConversationListener | null | 'failed'> {
    try {
      return await this.#options.converse(opening, this.#transport());
    } catch (cause) {
      this.#break('the conversation could not open', cause);
      return 'failed';
    }
  }

  #transport(): ConversationTransport {
    return {
      say: (text, { isLast }) => {
        if (text !== '' || isLast) this.#send({ type: 'text', token: text, last: isLast });
      },
      sendDigits: (digits) => {
        const keys = digits.replace(/[^0-9w#*]/g, '');
        if (keys !== '') this.#send({ type: 'sendDigits', digits: keys });
      },
      end: (handoff) => {
        this.#send({ type: 'end', handoffData: handoff });
        this.#hasEnded = true;
        this.#restartTimer(this.#options.limits.endWithinMs, () => this.#close(CLOSE.done, 'ended'));
      },
      close: (reason) => this.#refuse(reason),
    };
  }

  /** A line that takes nothing any more is dropped: what piles up would never be heard in time. */
  #send(frame: object): void {
    if (this.#isGone || this.#isClosing || this.#hasEnded) return;
    if (this.#line.buffered() <= this.#options.limits.mostBufferedBytes) {
      this.#line.send(JSON.stringify(frame));
      return;
    }
    this.#isClosing = true;
    this.#options.log.warn(
      { reference: this.#ref },
      'a conversation was dropped: its line takes nothing any more',
    );
    this.#line.terminate();
  }

  #tell(tell: (listener: ConversationListener) => void): void {
    try {
      if (this.#listener) tell(this.#listener);
    } catch (cause) {
      this.#break('a conversation broke', cause);
    }
  }

  #refuse(reason: string): void {
    if (this.#isGone || this.#isClosing) return;
    this.#options.log.warn({ reference: this.#ref, reason }, 'a conversation was refused');
    this.#close(CLOSE.refused, reason);
  }

  #break(problem: string, cause?: unknown): void {
    this.#options.log.error({ reference: this.#ref, cause }, problem);
    this.#close(CLOSE.broken, 'something went wrong');
  }

  #close(code: number, reason: string): void {
    if (this.#isGone || this.#isClosing) return;
    this.#isClosing = true;
    this.#early = [];
    clearTimeout(this.#timer);
    this.#line.close(code, reason.slice(0, LONGEST_REASON));
  }

  #restartTimer(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#isGone && !this.#isClosing) this.#timer = startTimer(then, ms);
  }
}

function problemOf(frame: RelayFrame, accountSid: string): string | null {
  if (frame.kind !== 'setup') return 'no setup';
  if (frame.setup.accountSid !== accountSid) return 'another account';
  return frame.setup.ref === '' || frame.setup.nonce === '' ? 'no call' : null;
}

type FrameBudget = { take(): boolean };

/** Frames that may still come: refilled by the second, never above what may come at once. */
function createFrameBudget({ framesPerSecond, framesAtOnce }: RelayLimits): FrameBudget {
  let left = framesAtOnce;
  let filledAt = performance.now();
  return {
    take() {
      const now = performance.now();
      left = Math.min(framesAtOnce, left + ((now - filledAt) / 1_000) * framesPerSecond);
      filledAt = now;
      left -= 1;
      return left >= 0;
    },
  };
}
