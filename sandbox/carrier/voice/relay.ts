import { WebSocket } from 'ws';
import { delayIn, type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import { signForm } from '#sandbox/carrier/signature.ts';
import { newSid } from './call-forms.ts';
import { tellCall } from './lines.ts';
import type { Ear, LiveCall } from './live-call.ts';
import { type BotFrame, readBotFrame } from './relay-frames.ts';
import { isKnownLanguage, type RelaySettings } from './relay-settings.ts';
import { type Interruptible, Speaker, type Words } from './speaker.ts';
import { after } from './timers.ts';

export type SessionEnd = {
  sessionId: string;
  status: 'completed' | 'ended' | 'failed';
  seconds: number;
  handoff: string | null;
  problem: { code: number; text: string } | null;
};

const HANDSHAKE_MS = 5_000;
const BAD_FRAMES_ALLOWED = 10;
const DROP_AFTER_MS = 400;

/**
 * One conversation: the far end of the socket that the bot listens on. It speaks the bot's words to the contact, and
 * tells the bot what the contact says (telephony.md §4).
 */
export class Relay implements Ear {
  readonly #exchange: Exchange;
  readonly #live: LiveCall;
  readonly #settings: RelaySettings;
  readonly #socket: WebSocket;
  readonly #speaker: Speaker;
  readonly #sessionId = newSid('VX');
  readonly #startedAt: number;
  readonly #outcome = Promise.withResolvers<SessionEnd>();
  #language: string;
  #isOver = false;
  #wasOpen = false;
  #badFrames = 0;
  /** How the words being said by the contact will be treated when they have ended. */
  #hearing: 'plain' | 'over_agent' | 'ignored' = 'plain';

  constructor(exchange: Exchange, live: LiveCall, settings: RelaySettings) {
    this.#exchange = exchange;
    this.#live = live;
    this.#settings = settings;
    this.#language = settings.transcriptionLanguage;
    this.#startedAt = nowOf(exchange);
    this.#speaker = new Speaker(exchange, live.call, {
      starts: () => this.#agentStarts(),
      begins: (kind) => this.#dropByFault(kind),
      played: (text) => {
        if (settings.sendsTokensPlayed) this.#send({ type: 'info', name: 'tokensPlayed', value: text });
      },
      stops: () => this.#agentStops(),
      turnEnds: () => this.#live.contact?.agentEnds(),
    });
    const signature = signForm(exchange.options.authToken, settings.url, {});
    this.#socket = new WebSocket(settings.url, {
      headers: { 'X-Twilio-Signature': signature, 'User-Agent': 'TwilioProxy/1.1' },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    this.#socket.on('open', () => this.#begin());
    this.#socket.on('message', (data) => this.#receive(String(data)));
    this.#socket.on('error', (error) => this.#connectFailed(error));
    this.#socket.on('close', (code) => this.#fail(64105, `the socket was closed with ${code}`));
  }

  /** How the conversation ended; settles exactly once. */
  get ended(): Promise<SessionEnd> {
    return this.#outcome.promise;
  }

  /** The call is over, or other instructions took the conversation's place. */
  leave(): void {
    this.#finish('completed', null, null);
    if (this.#exchange.closing.signal.aborted) this.#socket.terminate();
    else this.#socket.close(1000);
  }

  speechStarts(text: string): void {
    if (this.#isOver) return;
    if (this.#settings.sendsSpeakerEvents) this.#tellSpeaker('clientSpeaking', 'on');
    const isBackchannel = this.#settings.ignoresBackchannel && this.#speaker.isSpeaking && isListening(text);
    this.#hearing = isBackchannel ? 'ignored' : this.#treatmentOf('speech');
  }

  speechEnds(text: string): void {
    if (this.#isOver) return;
    if (this.#settings.sendsSpeakerEvents) this.#tellSpeaker('clientSpeaking', 'off');
    const hearing = this.#hearing;
    this.#hearing = 'plain';
    if (hearing === 'ignored') return;
    const common = {
      type: 'prompt',
      lang: this.#language,
      ...(hearing === 'over_agent' ? { agentSpeaking: true } : {}),
    };
    for (const part of this.#settings.sendsPartialPrompts ? partsOf(text) : [])
      this.#send({ ...common, voicePrompt: part, last: false });
    after(this.#exchange, delayIn(this.#exchange, this.#exchange.options.latency.endpointing), () =>
      this.#send({ ...common, voicePrompt: text, last: true }),
    );
  }

  key(digit: string): void {
    if (this.#isOver || this.#treatmentOf('dtmf') === 'ignored') return;
    if (this.#settings.detectsKeys) this.#send({ type: 'dtmf', digit });
  }

  /** What becomes of speech or a key: it cuts in where it may, else it is reported or lost. */
  #treatmentOf(input: 'speech' | 'dtmf'): 'plain' | 'over_agent' | 'ignored' {
    if (!this.#speaker.isSpeaking) return 'plain';
    if (allows(this.#speaker.interruptible, input)) {
      this.#interrupt(input);
      return 'plain';
    }
    return allows(this.#settings.reportsDuringSpeech, input) ? 'over_agent' : 'ignored';
  }

  /** Some versions send the duration as text. */
  #interrupt(input: 'speech' | 'dtmf'): void {
    const cut = this.#speaker.cut();
    if (!cut) return;
    const durationUntilInterruptMs = input === 'speech' ? String(cut.durationMs) : cut.durationMs;
    this.#send({ type: 'interrupt', utteranceUntilInterrupt: cut.heard, durationUntilInterruptMs });
  }

  #begin(): void {
    this.#wasOpen = true;
    if (this.#isOver) return;
    const { call } = this.#live;
    call.isConversing = true;
    tellCall(this.#exchange, call);
    this.#send({
      type: 'setup',
      sessionId: this.#sessionId,
      accountSid: this.#exchange.options.accountSid,
      parentCallSid: call.parentCallSid ?? '',
      callSid: call.sid,
      from: call.from,
      to: call.to,
      forwardedFrom: '',
      callType: 'PSTN',
      callerName: '',
      direction: call.direction,
      callStatus: call.status.toUpperCase(),
      customParameters: this.#settings.parameters,
    });
    const { welcomeGreeting, welcomeGreetingInterruptible, isPreemptible } = this.#settings;
    if (welcomeGreeting === '') return;
    const interruptible = welcomeGreetingInterruptible;
    this.#speaker.say({
      token: welcomeGreeting,
      isLast: true,
      interruptible,
      isPreemptible,
      kind: 'greeting',
    });
  }

  #receive(data: string): void {
    if (this.#isOver) return;
    const frame = readBotFrame(data);
    if (frame.type !== 'bad') {
      this.#badFrames = 0;
      this.#obey(frame);
      return;
    }
    this.#badFrames += 1;
    this.#send({ type: 'error', description: `64107: invalid message received: ${frame.problem}` });
    if (this.#badFrames < BAD_FRAMES_ALLOWED) return;
    this.#finish('failed', null, { code: 64107, text: 'too many invalid messages' });
    this.#socket.close(1007);
  }

  #obey(frame: BotFrame): void {
    if (frame.type === 'text') this.#speak(frame.token, frame.last, 'text', frame);
    else if (frame.type === 'play') this.#speak(`♪ ${frame.source}`, true, 'play', frame);
    else if (frame.type === 'sendDigits') {
      this.#speak(frame.digits, true, 'digits', { interruptible: 'none', preemptible: false });
    } else if (frame.type === 'language') {
      this.#changeLanguage(frame.ttsLanguage, frame.transcriptionLanguage);
    } else {
      this.#finish('ended', frame.handoffData, null);
      this.#socket.close(1000);
    }
  }

  #speak(
    token: string,
    isLast: boolean,
    kind: Words['kind'],
    frame: { interruptible: Interruptible | null; preemptible: boolean | null },
  ): void {
    const interruptible = frame.interruptible ?? this.#settings.interruptible;
    const isPreemptible = frame.preemptible ?? this.#settings.isPreemptible;
    this.#speaker.say({ token, isLast, interruptible, isPreemptible, kind });
  }

  #changeLanguage(ttsLanguage: string | null, transcriptionLanguage: string | null): void {
    const unknown = [ttsLanguage, transcriptionLanguage].find((code) => code && !isKnownLanguage(code));
    if (unknown) this.#send({ type: 'error', description: `64106: unknown language ${unknown}` });
    else this.#language = transcriptionLanguage ?? this.#language;
  }

  #agentStarts(): void {
    if (this.#settings.sendsSpeakerEvents) this.#tellSpeaker('agentSpeaking', 'on');
    this.#live.contact?.agentStarts();
  }

  #dropByFault(kind: Words['kind']): void {
    if (kind !== 'text' || !strikes(this.#exchange.faults, 'drop_socket')) return;
    after(this.#exchange, DROP_AFTER_MS * this.#exchange.options.latency.pace, () =>
      this.#socket.terminate(),
    );
  }

  #agentStops(): void {
    if (this.#settings.sendsSpeakerEvents && !this.#isOver) this.#tellSpeaker('agentSpeaking', 'off');
  }

  #tellSpeaker(name: 'agentSpeaking' | 'clientSpeaking', value: 'on' | 'off'): void {
    this.#send({ type: 'info', name, value, ts: nowOf(this.#exchange) });
  }

  /** What goes wrong after the opening is told by the close that follows. */
  #connectFailed(error: Error): void {
    if (!this.#wasOpen) this.#fail(64102, `the socket could not be opened: ${error.message}`);
  }

  #fail(code: number, text: string): void {
    this.#finish('failed', null, { code, text });
  }

  #finish(status: SessionEnd['status'], handoff: string | null, problem: SessionEnd['problem']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#speaker.cut();
    this.#live.call.isConversing = false;
    tellCall(this.#exchange, this.#live.call);
    const seconds = Math.round((nowOf(this.#exchange) - this.#startedAt) / 1_000);
    this.#outcome.resolve({ sessionId: this.#sessionId, status, seconds, handoff, problem });
  }

  #send(frame: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

function allows(setting: Interruptible, input: 'speech' | 'dtmf'): boolean {
  return setting === 'any' || setting === input;
}

/** The small words with which people show that they listen. */
function isListening(text: string): boolean {
  return /^(uh[- ]?huh|mm?-?hmm?|hmm?|yeah|yes|yep|ok(ay)?|right|i see|sure|ja|oui|s[ií])[.!, ]*$/i.test(
    text.trim(),
  );
}

/** What the transcription believes on the way: the first half of the words. */
function partsOf(text: string): string[] {
  const words = text.split(' ');
  return words.length < 2 ? [] : [words.slice(0, Math.ceil(words.length / 2)).join(' ')];
}
