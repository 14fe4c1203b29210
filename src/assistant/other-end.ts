import { provesPerson } from '#domain/conversation/reflexes.ts';
import type { TalkEvent, TalkState } from '#domain/conversation/talk.ts';
import type { Transcript } from './transcript.ts';

/** Who is at the other end of the line: a person, unless a machine was recognised before the first words of one. */
export class OtherEnd {
  readonly #transcript: Transcript;
  isMachine = false;
  hasSpoken = false;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  /** Asks the row, once, whether a machine’s verdict was there before the first words of a person. */
  async isPerson(state: TalkState, event: TalkEvent): Promise<boolean> {
    if (this.isMachine) return false;
    if (this.hasSpoken || !provesPerson(state, event)) return true;
    this.hasSpoken = await this.#transcript.hasSpoken();
    this.isMachine = !this.hasSpoken;
    return this.hasSpoken;
  }
}
