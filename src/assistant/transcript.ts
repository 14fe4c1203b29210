import type { TurnKeeper } from '#operations/turn-keeper.ts';
import type { Clock } from '#ports/clock.ts';

/** Places between two turns of a session are left free for notes that others add. */
const STEP = 10;
const PER_SESSION = 10_000;

type Turn = Parameters<TurnKeeper['keep']>[0];

/** What is said on one call, kept as it was heard. */
export class Transcript {
  readonly #keeper: TurnKeeper;
  readonly #clock: Clock;
  readonly #callId: number;
  #seq: number;
  /** What the assistant says or said last. */
  #saying: Turn | null = null;
  #isOpen = false;

  constructor(keeper: TurnKeeper, clock: Clock, { id, session }: { id: number; session: number }) {
    this.#keeper = keeper;
    this.#clock = clock;
    this.#callId = id;
    this.#seq = (session - 1) * PER_SESSION;
  }

  /** Something the assistant says; pieces of one message are one turn until `end`. */
  say(piece: string): void {
    if (!this.#isOpen || !this.#saying) this.#saying = this.#next('assistant', '');
    this.#isOpen = true;
    this.#saying.text += piece;
    this.#keeper.keep({ ...this.#saying, text: this.#saying.text.trim() });
  }

  end(): void {
    this.#isOpen = false;
  }

  /** They cut in and heard only the beginning of it. */
  cut(heardText: string): void {
    this.#isOpen = false;
    const turn = this.#saying;
    if (!turn || heardText.trim() === turn.text.trim()) return;
    Object.assign(turn, { heardText: heardText.trim(), isInterrupted: true });
    this.#keeper.keep({ ...turn, text: turn.text.trim() });
  }

  /** Something the person said. */
  hear(text: string): void {
    this.#keeper.keep(this.#next('contact', text));
  }

  /** Something a tool did, in a few words. */
  did(tool: string, text: string): void {
    this.#keeper.keep({ ...this.#next('tool', text), tool });
  }

  /** Whether the row takes whoever speaks for a person. */
  hasSpoken(): Promise<boolean> {
    return this.#keeper.hasSpoken(this.#callId);
  }

  #next(role: Turn['role'], text: string): Turn {
    this.#seq += STEP;
    return {
      callId: this.#callId,
      seq: this.#seq,
      role,
      text,
      heardText: null,
      isInterrupted: false,
      tool: null,
      createdAt: this.#clock.now(),
    };
  }
}
