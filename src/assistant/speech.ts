import { heardOf } from '#domain/conversation/heard-text.ts';
import type { ConversationTransport } from '#ports/conversation.ts';
import type { StopTimer, Timers } from './timers.ts';

/** Speech begins this long after its text and takes this much of a character (telephony.md §4, “Closing”). */
const START_MS = 1_500;
const MS_PER_CHARACTER = 1_000 / 14;
/** Nobody waits longer for the last words. */
const LONGEST_GOODBYE_MS = 12_000;
const PLAYED_SHARE = 0.9;
/** While the provider says that the assistant is audible, it is believed, this often at most. */
const STILL_AUDIBLE_MS = 1_000;
const MOST_WAITS = 30;

/**
 * What the assistant is saying at the moment: sent piece by piece, and over when the provider says so or, where it says
 * nothing, when it must be.
 */
export class Speech {
  readonly #transport: ConversationTransport;
  readonly #timers: Timers;
  readonly #onOver: () => void;
  #text = '';
  #playedLength = 0;
  #isClosed = true;
  #isOver = true;
  #hasBegun = false;
  #isAudible = false;
  /** The greeting, which nothing may cut and which goes before whatever is said meanwhile. */
  #isFixed = false;
  /** Something else is still spoken before this message. */
  #isQueued = false;
  #aheadMs = 0;
  #stop: StopTimer = () => undefined;

  constructor(transport: ConversationTransport, timers: Timers, onOver: () => void) {
    this.#transport = transport;
    this.#timers = timers;
    this.#onOver = onOver;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isFixed(): boolean {
    return this.#isFixed && !this.#isOver;
  }

  /** A message was begun and its last piece is still to come. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** The provider speaks this by itself: the greeting. */
  expect(text: string): void {
    this.#begin();
    this.#isFixed = true;
    this.#text = text;
    this.#close(Number.POSITIVE_INFINITY);
  }

  /** Says the next piece; the first one after the end of a message begins a new one. */
  say(piece: string): void {
    if (this.#isClosed) this.#begin();
    this.#text += piece;
    this.#transport.say(piece, { isLast: false });
  }

  /** Says the last piece of a message. */
  finish(piece: string, options: { isGoodbye: boolean } = { isGoodbye: false }): void {
    if (this.#isClosed) this.#begin();
    this.#text += piece;
    this.#transport.say(piece, { isLast: true });
    this.#close(options.isGoodbye ? LONGEST_GOODBYE_MS : Number.POSITIVE_INFINITY);
  }

  /** The provider tells whether the assistant is audible. */
  heardSpeaking(isAudible: boolean): void {
    this.#isAudible = isAudible;
    if (isAudible) this.#hasBegun = true;
    else if (this.#hasBegun && this.#isClosed) this.#fellSilent();
  }

  /** A clause was really spoken. */
  played(clause: string): void {
    if (this.#isQueued && !lettersOf(this.#text).includes(lettersOf(clause))) return;
    this.#isQueued = false;
    this.#hasBegun = true;
    this.#playedLength += spokenLength(clause);
    if (this.#isClosed && !this.#isAudible && this.#hasPlayedAll()) this.#end();
  }

  /** The person cut in: the rest is never heard. Returns what they heard of the message. */
  cut(heard: string): string {
    const text = heardOf(this.#text, heard);
    if (!this.#isClosed) this.#transport.say('', { isLast: true });
    this.#isClosed = true;
    this.#isAudible = false;
    this.#stop();
    this.#isOver = true;
    this.#isQueued = false;
    return text;
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.#stop();
    this.#isOver = true;
    this.#isClosed = true;
  }

  #begin(): void {
    this.#stop();
    this.#isQueued = !this.#isOver;
    this.#aheadMs = this.#isOver ? 0 : this.#aheadMs + this.#restMs();
    this.#isFixed = false;
    this.#text = '';
    this.#playedLength = 0;
    this.#isClosed = false;
    this.#isOver = false;
    this.#hasBegun = this.#isAudible;
  }

  #close(longestMs: number): void {
    this.#isClosed = true;
    this.#wait(Math.min(this.#aheadMs + this.#restMs(), longestMs), MOST_WAITS);
  }

  #wait(ms: number, more: number): void {
    this.#stop = this.#timers.inProduct(ms, () => {
      if (this.#isAudible && more > 0) this.#wait(STILL_AUDIBLE_MS, more - 1);
      else this.#end();
    });
  }

  /** Silence between two clauses, or after what was spoken before this message, is no end. */
  #fellSilent(): void {
    if (this.#hasPlayedAll()) this.#end();
    else if (this.#isQueued) this.#isQueued = false;
    else if (this.#playedLength === 0) this.#end();
  }

  #restMs(): number {
    const left = Math.max(0, this.#text.length - this.#playedLength);
    return START_MS + left * MS_PER_CHARACTER;
  }

  /** Providers spell numbers out and drop signs: nearly all of it is all of it. */
  #hasPlayedAll(): boolean {
    return this.#playedLength >= PLAYED_SHARE * spokenLength(this.#text);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#isOver = true;
    this.#onOver();
  }
}

function spokenLength(text: string): number {
  return lettersOf(text).length;
}

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}
