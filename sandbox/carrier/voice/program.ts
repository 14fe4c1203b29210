import type { Exchange } from '#sandbox/carrier/exchange.ts';
import { alertOf } from './alerts.ts';
import type { Instructions } from './call-book.ts';
import type { Form } from './call-forms.ts';
import { endCall } from './ending.ts';
import { fetchInstructions, type Twiml } from './fetch-twiml.ts';
import { addLine } from './lines.ts';
import { type LiveCall, OVER } from './live-call.ts';
import { VERBS } from './twiml-verbs.ts';

/**
 * Follows a document of instructions verb by verb until it ends, another takes its place, or the call is over. A call
 * without further instructions is hung up.
 */
export async function runProgram(
  exchange: Exchange,
  live: LiveCall,
  instructions: Instructions,
  extra: Form,
  beforeFirstVerb: (twiml: Twiml) => void = () => undefined,
): Promise<void> {
  live.program?.abort(OVER);
  const program = new AbortController();
  live.program = program;
  const { signal } = program;
  try {
    const twiml = await fetchInstructions(exchange, live.call, instructions, extra);
    if (signal.aborted || live.ending.signal.aborted) return;
    beforeFirstVerb(twiml);
    await follow(exchange, live, twiml, signal);
  } catch (error) {
    if (signal.aborted || live.ending.signal.aborted) return;
    alertOf(exchange, live.call, error);
    addLine(exchange, live.call, { who: 'carrier', text: 'An application error has occurred. Goodbye.' });
    endCall(exchange, live, live.call.answeredAt === null ? 'failed' : 'completed');
  }
}

async function follow(exchange: Exchange, live: LiveCall, first: Twiml, signal: AbortSignal): Promise<void> {
  let twiml: Twiml | null = first;
  while (twiml) {
    const current: Twiml = twiml;
    twiml = null;
    for (const element of current.root.children) {
      if (signal.aborted) return;
      const verb = VERBS[element.name];
      const next = await verb?.({ exchange, live, signal, base: current.base }, element);
      if (signal.aborted) return;
      if (next) {
        twiml = next;
        break;
      }
    }
  }
  endCall(exchange, live, 'completed');
}
