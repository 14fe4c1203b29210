const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long after each failed try the next one comes, in minutes: ten more over two days and a third. */
const RETRY_MINUTES = [1, 5, 15, 30, 60, 120, 240, 480, 960, 1_440];

/** So many failures in a row, and the other end is down rather than unlucky. */
const REST_AFTER = 5;
const SHORTEST_REST_MS = 30_000;
const LONGEST_REST_MS = 15 * MINUTE_MS;
/** What the other end may ask us to wait at most. */
const LONGEST_WISH_MS = HOUR_MS;

/** A webhook that took nothing for so long is switched off. */
export const GIVES_UP_AFTER_MS = 72 * HOUR_MS;

/** What came of sending once. `failed`: nothing was answered, and `problem` says why as a sentence. */
export type WebhookAnswer =
  | { kind: 'answered'; status: number; ms: number; body: string; retryAfterMs: number | null }
  | { kind: 'failed'; problem: string; ms: number };

/** What it means for the delivery and its webhook. */
export type DeliveryVerdict =
  | { kind: 'delivered' }
  | { kind: 'again'; afterMs: number; restMs: number }
  | { kind: 'given_up' }
  | { kind: 'gone' };

/**
 * What follows from an answer after `tries` tries: any 2xx is taken, 410 means the receiver is gone for good (RFC 9110
 * §15.5.11), and everything else is tried again later, later each time, until nothing is left to try.
 */
export function judgeAnswer(answer: WebhookAnswer, tries: number): DeliveryVerdict {
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
  if (answer.kind === 'answered' && answer.status === 410) return { kind: 'gone' };
  const minutes = RETRY_MINUTES[tries - 1];
  if (minutes === undefined) return { kind: 'given_up' };
  const wishMs = answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0;
  return { kind: 'again', afterMs: minutes * MINUTE_MS, restMs: Math.min(wishMs, LONGEST_WISH_MS) };
}

/** Whether the other end seems to be down, so that one delivery at a time is enough to find out whether it is back. */
export function seemsDown(failures: number): boolean {
  return failures >= REST_AFTER;
}

/** How long nothing is sent after so many failures in a row, in milliseconds. */
export function restAfter(failures: number): number {
  if (!seemsDown(failures)) return 0;
  return Math.min(LONGEST_REST_MS, SHORTEST_REST_MS * 2 ** (failures - REST_AFTER));
}

/** Why a try was not taken, as a sentence; null when it was. */
export function problemOf(answer: WebhookAnswer): string | null {
  if (answer.kind === 'failed') return answer.problem;
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  if (status === 410) return 'It answered 410: it is gone for good.';
  if (status >= 300 && status < 400)
    return `It answered ${status}, which leads elsewhere. Redirects are not followed: use the address that it leads to.`;
  return `It answered ${status}. Only 200 to 299 count as taken.`;
}
