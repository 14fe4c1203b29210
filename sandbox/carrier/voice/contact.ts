import { delayIn, type Exchange } from '#sandbox/carrier/exchange.ts';
import { endCall } from './ending.ts';
import { addLine } from './lines.ts';
import { type Contact, type LiveCall, OVER } from './live-call.ts';
import { after, naturalSpeakingMs, pause } from './timers.ts';
import { pressKey, speak } from './utterances.ts';
import type { Act, VoiceRule } from './voice-rules.ts';

const INTERJECTIONS = 2;
const INTERJECTS_AFTER_MS = 1_500;
const BEFORE_BEEP_MS = 400;
const LONGEST_MESSAGE_MS = 120_000;
const FAX_GIVES_UP_MS = 30_000;

const PLAYERS: Record<VoiceRule['who'], (exchange: Exchange, live: LiveCall, rule: VoiceRule) => Contact> = {
  person: (exchange, live, rule) => new Person(exchange, live, rule),
  machine: playMachine,
  fax: playFax,
};

/** From now on somebody, or something, at the contact's end behaves by this rule. */
export function playContact(exchange: Exchange, live: LiveCall, rule: VoiceRule): void {
  live.contact = PLAYERS[rule.who](exchange, live, rule);
}

/** Takes turns: waits until the other side has finished, thinks, and does the next thing of its rule. */
class Person implements Contact {
  readonly #exchange: Exchange;
  readonly #live: LiveCall;
  readonly #rule: VoiceRule;
  #turn = 0;
  #interjections = 0;
  #cancel: (() => void) | null = null;
  /** Whoever hangs up at once does so whatever is said to them meanwhile. */
  #stay: () => void = () => undefined;
  #isStopped = false;

  constructor(exchange: Exchange, live: LiveCall, rule: VoiceRule) {
    this.#exchange = exchange;
    this.#live = live;
    this.#rule = rule;
    const { hello } = rule;
    const [first] = rule.turns;
    if (hello !== null) this.#greet(hello);
    else if (first && 'hangsUp' in first)
      this.#stay = after(exchange, delayIn(exchange, exchange.options.latency.react), () => this.#act());
  }

  agentStarts(): void {
    this.#callOff();
    const { interjection } = this.#rule;
    if (interjection === null || this.#interjections >= INTERJECTIONS || this.#isStopped) return;
    this.#interjections += 1;
    this.#cancel = after(this.#exchange, INTERJECTS_AFTER_MS * this.#exchange.options.latency.pace, () => {
      void speak(this.#exchange, this.#live, interjection);
    });
  }

  agentEnds(): void {
    this.#callOff();
    this.#soon(() => this.#act());
  }

  stop(): void {
    this.#isStopped = true;
    this.#stay();
    this.#callOff();
  }

  /** Sooner than any other word, and whoever speaks meanwhile. */
  #greet(hello: string): void {
    const { react } = this.#exchange.options.latency;
    after(this.#exchange, (delayIn(this.#exchange, react) * this.#rule.slowness) / 2, () => {
      if (!this.#isStopped) void speak(this.#exchange, this.#live, hello);
    });
  }

  #soon(task: () => void): void {
    if (this.#isStopped) return;
    const { react } = this.#exchange.options.latency;
    this.#cancel = after(this.#exchange, delayIn(this.#exchange, react) * this.#rule.slowness, task);
  }

  #act(): void {
    const act = this.#rule.turns[this.#turn];
    this.#turn += 1;
    if (act) this.#do(act);
  }

  #do(act: Act): void {
    if ('say' in act) void speak(this.#exchange, this.#live, act.say);
    else if ('press' in act) pressKey(this.#exchange, this.#live, act.press);
    else endCall(this.#exchange, this.#live, 'completed');
  }

  #callOff(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

/** Greets whoever calls, beeps, and listens. */
function playMachine(exchange: Exchange, live: LiveCall, { hello }: VoiceRule): Contact {
  const { react, pace } = exchange.options.latency;
  const listening = new AbortController();
  const signal = AbortSignal.any([listening.signal, live.ending.signal]);
  const greet = async () => {
    for (const sentence of (hello ?? '').match(/[^.!?]+[.!?]+/g) ?? [])
      await speak(exchange, live, sentence.trim(), { isTyped: false, isGreeting: true });
    await pause(exchange, BEFORE_BEEP_MS * pace, signal);
    if (signal.aborted) return;
    addLine(exchange, live.call, { who: 'carrier', text: 'Beep' });
    live.detection?.beep();
    after(exchange, LONGEST_MESSAGE_MS, () => endCall(exchange, live, 'completed'));
  };
  after(exchange, delayIn(exchange, react), () => {
    if (signal.aborted) return;
    live.detection?.hear(naturalSpeakingMs(hello ?? ''), true);
    void greet();
  });
  return { agentStarts: () => undefined, agentEnds: () => undefined, stop: () => listening.abort(OVER) };
}

function playFax(exchange: Exchange, live: LiveCall): Contact {
  addLine(exchange, live.call, { who: 'carrier', text: 'A fax whistles' });
  const faxCall = after(exchange, 0, () => live.detection?.hearFax());
  const giveUp = after(exchange, FAX_GIVES_UP_MS, () => endCall(exchange, live, 'completed'));
  const stop = () => {
    faxCall();
    giveUp();
  };
  return { agentStarts: () => undefined, agentEnds: () => undefined, stop };
}
