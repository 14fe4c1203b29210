import { createHmac, timingSafeEqual } from 'node:crypto';
import { LIMITS } from './limits.ts';

export type SignedRequest = {
  timestamp: string | undefined;
  signature: string | undefined;
  body: Uint8Array;
};

/**
 * Whether Slack signed these very bytes within the last five minutes. Compared in constant time; a timestamp from the
 * future is refused too, since only a forged or replayed one can be that far off.
 */
export function isSigned(request: SignedRequest, signingSecret: string, nowMs: number): boolean {
  const { timestamp, signature, body } = request;
  if (!signingSecret || !timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > LIMITS.signatureAgeSeconds) return false;
  const expected = sign({ timestamp, body }, signingSecret);
  const [ours, theirs] = [Buffer.from(expected), Buffer.from(signature)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}

function sign(request: { timestamp: string; body: Uint8Array }, signingSecret: string): string {
  const hmac = createHmac('sha256', signingSecret).update(`v0:${request.timestamp}:`).update(request.body);
  return `v0=${hmac.digest('hex')}`;
}
