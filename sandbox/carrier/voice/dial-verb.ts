import { once } from 'node:events';
import type { Exchange } from '#sandbox/carrier/exchange.ts';
import type { Element } from '#sandbox/carrier/xml.ts';
import { alert } from './alerts.ts';
import { addCall, type Call } from './call-book.ts';
import { durationSeconds } from './call-callbacks.ts';
import { endCall } from './ending.ts';
import { fetchTwiml, type Twiml } from './fetch-twiml.ts';
import { dial } from './leg.ts';
import { addLine } from './lines.ts';
import { createLiveCall, type Ear, type LiveCall } from './live-call.ts';
import { NO_INSTRUCTIONS, newCall } from './new-call.ts';
import { after } from './timers.ts';
import { addressIn, methodOf, type Step, wholeNumber } from './verb-step.ts';

const USUAL_TIMEOUT_SECONDS = 30;
const LONGEST_SECONDS = 14_400;
/** How long a contact and a person who is not on the page talk when they are put through to each other. */
const TALK_MS = 12_000;
const E164 = /^\+[1-9]\d{6,14}$/;

/** Puts the contact through to somebody, and asks the action how to go on when that has ended. */
export async function dialNumber(step: Step, element: Element): Promise<Twiml | null> {
  const { exchange, live, signal } = step;
  const number = (element.children[0]?.text ?? element.text).trim();
  const callerId = element.attributes.callerId ?? live.call.from;
  const refusal = refusalOf(step, number, callerId);
  if (refusal) alert(exchange, live.call, refusal, `<Dial> to ${number} from ${callerId}`);
  const child = refusal ? null : await bridge(step, element, number, callerId);
  if (signal.aborted) return null;
  const { action } = element.attributes;
  if (action === undefined) return null;
  const form = {
    DialCallStatus: child?.call.status ?? 'failed',
    ...(child ? { DialCallSid: child.call.sid, DialCallDuration: String(durationSeconds(child.call)) } : {}),
    DialBridged: String(child !== null && child.call.answeredAt !== null),
  };
  const address = { url: addressIn(action, step.base), method: methodOf(element.attributes) };
  return fetchTwiml(exchange, live.call, address, form);
}

function refusalOf({ exchange, live }: Step, number: string, callerId: string): number | null {
  if (!E164.test(number)) return 13224;
  const isOurs =
    exchange.senders.numbers.has(callerId) || callerId === live.call.from || callerId === live.call.to;
  if (!isOurs) return 13214;
  return exchange.options.forbiddenPrefixes.some((prefix) => number.startsWith(prefix)) ? 13227 : null;
}

/** Rings the other phone and holds both together; settles when the second leg is over. */
async function bridge(step: Step, element: Element, to: string, callerId: string): Promise<LiveCall> {
  const { exchange, live, signal } = step;
  const call = addCall(exchange.calls, {
    ...newCall(exchange, { to, from: callerId, direction: 'outbound-dial' }),
    parentCallSid: live.call.sid,
    settings: {
      instructions: NO_INSTRUCTIONS,
      statusCallback: null,
      statusCallbackMethod: 'POST',
      events: [],
      timeoutSeconds: wholeNumber(element.attributes.timeout, USUAL_TIMEOUT_SECONDS),
      timeLimitSeconds: wholeNumber(element.attributes.timeLimit, LONGEST_SECONDS),
      detection: null,
      recording: null,
    },
  });
  const child = createLiveCall(call, (answered) => join(exchange, live, answered));
  const letGo = () => endCall(exchange, child, call.answeredAt === null ? 'canceled' : 'completed');
  signal.addEventListener('abort', letGo);
  addLine(exchange, live.call, { who: 'carrier', text: 'The call is being put through' });
  dial(exchange, child);
  await once(child.ending.signal, 'abort');
  signal.removeEventListener('abort', letGo);
  live.ear = null;
  return child;
}

function join(exchange: Exchange, parent: LiveCall, child: LiveCall): void {
  parent.ear = passTo(exchange, child.call, 'The caller');
  child.ear = passTo(exchange, parent.call, 'The other side');
  parent.contact?.stop();
  const isPlayed = child.contact !== null;
  child.contact?.stop();
  addLine(exchange, parent.call, { who: 'carrier', text: 'The call has been put through' });
  if (!isPlayed) return;
  after(exchange, TALK_MS * exchange.options.latency.pace, () => endCall(exchange, child, 'completed'));
}

/** What one side says is heard by the other. */
function passTo(exchange: Exchange, call: Call, name: string): Ear {
  return {
    speechStarts: () => undefined,
    speechEnds: (text) => void addLine(exchange, call, { who: 'carrier', text: `${name}: “${text}”` }),
    key: () => undefined,
  };
}
