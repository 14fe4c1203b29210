import { brokenDown, resumed, timeIsUp } from '#domain/conversation/interludes.ts';
import { lastWish, reflex } from '#domain/conversation/reflexes.ts';
import { followScript, openScript } from '#domain/conversation/script.ts';
import {
  type Ending,
  ending,
  linesFor,
  newTalk,
  type Step,
  saying,
  type TalkEvent,
  type TalkFacts,
  type TalkState,
} from '#domain/conversation/talk.ts';
import { type Handoff, writeHandoff } from '#domain/handoff.ts';
import { factsOf } from '#operations/open-conversation.ts';
import type { ConversationListener } from '#ports/conversation.ts';
import { afterAnswer } from './after-answer.ts';
import { CallActs } from './call-acts.ts';
import type { TurnOutcome } from './model-turn.ts';
import { OtherEnd } from './other-end.ts';
import { BEEP_MS, GOODBYE_MS, MOST_REPLIES, type SessionParts, SILENCE_MS } from './session-parts.ts';
import type { StopTimer } from './timers.ts';
import { Voice } from './voice.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * One conversation on one line: greeting, listening, thinking, speaking, closing. Everything that happens to it goes
 * through one queue, so that it is in one state at a time; only a model that thinks is stopped at once. The reflexes of
 * domain/conversation come first, then the model or the script.
 */
