import { heardOf } from '#domain/conversation/heard-text.ts';
import type { ConversationTransport } from '#ports/conversation.ts';
import type { StopTimer, Timers } from './timers.ts';

/** Speech begins this long after its text and takes this much of a character (telephony.md §4, “Closing”). */
const START_MS = 1_500;
const MS_PER_CHARACTER = 1_000 / 14;
/** Nobody waits longer for the last words. */
const LONGEST_GOODBYE_MS = 12_000;
const PLAYED_SHARE = 0.9;

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
  #stop: StopTimer = () => undefined;

  constructor(transport: ConversationTransport, timers: Timers, onOver: () => void) {
    this.#transport = transport;
    this.#timers = timers;
    this.#onOver = onOver;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** A message was begun and its last piece is still to come. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** The provider speaks this by itself: the greeting. */
  expect(text: string): void {
    this.#begin();
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
    else if (this.#hasBegun && this.#isClosed && this.#mayBeOver()) this.#end();
  }

  /** A clause was really spoken. */
  played(clause: string): void {
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
    this.#text = '';
    this.#playedLength = 0;
    this.#isClosed = false;
    this.#isOver = false;
    this.#hasBegun = this.#isAudible;
  }

  #close(longestMs: number): void {
    this.#isClosed = true;
    const estimate = START_MS + this.#text.length * MS_PER_CHARACTER;
    this.#stop = this.#timers.inProduct(Math.min(estimate, longestMs), () => this.#end());
  }

  /** Silence between two clauses is no end, where the provider counts clauses. */
  #mayBeOver(): boolean {
    return this.#playedLength === 0 || this.#hasPlayedAll();
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
  return text.replace(/[^\p{L}\p{N}]/gu, '').length;
}
