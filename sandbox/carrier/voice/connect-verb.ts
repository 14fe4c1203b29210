import { delayIn } from '#sandbox/carrier/exchange.ts';
import type { Element } from '#sandbox/carrier/xml.ts';
import { alert } from './alerts.ts';
import { type Form, newSid } from './call-forms.ts';
import { endCall } from './ending.ts';
import { fetchTwiml, type Twiml } from './fetch-twiml.ts';
import { Relay, type SessionEnd } from './relay.ts';
import { RelayRefusal, type RelaySettings, readRelaySettings } from './relay-settings.ts';
import { pause } from './timers.ts';
import { addressIn, methodOf, type Step } from './verb-step.ts';

/** Hands the call to the bot's conversation, and asks its action how to go on when that has ended (telephony.md §4). */
export async function connect(step: Step, element: Element): Promise<Twiml | null> {
  const isDone = Promise.withResolvers<void>();
  step.live.wrapUp = isDone.promise;
  try {
    return await converseAndAsk(step, element);
  } finally {
    isDone.resolve();
  }
}

async function converseAndAsk(step: Step, element: Element): Promise<Twiml | null> {
  const { live, signal } = step;
  const [noun] = element.children;
  if (!noun) throw new Error('12200: <Connect> holds nothing');
  const end = await converse(step, noun);
  const isCallOver = live.ending.signal.aborted;
  const isRedirected = signal.aborted && !isCallOver;
  const { action } = element.attributes;
  if (!end || isRedirected || action === undefined) return null;
  const asked = askAction(step, addressIn(action, step.base), element, end);
  return isCallOver ? asked.then(noTwiml, noTwiml) : asked;
}

/** Nobody is on the line any more: whatever the action answers is not followed. */
function noTwiml(): null {
  return null;
}

/** One conversation from beginning to end; null when the carrier could not even open it. */
async function converse(step: Step, noun: Element): Promise<SessionEnd | null> {
  const { exchange, live, signal } = step;
  const settings = settingsOf(step, noun);
  if ('problem' in settings) return settings;
  const relay = new Relay(exchange, live, settings);
  live.ear = relay;
  const leave = () => relay.leave();
  signal.addEventListener('abort', leave);
  const end = await relay.ended;
  signal.removeEventListener('abort', leave);
  live.ear = null;
  if (end.problem) alert(exchange, live.call, end.problem.code, end.problem.text);
  if (end.problem?.code !== 64102) return end;
  endCall(exchange, live, 'completed');
  return null;
}

function settingsOf({ exchange, live }: Step, noun: Element): RelaySettings | SessionEnd {
  try {
    return readRelaySettings(noun);
  } catch (error) {
    if (!(error instanceof RelayRefusal)) throw error;
    const problem = { code: Number(error.message.slice(0, 5)), text: error.message.slice(7) };
    alert(exchange, live.call, problem.code, problem.text);
    return { sessionId: newSid('VX'), status: 'failed', seconds: 0, handoff: null, problem };
  }
}

async function askAction(step: Step, url: string, element: Element, end: SessionEnd): Promise<Twiml> {
  const { exchange, live } = step;
  const { signal } = exchange.closing;
  await pause(exchange, delayIn(exchange, exchange.options.latency.action), signal);
  if (signal.aborted) throw new Error('11200: the carrier is being stopped');
  const form: Form = {
    SessionId: end.sessionId,
    SessionStatus: end.status,
    SessionDuration: String(end.seconds),
  };
  if (end.handoff !== null) form.HandoffData = end.handoff;
  if (end.problem) {
    form.ErrorCode = String(end.problem.code);
    form.ErrorMessage = end.problem.text;
  }
  return fetchTwiml(exchange, live.call, { url, method: methodOf(element.attributes) }, form);
}
