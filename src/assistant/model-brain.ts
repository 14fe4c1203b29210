import { linesOf } from '#domain/conversation/lines.ts';
import { toolsFor } from '#domain/conversation/tools.ts';
import type { TalkingCall } from '#operations/open-conversation.ts';
import type { Clock } from '#ports/clock.ts';
import type { LanguageModel, ModelToolCall } from '#ports/model.ts';
import type { ModelBreaker } from './breaker.ts';
import { ChatHistory } from './chat-history.ts';
import { type ModelTurn, runModelTurn, type TurnOutcome } from './model-turn.ts';
import { systemPrompt } from './prompt.ts';
import type { Timers } from './timers.ts';

/** Turns in a row without an answer, after which the call is brought to its end. */
const MOST_FAILURES = 2;

type Voice = Pick<ModelTurn, 'speak' | 'finish'> & {
  /** Uses a tool on behalf of the turn of this number, unless that was stopped meanwhile. */
  use(call: ModelToolCall, turn: { number: number; signal: AbortSignal }): ReturnType<ModelTurn['use']>;
};

export type BrainParts = {
  model: LanguageModel;
  call: TalkingCall;
  clock: Clock;
  timers: Timers;
  breaker: ModelBreaker;
};

/** The model’s side of one conversation: what it has heard and said, and the one turn it may be thinking about. */
export class ModelBrain {
  readonly #parts: BrainParts;
  readonly #history = new ChatHistory();
  #thinking: AbortController | null = null;
  #saying: { content: string } | null = null;
  #turns = 0;
  #failures = 0;

  constructor(parts: BrainParts) {
    this.#parts = parts;
  }

  get isThinking(): boolean {
    return this.#thinking !== null;
  }

  heard(text: string): void {
    this.#history.heard(text);
  }

  said(text: string): void {
    this.#saying = this.#history.said(text);
  }

  /** What was said before the line broke. */
  remember(before: TalkingCall['before']): void {
    for (const { role, text } of before) {
      if (role === 'assistant') this.said(text);
      else if (role === 'contact') this.heard(text);
    }
  }

  /** They heard only the beginning of what was said last. */
  cut(heardText: string): void {
    if (this.#saying) this.#saying.content = heardText;
  }

  /** Whatever it was about to say or do is not wanted any more. */
  stop(): void {
    this.#thinking?.abort(new Error('the person spoke'));
    this.#thinking = null;
  }

  /** Thinks about an answer and speaks it. Never throws. */
  async answer(voice: Voice): Promise<TurnOutcome> {
    this.stop();
    const thinking = new AbortController();
    this.#thinking = thinking;
    this.#saying = null;
    this.#turns += 1;
    const outcome = await this.#run(voice, thinking.signal, this.#turns);
    if (this.#thinking === thinking) this.#thinking = null;
    this.#judge(outcome);
    return outcome;
  }

  /** Whether it is better not to ask again in this conversation. */
  get isGivenUp(): boolean {
    return this.#failures >= MOST_FAILURES || this.#parts.breaker.isOpen(this.#realNow());
  }

  async #run(voice: Voice, signal: AbortSignal, number: number): Promise<TurnOutcome> {
    const { model, call, clock, timers } = this.#parts;
    try {
      return await runModelTurn({
        model,
        modelName: call.assistant.model,
        system: systemPrompt(call, clock.now()),
        history: this.#history,
        tools: toolsFor(call.scope),
        timers,
        signal,
        filler: linesOf(call.script.language).filler,
        begun: (message) => {
          this.#saying = message;
        },
        speak: (piece) => {
          if (!signal.aborted) voice.speak(piece);
        },
        finish: () => {
          if (!signal.aborted) voice.finish();
        },
        use: (toolCall) => voice.use(toolCall, { number, signal }),
      });
    } catch (cause) {
      return { kind: 'failed', hasSpoken: false, cause };
    }
  }

  #judge(outcome: TurnOutcome): void {
    if (outcome.kind === 'stopped') return;
    if (outcome.kind === 'failed') {
      this.#failures += 1;
      this.#parts.breaker.failed(this.#realNow());
    } else {
      this.#failures = 0;
      this.#parts.breaker.succeeded();
    }
  }

  #realNow(): number {
    const { clock } = this.#parts;
    return clock.toReal(clock.now()).getTime();
  }
}
