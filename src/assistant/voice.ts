import type { SessionParts } from './session-parts.ts';
import { Speech } from './speech.ts';

/** Says things so that line, transcript and model know the same of it. */
export class Voice {
  readonly #parts: SessionParts;
  readonly #speech: Speech;

  constructor(parts: SessionParts, onOver: () => void) {
    this.#parts = parts;
    this.#speech = new Speech(parts.transport, parts.timers, onOver);
  }

  get isOver(): boolean {
    return this.#speech.isOver;
  }

  /** The greeting is heard, which nothing may cut. */
  get isFixed(): boolean {
    return this.#speech.isFixed;
  }

  /** The provider speaks the greeting by itself. */
  greet(): void {
    const { greeting } = this.#parts.call.script;
    this.note(greeting);
    this.#speech.expect(greeting);
  }

  say(text: string, options: { isGoodbye: boolean } = { isGoodbye: false }): void {
    this.note(text);
    this.#speech.finish(text, options);
  }

  /** Keeps a whole message that somebody else says. */
  note(text: string): void {
    const { transcript, brain } = this.#parts;
    transcript.say(text);
    transcript.end();
    brain?.said(text);
  }

  /** Says a piece of a message of the model, which keeps it itself. */
  begin(piece: string): void {
    this.#parts.transcript.say(piece);
    this.#speech.say(piece);
  }

  /** Ends the message of the model. */
  finish(options: { isGoodbye: boolean } = { isGoodbye: false }): void {
    this.#parts.transcript.end();
    this.#speech.finish('', options);
  }

  /** Words that the model had begun and that nobody waits for any more are a message all the same. */
  finishBegun(): void {
    if (this.#speech.isOpen) this.finish();
  }

  /** The person cut in. */
  cut(heardText: string): void {
    const { transcript, brain } = this.#parts;
    const wasOver = this.#speech.isOver;
    const heard = this.#speech.cut(heardText);
    if (wasOver && heard === '') return;
    transcript.cut(heard);
    brain?.cut(heard);
  }

  heardSpeaking(isAudible: boolean): void {
    this.#speech.heardSpeaking(isAudible);
  }

  played(clause: string): void {
    this.#speech.played(clause);
  }

  stop(): void {
    this.#speech.stop();
  }
}