export class AssistantSession implements ConversationListener {
  readonly #parts: SessionParts;
  readonly #voice: Voice;
  readonly #queue = new WorkQueue((cause) => this.#broke(cause));
  readonly #actions: CallActs;
  readonly #otherEnd: OtherEnd;
  #state: TalkState;
  #stopSilence: StopTimer = () => undefined;
  #stopGoodbye: StopTimer;
  #closing: Ending | null = null;
  #isGone = false;
  #hasCutIn = false;
  #isHearing = false;
  /** What follows a machine's greeting, once that is over. */
  #afterBeep: Step | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { call, timers } = parts;
    this.#state = newTalk(call.script);
    this.#actions = new CallActs(parts.deps, call, parts.transcript);
    this.#otherEnd = new OtherEnd(parts.transcript);
    this.#voice = new Voice(parts, () => this.#queue.add(() => this.#onSpoken()));
    const wrapUpMs = Math.max(GOODBYE_MS, call.script.maxSeconds * 1_000 - GOODBYE_MS);
    this.#stopGoodbye = timers.inProduct(wrapUpMs, () => this.#queue.add(() => this.#timeUp()));
  }

  /** Begins where the line begins: with the greeting, or after a break where it had stopped. */
  begin(): void {
    if (this.#parts.call.isReconnected) this.#queue.add(() => this.#resume());
    else this.#voice.greet();
  }

  /** Resolves once everything that has happened so far is dealt with. */
  settled(): Promise<void> {
    return this.#queue.settled;
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
    this.#queue.add(() =>
      this.#hear({ kind: 'heard', text: text.trim(), isDuringSpeech: during }, text.trim()),
    );
  }

  onDigit(digit: string): void {
    this.#stopSilence();
    this.#parts.brain?.stop();
    this.#queue.add(() => this.#hear({ kind: 'digit', digit }, `(pressed ${digit})`));
  }

  onInterrupt({ heardText }: Parameters<ConversationListener['onInterrupt']>[0]): void {
    this.#stopSilence();
    this.#parts.brain?.stop();
    this.#hasCutIn = true;
    this.#queue.add(() => this.#cut(heardText));
  }

  onSpeaking(who: 'assistant' | 'contact', isSpeaking: boolean): void {
    if (who === 'assistant') this.#voice.heardSpeaking(isSpeaking);
    else this.#isHearing = isSpeaking;
    if (who === 'contact') this.#listen();
  }

  onPlayed(text: string): void {
    this.#voice.played(text);
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
    this.#voice.stop();
    this.#queue.add(() => this.#keepLastWish());
    this.#queue.add(() => this.#parts.onEnd());
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
    else if (this.#otherEnd.isMachine) this.#listen();
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
    this.#otherEnd.hasSpoken = call.before.some(({ role }) => role === 'contact');
    await this.#take(resumed(this.#state, call, this.#facts()));
  }

  async #hear(event: Exclude<TalkEvent, { kind: 'silence' }>, words: string): Promise<void> {
    const { transcript, brain } = this.#parts;
    this.#voice.finishBegun();
    transcript.hear(words);
    brain?.heard(words);
    if (this.#isGone || !(await this.#otherEnd.isPerson(this.#state, event))) return this.#hearLast(event);
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

  /** The conversation is over, or whoever talks there is taken for a machine: an opt-out counts all the same. */
  async #hearLast(event: TalkEvent): Promise<void> {
    const { step } = reflex(this.#state, event, this.#facts());
    for (const act of step?.acts ?? []) if (act.tool === 'mark_do_not_call') await this.#actions.run(act);
    this.#listen();
  }

  /** A machine greets: nothing more is said to it until it has beeped, of which the provider's verdict or its silence tells. */
  #letPass(step: Step): void {
    this.#otherEnd.isMachine = true;
    this.#afterBeep = step;
    this.#parts.brain?.stop();
    this.#listen();
  }

  async #hearInClosing(step: Step | null): Promise<void> {
    if (step?.acts.some(({ tool }) => tool === 'mark_do_not_call' || tool === 'note_wrong_number')) {
      this.#closing = null;
      await this.#take(step);
    } else if (this.#voice.isOver && this.#closing) this.#end(this.#closing);
  }

  #cut(heardText: string): void {
    this.#voice.cut(heardText);
    if (this.#closing) this.#end(this.#closing);
    else this.#listen();
  }

  async #onSilence(): Promise<void> {
    if (this.#isGone || this.#closing || !this.#voice.isOver || this.#parts.brain?.isThinking) return;
    await this.#take(reflex(this.#state, { kind: 'silence' }, this.#facts()).step);
  }

  #listen(): void {
    this.#stopSilence();
    if (this.#isGone || this.#closing || this.#isHearing) return;
    const { inProduct } = this.#parts.timers;
    const step = this.#afterBeep;
    if (step) this.#stopSilence = inProduct(BEEP_MS, () => this.#queue.add(() => this.#take(step)));
    if (this.#otherEnd.isMachine || !this.#voice.isOver) return;
    this.#stopSilence = inProduct(SILENCE_MS, () => this.#queue.add(() => this.#onSilence()));
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
    else if (step.say !== null && !this.#isGone) this.#voice.say(step.say);
  }

  /** Lets the model answer; what it says and does comes back through the queue. */
  #think(): void {
    const { brain } = this.#parts;
    if (!brain) return;
    const answered = brain.answer({
      speak: (piece) => {
        this.#state = { ...this.#state, lastSaid: piece };
        this.#voice.begin(piece);
      },
      finish: () => this.#voice.finish(),
      use: (call, turn) => this.#queue.ask(() => this.#actions.use(call, turn, this.#facts())),
    });
    void answered.then((outcome) => this.#queue.add(() => this.#onAnswer(outcome)));
  }

  async #onAnswer(outcome: TurnOutcome): Promise<void> {
    const { brain, deps, call } = this.#parts;
    if (this.#isGone || outcome.kind === 'stopped') return;
    if (outcome.kind === 'failed')
      deps.log.warn({ cause: outcome.cause, callId: call.id }, 'the model did not answer in a conversation');
    const step = afterAnswer(outcome, this.#state, this.#facts(), brain?.isGivenUp ?? false);
    if (step || outcome.kind !== 'ending') return this.#take(step);
    this.#state = ending(this.#state, [], null).state;
    this.#closing = outcome.ending;
    this.#stopSilence();
    this.#voice.finish({ isGoodbye: true });
  }

  /** The last words, and the end once they were heard; without words, at once. */
  #speakLast(text: string | null, next: Ending): void {
    if (this.#isGone) return;
    this.#closing = next;
    this.#stopSilence();
    if (text === null) {
      this.#end(next);
    } else if (this.#voice.isFixed) {
      // Behind the greeting they would be heard too late: the end drops it, and the provider says these words.
      this.#voice.note(text);
      this.#end(next, text);
    } else {
      this.#voice.say(text, { isGoodbye: true });
    }
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
    this.#voice.stop();
    this.#parts.brain?.stop();
    const handoff: Handoff = next === 'transfer' ? { next, key: null } : { next };
    this.#parts.transport.end(writeHandoff(say === null ? handoff : { ...handoff, say }));
    this.#queue.add(() => this.#parts.onEnd());
  }
}
