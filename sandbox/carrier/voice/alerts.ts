import { type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { recordTraffic } from '#sandbox/carrier/feed.ts';
import type { Call } from './call-book.ts';

const ALERTS_KEPT = 1_000;

/** Notes what the carrier's debugger would show; the bot hears nothing of it. */
export function alert(exchange: Exchange, call: Call, code: number, text: string): void {
  const at = nowOf(exchange);
  exchange.alerts.push({ at, callSid: call.sid, code, text });
  if (exchange.alerts.length > ALERTS_KEPT) exchange.alerts.shift();
  recordTraffic(exchange.feed, () => ({
    at,
    direction: 'in',
    title: `Alert ${code} on the call to ${call.to}`,
    status: null,
    durationMs: null,
    request: '',
    response: '',
    note: text,
  }));
}

/** The alert of an error whose message begins with Twilio's code. */
export function alertOf(exchange: Exchange, call: Call, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const [, code = '12100', text = message] = /^(\d{5}): (.*)$/s.exec(message) ?? [];
  alert(exchange, call, Number(code), text);
}
