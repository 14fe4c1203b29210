import { brokenDown, resumed, timeIsUp } from '#domain/conversation/interludes.ts';
import { lastWish, provesPerson, reflex } from '#domain/conversation/reflexes.ts';
import { followScript, openScript } from '#domain/conversation/script.ts';
import {
  type Ending,
  ending,
  endMessage,
  linesFor,
  newTalk,
  type Step,
  saying,
  type TalkEvent,
  type TalkFacts,
  type TalkState,
} from '#domain/conversation/talk.ts';
import { writeHandoff } from '#domain/handoff.ts';
import { factsOf } from '#operations/open-conversation.ts';
import type { ConversationListener } from '#ports/conversation.ts';
import { CallActs } from './call-acts.ts';
import type { TurnOutcome } from './model-turn.ts';
import { BEEP_MS, GOODBYE_MS, MOST_REPLIES, type SessionParts, SILENCE_MS } from './session-parts.ts';
import { Speech } from './speech.ts';
import type { StopTimer } from './timers.ts';

/**
 * One conversation on one line: greeting, listening, thinking, speaking, closing. Everything that happens to it goes
 * through one queue, so that it is in one state at a time; only a model that thinks is stopped at once. The reflexes of
 * domain/conversation come first, then the model or the script.
 */
export class AssistantSession implements ConversationListener {
  readonly #parts: SessionParts;
  readonly #speech: Speech;
  readonly #actions: CallActs;
  #state: TalkState;
  #tail: Promise<void> = Promise.resolve();
  #stopSilence: StopTimer = () => undefined;
  #stopGoodbye: StopTimer;
  #closing: Ending | null = null;
  #isGone = false;
  #hasCutIn = false;
  #isHearing = false;
  #hasSpoken = false;
  #isMachine = false;
  /** What follows a machine's greeting, once that is over. */
  #afterBeep: Step | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { call, timers, transport } = parts;
    this.#state = newTalk(call.script);
    this.#actions = new CallActs(parts.deps, call, parts.transcript);
    this.#speech = new Speech(transport, timers, () => this.#do(() => this.#onSpoken()));
    const wrapUpMs = Math.max(GOODBYE_MS, call.script.maxSeconds * 1_000 - GOODBYE_MS);
    this.#stopGoodbye = timers.inProduct(wrapUpMs, () => this.#do(() => this.#timeUp()));
  }

  /** Begins where the line begins: with the greeting, or after a break where it had stopped. */
  begin(): void {
    const { call } = this.#parts;
    if (call.isReconnected) {
      this.#do(() => this.#resume());
      return;
    }
    this.#note(call.script.greeting);
    this.#speech.expect(call.script.greeting);
  }

  /** Resolves once everything that has happened so far is dealt with. */
  settled(): Promise<void> {
    return this.#tail;
  }

  onUtterance({ text, isFinal, isDuringSpeech }: Parameters<ConversationListener['onUtterance']>[0]): void {
    if (!isFinal || text.trim() === '') {
      this.#listen();
      return;
    }
    this.#stopSilence();
    this.#parts.brain?.stop();
    const during = isDuringSpeech || this.#hasCutIn;
    this.#hasCutIn = false;
    this.#do(() => this.#hear({ kind: 'heard', text: text.trim(), isDuringSpeech: during }, text.trim()));
  }

  onDigit(digit: string): void {
    this.#stopSilence();
    this.#parts.brain?.stop();
    this.#do(() => this.#hear({ kind: 'digit', digit }, `(pressed ${digit})`));
  }

  onInterrupt({ heardText }: Parameters<ConversationListener['onInterrupt']>[0]): void {
    this.#stopSilence();
    this.#parts.brain?.stop();
    this.#hasCutIn = true;
    this.#do(() => this.#cut(heardText));
  }

  onSpeaking(who: 'assistant' | 'contact', isSpeaking: boolean): void {
    if (who === 'assistant') this.#speech.heardSpeaking(isSpeaking);
    else this.#isHearing = isSpeaking;
    if (who === 'contact') this.#listen();
  }

  onPlayed(text: string): void {
    this.#speech.played(text);
  }

  onProblem(description: string): void {
    this.#parts.deps.log.warn({ callId: this.#parts.call.id, description }, 'the line reported a problem');
  }

  onClose(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#parts.brain?.stop();
    this.#stopSilence();
    this.#stopGoodbye();
    this.#speech.stop();
    this.#do(() => this.#keepLastWish());
    this.#tail = this.#tail.then(() => this.#parts.onEnd());
  }

  #do(work: () => Promise<void> | void): void {
    this.#tail = this.#tail.then(work).catch((cause: unknown) => this.#broke(cause));
  }

  #ask<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#do(() => work().then(resolve, reject));
    });
  }

  #broke(cause: unknown): void {
    const { deps, call } = this.#parts;
    deps.log.error({ cause, callId: call.id }, 'a conversation broke');
    if (this.#isGone || this.#closing) return;
    this.#speakLast(brokenDown(this.#state, this.#facts()).say, 'hang_up');
  }

  #facts(): TalkFacts {
    return factsOf(this.#parts.call, this.#parts.deps.clock.now());
  }

  /** What the assistant said has been spoken. */
  async #onSpoken(): Promise<void> {
    if (this.#isGone) return;
    this.#hasCutIn = false;
    if (this.#closing) this.#end(this.#closing);
    else if (this.#isMachine) this.#listen();
    else if (this.#state.stage === 'greeting' && this.#state.offer.kind !== 'asked') await this.#open();
    else this.#listen();
  }

  async #open(): Promise<void> {
    const { call, brain } = this.#parts;
    const opened = openScript(this.#state, this.#facts());
    if (!brain) return this.#take(opened);
    const { welcome } = call.script;
    if (welcome.trim() !== '') return this.#take(saying(opened.state, welcome.trim()));
    this.#state = opened.state;
    brain.heard('(They have picked up and heard the greeting. Begin.)');
    this.#think();
  }

  async #resume(): Promise<void> {
    const { call, brain } = this.#parts;
    brain?.remember(call.before);
    this.#hasSpoken = call.before.some(({ role }) => role === 'contact');
    await this.#take(resumed(this.#state, call, this.#facts()));
  }

  async #hear(event: Exclude<TalkEvent, { kind: 'silence' }>, words: string): Promise<void> {
    const { transcript, brain } = this.#parts;
    // Words that the model had begun and that nobody waits for any more are a message all the same.
    if (this.#speech.isOpen) this.#finishSpeech();
    transcript.hear(words);
    brain?.heard(words);
    if (this.#isGone || !(await this.#isPerson(event))) return this.#hearLast(event);
    const { state, step } = reflex(this.#state, event, this.#facts());
    if (this.#closing) return this.#hearInClosing(step);
    if (step?.acts.some(({ tool }) => tool === 'note_machine')) return this.#letPass(step);
    this.#state = state;
    if (step) return this.#take(step);
    if (state.stage === 'greeting') return;
    if (state.replies > MOST_REPLIES) return this.#timeUp();
    if (brain) this.#think();
    else await this.#take(followScript(state, event, this.#facts()));
  }

  /** Asks the row, once, whether a machine’s verdict was there before the first words of a person. */
  async #isPerson(event: TalkEvent): Promise<boolean> {
    if (this.#isMachine) return false;
    if (this.#hasSpoken || !provesPerson(this.#state, event)) return true;
    this.#hasSpoken = await this.#parts.transcript.hasSpoken();
    this.#isMachine = !this.#hasSpoken;
    return this.#hasSpoken;
  }

  /** The conversation is over, or whoever talks there is taken for a machine: an opt-out counts all the same. */
  async #hearLast(event: TalkEvent): Promise<void> {
    const { step } = reflex(this.#state, event, this.#facts());
    for (const act of step?.acts ?? []) if (act.tool === 'mark_do_not_call') await this.#actions.run(act);
    this.#listen();
  }

  /** A machine greets: nothing more is said to it until it has beeped, of which the provider's verdict or its silence tells. */
  #letPass(step: Step): void {
    this.#isMachine = true;
    this.#afterBeep = step;
    this.#parts.brain?.stop();
    this.#listen();
  }

  async #hearInClosing(step: Step | null): Promise<void> {
    if (step?.acts.some(({ tool }) => tool === 'mark_do_not_call' || tool === 'note_wrong_number')) {
      this.#closing = null;
      await this.#take(step);
    } else if (this.#speech.isOver && this.#closing) this.#end(this.#closing);
  }

  #cut(heardText: string): void {
    const { transcript, brain } = this.#parts;
    const wasOver = this.#speech.isOver;
    const heard = this.#speech.cut(heardText);
    if (!wasOver || heard !== '') {
      transcript.cut(heard);
      brain?.cut(heard);
    }
    if (this.#closing) this.#end(this.#closing);
    else this.#listen();
  }

  async #onSilence(): Promise<void> {
    if (this.#isGone || this.#closing || !this.#speech.isOver || this.#parts.brain?.isThinking) return;
    const { step } = reflex(this.#state, { kind: 'silence' }, this.#facts());
    await this.#take(step);
  }

  #listen(): void {
    this.#stopSilence();
    if (this.#isGone || this.#closing || this.#isHearing) return;
    const { inProduct } = this.#parts.timers;
    const step = this.#afterBeep;
    if (step) this.#stopSilence = inProduct(BEEP_MS, () => this.#do(() => this.#take(step)));
    if (this.#isMachine || !this.#speech.isOver) return;
    this.#stopSilence = inProduct(SILENCE_MS, () => this.#do(() => this.#onSilence()));
  }

  /** Commits what a step does, then says it, then listens or ends. Nothing is said as done that is not. */
  async #take(step: Step | null): Promise<void> {
    if (!step) return this.#listen();
    this.#state = step.state;
    for (const act of step.acts) {
      const result = await this.#actions.run(act);
      if (!result.ok) return this.#speakLast(linesFor(this.#facts()).notNoted, 'hang_up');
    }
    if (step.ending) this.#speakLast(step.say, step.ending);
    else if (step.say !== null) this.#speak(step.say);
  }

  /** Lets the model answer; what it says and does comes back through the queue. */
  #think(): void {
    const { brain, transcript } = this.#parts;
    if (!brain) return;
    const answered = brain.answer({
      speak: (piece) => {
        transcript.say(piece);
        this.#state = { ...this.#state, lastSaid: piece };
        this.#speech.say(piece);
      },
      finish: () => this.#finishSpeech(),
      use: (call, turn) => this.#ask(() => this.#actions.use(call, turn, this.#facts())),
    });
    void answered.then((outcome) => this.#do(() => this.#onAnswer(outcome)));
  }

  #finishSpeech(options = { isGoodbye: false }): void {
    this.#parts.transcript.end();
    this.#speech.finish('', options);
  }

  async #onAnswer(outcome: TurnOutcome): Promise<void> {
    const { brain, deps, call } = this.#parts;
    if (this.#isGone || outcome.kind === 'stopped') return;
    if (outcome.kind === 'ending') return this.#finishAnswer(outcome);
    if (outcome.kind === 'said') return this.#listen();
    deps.log.warn({ cause: outcome.cause, callId: call.id }, 'the model did not answer in a conversation');
    if (brain?.isGivenUp) return this.#take(brokenDown(this.#state, this.#facts()));
    if (!outcome.hasSpoken) this.#speak(linesFor(this.#facts()).slow);
  }

  /** A tool has ended the call: what must still be said is said, and what was begun is heard to its end. */
  #finishAnswer({ ending: next, lastWords, hasSpoken }: Extract<TurnOutcome, { kind: 'ending' }>): void {
    this.#state = ending(this.#state, [], lastWords).state;
    if (lastWords !== null || !hasSpoken) {
      this.#speakLast(lastWords ?? endMessage(this.#facts()), next);
      return;
    }
    this.#closing = next;
    this.#stopSilence();
    this.#finishSpeech({ isGoodbye: true });
  }

  #speak(text: string): void {
    if (this.#isGone) return;
    this.#note(text);
    this.#speech.finish(text);
  }

  /** Keeps a whole message for transcript and model. */
  #note(text: string): void {
    const { transcript, brain } = this.#parts;
    transcript.say(text);
    transcript.end();
    brain?.said(text);
  }

  /** The last words, and the end once they were heard; without words, at once. */
  #speakLast(text: string | null, next: Ending): void {
    if (this.#isGone) return;
    this.#closing = next;
    this.#stopSilence();
    if (text !== null) this.#note(text);
    // What is said behind the greeting would be heard too late: the end drops it, and the provider says these words.
    if (text === null || this.#speech.isFixed) {
      this.#end(next, text);
      return;
    }
    this.#speech.finish(text, { isGoodbye: true });
  }

  async #timeUp(): Promise<void> {
    if (this.#isGone || this.#closing) return;
    this.#parts.brain?.stop();
    await this.#take(timeIsUp(this.#state, this.#facts()));
  }

  /** Whoever hung up instead of answering whether they want no more calls is taken to want none. */
  async #keepLastWish(): Promise<void> {
    const wish = this.#closing ? null : lastWish(this.#state);
    if (wish) await this.#actions.run({ tool: 'mark_do_not_call', arguments: { channel: 'all', ...wish } });
  }

  #end(next: Ending, say: string | null = null): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#stopSilence();
    this.#stopGoodbye();
    this.#speech.stop();
    this.#parts.brain?.stop();
    const words = say === null ? {} : { say };
    this.#parts.transport.end(
      writeHandoff(next === 'transfer' ? { ...words, next, key: null } : { ...words, next }),
    );
    this.#tail = this.#tail.then(() => this.#parts.onEnd());
  }
}
