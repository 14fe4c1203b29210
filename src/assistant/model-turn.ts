import { feedSpeech, flushSpeech } from '#domain/conversation/speech-text.ts';
import type { Ending } from '#domain/conversation/talk.ts';
import type { LanguageModel, ModelPiece, ModelTool, ModelToolCall } from '#ports/model.ts';
import type { ChatHistory } from './chat-history.ts';
import type { Timers } from './timers.ts';

/** Real time: after so long without a word the person is told to wait, and after so long the turn is given up. */
const FILLER_MS = 2_000;
const PATIENCE_MS = 6_000;
/** How often tools may be used before something must be said. */
const MOST_TOOL_ROUNDS = 3;

/** What one turn of the model works with. Nothing it says or does counts once `signal` is aborted. */
export type ModelTurn = {
  model: LanguageModel;
  modelName: string | null;
  system: string;
  history: ChatHistory;
  tools: ModelTool[];
  timers: Timers;
  signal: AbortSignal;
  filler: string;
  /** A message was begun, whose words will come into it. */
  begun(message: { content: string }): void;
  /** Says a piece of the answer; the first begins a message. */
  speak(piece: string): void;
  /** Says that what was said of this message is all of it. */
  finish(): void;
  /** Uses a tool; `ending` when the call ends after it. */
  use(call: ModelToolCall): Promise<{ result: unknown; ending: Ending | null; lastWords: string | null }>;
};

/**
 * How a turn came out. `failed`: the model was silent, too slow or broke off, after having said something or not.
 * `stopped`: the person spoke meanwhile. `ending`: a tool ended the call, with the words that must still be said.
 */
export type TurnOutcome =
  | { kind: 'said' }
  | { kind: 'stopped' }
  | { kind: 'failed'; hasSpoken: boolean; cause: unknown }
  | { kind: 'ending'; ending: Ending; lastWords: string | null; hasSpoken: boolean };

/** Lets the model answer: words as they come, tools in between, at most three rounds of them (telephony.md §4). */
export async function runModelTurn(turn: ModelTurn): Promise<TurnOutcome> {
  const said = { hasSpoken: false };
  for (let round = 0; ; round += 1) {
    const heard = await readRound(turn, round, said);
    if (heard.kind !== 'heard') return heard;
    if (heard.calls.length === 0) {
      turn.finish();
      return { kind: 'said' };
    }
    const ending = await useTools(turn, heard.calls);
    if (turn.signal.aborted) return { kind: 'stopped' };
    if (ending) return { kind: 'ending', ...ending, hasSpoken: said.hasSpoken };
  }
}

type Round = { kind: 'heard'; calls: ModelToolCall[] } | Extract<TurnOutcome, { kind: 'stopped' | 'failed' }>;
type Said = { hasSpoken: boolean };

/** One answer of the model: its words are said while they come, its tool calls are returned. */
async function readRound(turn: ModelTurn, round: number, said: Said): Promise<Round> {
  const { history } = turn;
  const patience = createPatience(turn, said);
  const request = {
    model: turn.modelName,
    messages: history.messages(turn.system),
    tools: round < MOST_TOOL_ROUNDS ? turn.tools : [],
    signal: patience.signal,
  };
  const calls: ModelToolCall[] = [];
  const speaker = createSpeaker(turn, said);
  const take = (piece: ModelPiece) => {
    if (piece.kind === 'text') speaker.take(piece.text);
    else if (request.tools.length > 0) calls.push(piece.call);
  };
  try {
    for await (const piece of untilAborted(turn.model.respond(request), patience.signal)) {
      patience.renew();
      take(piece);
    }
    speaker.flush();
  } catch (cause) {
    if (turn.signal.aborted) return { kind: 'stopped' };
    if (said.hasSpoken) turn.finish();
    return { kind: 'failed', hasSpoken: said.hasSpoken, cause };
  } finally {
    patience.end();
  }
  if (turn.signal.aborted) return { kind: 'stopped' };
  if (calls.length === 0 && !said.hasSpoken) {
    return { kind: 'failed', hasSpoken: false, cause: new Error('the model said nothing') };
  }
  if (calls.length > 0) speaker.message().toolCalls = calls;
  return { kind: 'heard', calls };
}

function createSpeaker(turn: ModelTurn, said: Said) {
  let held = '';
  let message: ReturnType<ChatHistory['said']> | null = null;
  const begin = () => {
    if (!message) {
      message = turn.history.said('');
      turn.begun(message);
    }
    return message;
  };
  const speak = (ready: string) => {
    if (turn.signal.aborted || (ready.trim() === '' && !message)) return;
    begin().content += ready;
    said.hasSpoken = true;
    turn.speak(ready);
  };
  return {
    take(text: string) {
      const flow = feedSpeech(held, text);
      held = flow.held;
      if (flow.ready !== '') speak(flow.ready);
    },
    flush() {
      const rest = flushSpeech(held);
      held = '';
      if (rest !== '') speak(rest);
    },
    message: begin,
  };
}

/** Runs every tool of a round in order; the call’s end, if one of them ends it. */
async function useTools(
  turn: ModelTurn,
  calls: ModelToolCall[],
): Promise<{ ending: Ending; lastWords: string | null } | null> {
  let ending: { ending: Ending; lastWords: string | null } | null = null;
  for (const call of calls) {
    const used: Awaited<ReturnType<ModelTurn['use']>> =
      turn.signal.aborted || ending
        ? {
            result: { ok: false, problem: 'Not done: the person spoke, or the call ends.' },
            ending: null,
            lastWords: null,
          }
        : await turn.use(call);
    turn.history.answered(call.id, used.result);
    if (used.ending) ending = { ending: used.ending, lastWords: used.lastWords };
  }
  return ending;
}

/** The waits of one answer: each piece renews them, and only who has heard nothing yet is asked to wait. */
function createPatience({ timers, signal, speak, filler }: ModelTurn, said: Said) {
  const tooSlow = new AbortController();
  const start = () => timers.inReal(PATIENCE_MS, () => tooSlow.abort(new Error('the model was too slow')));
  let stop = start();
  const stopFiller = timers.inReal(FILLER_MS, () => {
    if (!said.hasSpoken && !signal.aborted) speak(filler);
  });
  return {
    signal: AbortSignal.any([signal, tooSlow.signal]),
    renew() {
      stop();
      stopFiller();
      stop = start();
    },
    end() {
      stop();
      stopFiller();
    },
  };
}

/** The pieces as they come, also of a stream that does not care about its signal. */
async function* untilAborted(
  pieces: AsyncIterable<ModelPiece>,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece> {
  const iterator = pieces[Symbol.asyncIterator]();
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp);
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
    if (signal.aborted) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
