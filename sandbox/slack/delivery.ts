/** One delivery to the bot: over a connected Socket Mode client, else a signed HTTP request; three seconds to answer. */

import { createHmac } from 'node:crypto';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import type { StandInOptions } from './options.ts';
import type { Sockets } from './socket-mode.ts';
import type { TrafficLog } from './traffic.ts';

export type DeliveryKind = 'event' | 'command' | 'interaction';
export type Retry = { num: number; reason: string };
export type Outgoing = { kind: DeliveryKind; title: string; payload: JsonObject; retry?: Retry };

export type Delivered =
  | { outcome: 'answered'; status: number; body: string; isFinal: boolean }
  | { outcome: 'failed'; reason: 'http_timeout' | 'connection_failed' };

export type DeliveryRecord = Outgoing & { at: number; delivered: Delivered };
export type Deliver = (outgoing: Outgoing) => Promise<Delivered>;

type Parts = { options: StandInOptions; traffic: TrafficLog; sockets: Sockets; closing: AbortSignal };

export function createDeliver({ options, traffic, sockets, closing }: Parts): Deliver {
  return async (outgoing) => {
    const at = options.clock.now();
    const end = traffic.begin({
      direction: 'in',
      title: outgoing.title,
      request: JSON.stringify(outgoing.payload, null, 1),
      note: outgoing.retry ? `Retry ${outgoing.retry.num} (${outgoing.retry.reason})` : '',
    });
    const delivered = sockets.isConnected()
      ? await sockets.send(outgoing)
      : await post(options, outgoing, closing);
    end(
      delivered.outcome === 'answered'
        ? { status: delivered.status, response: delivered.body }
        : { status: null, response: '', note: `Not answered (${delivered.reason})` },
    );
    options.observeDelivery({ ...outgoing, at, delivered });
    return delivered;
  };
}

/** `v0=` and the HMAC-SHA256 of `v0:{timestamp}:{raw body}`. */
function sign(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

async function post(options: StandInOptions, outgoing: Outgoing, closing: AbortSignal): Promise<Delivered> {
  if (options.botRequestUrl === null) return { outcome: 'failed', reason: 'connection_failed' };
  const deadline = AbortSignal.timeout(options.ackDeadlineMs);
  try {
    const response = await fetch(options.botRequestUrl, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([deadline, closing]),
      ...request(options, outgoing),
    });
    return {
      outcome: 'answered',
      status: response.status,
      body: await response.text(),
      isFinal: response.headers.get('x-slack-no-retry') === '1',
    };
  } catch {
    return { outcome: 'failed', reason: deadline.aborted ? 'http_timeout' : 'connection_failed' };
  }
}

function request(
  options: StandInOptions,
  outgoing: Outgoing,
): { headers: Record<string, string>; body: string } {
  const body = encode(outgoing);
  const timestamp = String(Math.floor(options.clock.now() / 1000));
  const headers: Record<string, string> = {
    'content-type': outgoing.kind === 'event' ? 'application/json' : 'application/x-www-form-urlencoded',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': sign(options.signingSecret, timestamp, body),
  };
  if (outgoing.retry) {
    headers['x-slack-retry-num'] = String(outgoing.retry.num);
    headers['x-slack-retry-reason'] = outgoing.retry.reason;
  }
  return { headers, body };
}

function encode({ kind, payload }: Outgoing): string {
  if (kind === 'event') return JSON.stringify(payload);
  if (kind === 'interaction') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(
    Object.entries(payload).map(([name, value]) => [name, String(value)]),
  ).toString();
}
