import { delayIn, type Exchange, nowOf, tellPhone } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import { personaIn, phoneOf } from '#sandbox/carrier/phones.ts';
import { type Call, contactNumberOf } from './call-book.ts';
import { postCallStatus } from './call-callbacks.ts';
import { playContact } from './contact.ts';
import { endCall } from './ending.ts';
import { tellCall } from './lines.ts';
import type { LiveCall } from './live-call.ts';
import { after } from './timers.ts';
import { type VoiceRule, voiceRuleOf } from './voice-rules.ts';

/** Dials: initiated, then ringing or a failure, then whatever the contact does. */
export function dial(exchange: Exchange, live: LiveCall): void {
  const { call } = live;
  const now = nowOf(exchange);
  exchange.live.set(call.sid, live);
  call.startedAt = now;
  call.queueMs = now - call.createdAt;
  phoneOf(exchange.phones, call.to);
  tellPhone(exchange, call.to);
  void postCallStatus(exchange, call, 'initiated', 'initiated');
  after(exchange, delayIn(exchange, exchange.options.latency.ring), () => ring(exchange, live));
}

/** The number is reached, or it is not. */
export function ring(exchange: Exchange, live: LiveCall): void {
  const { call } = live;
  if (live.ending.signal.aborted || call.status !== 'queued') return;
  const rule = contactRule(exchange, call.to);
  if (strikes(exchange.faults, 'calls_failing') || rule.ring === 'fails') {
    endCall(exchange, live, 'failed', rule.sipCode);
    return;
  }
  move(exchange, call, 'ringing');
  void postCallStatus(exchange, call, 'ringing', 'ringing');
  after(exchange, call.settings.timeoutSeconds * 1_000, () => giveUp(exchange, live));
  if (isOnAnotherCall(exchange, live)) soonBusy(exchange, live);
  else if (!phoneOf(exchange.phones, call.to).isTaken) RINGING[rule.ring](exchange, live, rule);
}

/** Somebody picks up; `rule` plays them, or nobody does because a person on the page speaks for them. */
export function pickUp(exchange: Exchange, live: LiveCall, rule: VoiceRule | null): void {
  const { call } = live;
  if (live.ending.signal.aborted || call.status !== 'ringing') return;
  call.answeredAt = nowOf(exchange);
  move(exchange, call, 'in-progress');
  void postCallStatus(exchange, call, 'answered', 'in-progress');
  limitTime(exchange, live);
  if (rule) playContact(exchange, live, rule);
  live.onAnswered(live);
}

/** The longest a call may last, whatever happens on it. */
export function limitTime(exchange: Exchange, live: LiveCall): void {
  after(exchange, live.call.settings.timeLimitSeconds * 1_000, () => endCall(exchange, live, 'completed'));
}

export function contactRule(exchange: Exchange, phoneNumber: string): VoiceRule {
  return voiceRuleOf(personaIn(exchange.phones, phoneNumber).id, phoneNumber, exchange.options.seed);
}

type Ringing = (exchange: Exchange, live: LiveCall, rule: VoiceRule) => void;

const RINGING: Record<VoiceRule['ring'], Ringing> = {
  picks_up: (exchange, live, rule) => {
    const { pickUp: span } = exchange.options.latency;
    act(exchange, live, delayIn(exchange, span) * rule.slowness, () => pickUp(exchange, live, rule));
  },
  busy: (exchange, live) => soonBusy(exchange, live),
  rings_out: (exchange, live) => ringOut(exchange, live),
  rings_out_at_first: (exchange, live, rule) => {
    const isFirst = exchange.calls.byTo.get(live.call.to)?.[0] === live.call;
    if (isFirst) ringOut(exchange, live);
    else RINGING.picks_up(exchange, live, rule);
  },
  declines: (exchange, live, rule) => {
    const { pickUp: span } = exchange.options.latency;
    act(exchange, live, delayIn(exchange, span), () => endCall(exchange, live, 'no-answer', rule.sipCode));
  },
  fails: (exchange, live, rule) => endCall(exchange, live, 'failed', rule.sipCode),
};

function ringOut(exchange: Exchange, live: LiveCall): void {
  const { pace } = exchange.options.latency;
  act(exchange, live, live.call.settings.timeoutSeconds * 1_000 * pace, () => giveUp(exchange, live));
}

function soonBusy(exchange: Exchange, live: LiveCall): void {
  const { ring: span } = exchange.options.latency;
  act(exchange, live, delayIn(exchange, span), () => endCall(exchange, live, 'busy'));
}

/** What the contact does while it rings, unless a person on the page has taken their place meanwhile. */
function act(exchange: Exchange, live: LiveCall, delayMs: number, task: () => void): void {
  after(exchange, delayMs, () => {
    if (live.call.status !== 'ringing' || phoneOf(exchange.phones, live.call.to).isTaken) return;
    task();
  });
}

function giveUp(exchange: Exchange, live: LiveCall): void {
  if (live.call.status === 'ringing') endCall(exchange, live, 'no-answer');
}

function isOnAnotherCall(exchange: Exchange, live: LiveCall): boolean {
  if (live.call.isTwin) return false;
  return [...exchange.live.values()].some((other) => isHeldBy(other, live.call.to) && other !== live);
}

function isHeldBy({ call }: LiveCall, phoneNumber: string): boolean {
  return call.status === 'in-progress' && !call.isTwin && contactNumberOf(call) === phoneNumber;
}

function move(exchange: Exchange, call: Call, status: Call['status']): void {
  call.status = status;
  call.updatedAt = nowOf(exchange);
  tellCall(exchange, call);
}
