import type { Act, TalkFacts } from '#domain/conversation/talk.ts';
import { readToolUse } from '#domain/conversation/tools.ts';
import type { Deps } from '#operations/deps.ts';
import type { TalkingCall } from '#operations/open-conversation.ts';
import { type ActResult, runCallAct } from '#operations/run-call-act.ts';
import type { ModelToolCall } from '#ports/model.ts';
import { endingOf, refusedUse, type ToolUse } from './tool-use.ts';
import type { Transcript } from './transcript.ts';

/** What is committed before it is spoken is worth another try. */
const TRIES = 3;

/** What the assistant does on one call, each act committed when its promise resolves. */
export class CallActs {
  readonly #deps: Deps;
  readonly #call: TalkingCall;
  readonly #transcript: Transcript;
  #count = 0;

  constructor(deps: Deps, call: TalkingCall, transcript: Transcript) {
    this.#deps = deps;
    this.#call = call;
    this.#transcript = transcript;
  }

  /** Does something once for each key. Never throws: what could not be committed was not done. */
  async run(act: Act, key?: string): Promise<ActResult> {
    this.#count += 1;
    const use = { key: key ?? `${this.#call.session}.${this.#count}.${act.tool}`, act };
    for (let tried = 1; ; tried += 1) {
      try {
        return await runCallAct(this.#deps, this.#call, use);
      } catch (cause) {
        const { id: callId } = this.#call;
        this.#deps.log.error({ cause, callId, tool: act.tool }, 'an act on a call was not committed');
        if (tried === TRIES) return { ok: false, problem: 'It could not be noted just now.' };
      }
    }
  }

  /** Does what a model asked for, unless the person spoke meanwhile or it may not. */
  async use(
    { id, name, argumentsJson }: ModelToolCall,
    { number, signal }: { number: number; signal: AbortSignal },
    facts: TalkFacts,
  ): Promise<ToolUse> {
    if (signal.aborted) return refusedUse('Not done: the person spoke meanwhile.');
    const read = readToolUse(name, argumentsJson, this.#call.scope);
    if (!read.ok) return refusedUse(read.problem);
    const result = await this.run(read, `${this.#call.session}.${number}.${id}`);
    if (!result.ok) return refusedUse(result.problem);
    this.#transcript.did(read.tool, JSON.stringify(result.told));
    return { result: { ok: true, ...result.told }, ...endingOf(read.tool, read.arguments, facts) };
  }
}
