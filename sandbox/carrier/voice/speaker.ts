import { delayIn, type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import type { PhoneCallLine } from '#sandbox/page-protocol.ts';
import type { Call } from './call-book.ts';
import { addLine, changeLine } from './lines.ts';
import { after, speakingMs } from './timers.ts';

/** What may cut a sentence off. */
export type Interruptible = 'none' | 'dtmf' | 'speech' | 'any';

export type Words = {
  token: string;
  isLast: boolean;
  interruptible: Interruptible;
  /** The next message may cut this one off. */
  isPreemptible: boolean;
  /** Spoken words are reported when they were played, keys and music are not. */
  kind: 'greeting' | 'text' | 'play' | 'digits';
};

/** `heard`: as much of the message as reached the contact. */
export type Cut = { heard: string; durationMs: number };

export type SpeakerHooks = {
  /** The silence ends. */
  starts(): void;
  /** The first words of a message are being said. */
  begins(kind: Words['kind']): void;
  played(text: string): void;
  /** Silence. */
  stops(): void;
  /** Everything there was to say has been said, and no message is unfinished. */
  turnEnds(): void;
};

type Message = {
  line: PhoneCallLine | null;
  heard: string;
  startedAt: number;
  interruptible: Interruptible;
  isPreemptible: boolean;
  kind: Words['kind'];
};
type Clause = { message: Message; text: string };
type Playing = Clause & { startedAt: number; durationMs: number; cancel: () => void };

const MUSIC_MS = 2_000;

/** Speaks what it is given, clause by clause at the pace of speech, until it is cut off. */
export class Speaker {
  readonly #exchange: Exchange;
  readonly #call: Call;
  readonly #hooks: SpeakerHooks;
  #queue: Clause[] = [];
  #message: Message | null = null;
  #buffer = '';
  #playing: Playing | null = null;
  #warmUp: (() => void) | null = null;

  constructor(exchange: Exchange, call: Call, hooks: SpeakerHooks) {
    this.#exchange = exchange;
    this.#call = call;
    this.#hooks = hooks;
  }

  get isSpeaking(): boolean {
    return this.#playing !== null;
  }

  /** What may cut off the words being spoken; anything, while nothing is. */
  get interruptible(): Interruptible {
    return this.#playing?.message.interruptible ?? 'any';
  }

  say(words: Words): void {
    const isNew = this.#message === null;
    this.#message ??= {
      line: null,
      heard: '',
      startedAt: 0,
      interruptible: words.interruptible,
      isPreemptible: words.isPreemptible,
      kind: words.kind,
    };
    if (isNew && this.#playing?.message.isPreemptible) this.#purge();
    const message = this.#message;
    const { clauses, rest } = clausesOf(this.#buffer + words.token, words.isLast);
    this.#buffer = rest;
    this.#queue.push(...clauses.map((text) => ({ message, text })));
    if (words.isLast) {
      this.#message = null;
      this.#buffer = '';
    }
    if (!this.isSpeaking && this.#queue.length > 0) this.#begin();
    else if (!this.isSpeaking && words.isLast && !this.#warmUp) this.#hooks.turnEnds();
  }

  /** Silence at once: everything that waited is gone too. Null when nothing was being said. */
  cut(): Cut | null {
    const cut = this.#purge();
    this.#message = null;
    this.#buffer = '';
    if (cut) this.#hooks.stops();
    return cut;
  }

  #purge(): Cut | null {
    this.#warmUp?.();
    this.#warmUp = null;
    this.#queue = [];
    const playing = this.#playing;
    if (!playing) return null;
    playing.cancel();
    this.#playing = null;
    const { message } = playing;
    const now = nowOf(this.#exchange);
    const share = playing.durationMs > 0 ? (now - playing.startedAt) / playing.durationMs : 1;
    const heard = message.heard + wordsOf(playing.text, share);
    if (message.line) {
      const text = heard.trim();
      changeLine(this.#exchange, this.#call, message.line, { text, isSpeaking: false, isCut: true });
    }
    return { heard: heard.trim(), durationMs: Math.max(0, Math.round(now - message.startedAt)) };
  }

  #begin(): void {
    if (this.#warmUp) return;
    const { greeting, speechStart } = this.#exchange.options.latency;
    const span = this.#queue[0]?.message.kind === 'greeting' ? greeting : speechStart;
    this.#warmUp = after(this.#exchange, delayIn(this.#exchange, span), () => {
      this.#warmUp = null;
      const clause = this.#queue.shift();
      if (!clause) return;
      this.#hooks.starts();
      this.#play(clause);
    });
  }

  #play({ message, text }: Clause): void {
    if (message.heard === '') message.startedAt = nowOf(this.#exchange);
    const durationMs =
      message.kind === 'play'
        ? MUSIC_MS * this.#exchange.options.latency.pace
        : speakingMs(this.#exchange, text);
    const cancel = after(this.#exchange, durationMs, () => this.#finish());
    this.#playing = { message, text, startedAt: nowOf(this.#exchange), durationMs, cancel };
    const spoken = (message.heard + text).trim();
    if (message.line)
      changeLine(this.#exchange, this.#call, message.line, { text: spoken, isSpeaking: true });
    else {
      const who = message.kind === 'digits' ? 'keys' : 'assistant';
      message.line = addLine(this.#exchange, this.#call, { who, text: spoken, isSpeaking: true });
      this.#hooks.begins(message.kind);
    }
  }

  #finish(): void {
    const playing = this.#playing;
    if (!playing) return;
    const { message, text } = playing;
    message.heard += text;
    this.#playing = null;
    const next = this.#queue.shift();
    const isGoingOn = next?.message === message;
    if (!isGoingOn && message.line)
      changeLine(this.#exchange, this.#call, message.line, { isSpeaking: false });
    if (message.kind === 'text' || message.kind === 'greeting') this.#hooks.played(text.trim());
    if (next) {
      this.#play(next);
      return;
    }
    this.#hooks.stops();
    if (this.#message === null) this.#hooks.turnEnds();
  }
}

/** Whole clauses, as far as they have come; what is left waits for more words. */
function clausesOf(text: string, isLast: boolean): { clauses: string[]; rest: string } {
  const parts = text.match(/[\s\S]+?[.!?;:,…](?=\s)\s*|[\s\S]+$/g) ?? [];
  const isWhole = isLast || /[.!?;:,…]\s+$/.test(text);
  const rest = isWhole ? '' : (parts.pop() ?? '');
  return { clauses: parts.filter((part) => part.trim() !== ''), rest };
}

/** The first words of a text, as many as fit in this share of it. */
function wordsOf(text: string, share: number): string {
  if (share >= 1) return text;
  const length = Math.floor(text.length * Math.max(0, share));
  const space = text.lastIndexOf(' ', length);
  return space > 0 ? text.slice(0, space) : '';
}
