import type { PlaceResult } from '#ports/telephony.ts';
import { CAPACITY_PAUSE_MS, refusalFor } from './error-table.ts';
import { RequestLost, TwilioRefused } from './request-problem.ts';

const BUSY_PAUSE_MS = 1_000;
const UNREACHABLE_PAUSE_MS = 5_000;

/**
 * What became of a create that did not succeed (telephony.md §1, “Outcome of a create”). Only a refusal in Twilio's own
 * words, and a request that never left, are certain; everything else may have been placed.
 */
export function placeResultOf(problem: unknown): PlaceResult {
  if (problem instanceof TwilioRefused) return ofAnswer(problem);
  if (!(problem instanceof RequestLost)) return { kind: 'unknown', cause: 'unreadable answer' };
  if (problem.wasSent) return { kind: 'unknown', cause: problem.code };
  return { kind: 'throttled', retryAfterMs: UNREACHABLE_PAUSE_MS, code: problem.code };
}

function ofAnswer({ status, code, retryAfterMs, message }: TwilioRefused): PlaceResult {
  const usual = CAPACITY_PAUSE_MS.get(code ?? 0) ?? (status === 429 ? BUSY_PAUSE_MS : null);
  if (usual !== null && status < 500) {
    return {
      kind: 'throttled',
      retryAfterMs: Math.max(retryAfterMs ?? usual, usual),
      code: String(code ?? status),
    };
  }
  if (status >= 400 && status < 500 && code !== null) return { kind: 'rejected', refusal: refusalFor(code) };
  return { kind: 'unknown', cause: message };
}
