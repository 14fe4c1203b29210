import type { RequestSlice } from '#domain/request-pace.ts';
import type { ApiToken } from '#operations/check-token.ts';
import { hashOf } from '#operations/create-token.ts';
import type { Deps } from '#operations/deps.ts';
import { type TakenRequests, takeRequests } from '#operations/take-requests.ts';

export type Admission =
  | { kind: 'admitted'; token: ApiToken }
  | { kind: 'unknown' }
  /** Its limit is reached; in so many milliseconds of real time more is allowed. */
  | { kind: 'waits'; token: ApiToken; waitMs: number };

/** What this process holds of a token: who it is, and how many of its requests are left here. */
type Held = TakenRequests & { left: number; lastAt: number };

const MANY = 1_000;

/**
 * Whether a request may be answered, known from memory for as long as a slice of the token's requests lasts, a second at
 * most: that is also how long a token that was revoked may still be taken here.
 */
export function createAdmission(
  deps: Pick<Deps, 'db' | 'clock' | 'randomToken'>,
): (secret: string) => Promise<Admission> {
  const held = new Map<string, Held>();
  const taking = new Map<string, Promise<Held | null>>();
  const realNow = () => deps.clock.toReal(deps.clock.now()).getTime();

  const take = (secret: string): Promise<Held | null> => {
    const spent = spentOf(held.get(secret));
    held.delete(secret);
    const begun = takeRequests(deps, { tokenHash: hashOf(secret), id: deps.randomToken(), spent })
      .then((taken) => keep(secret, taken))
      .finally(() => taking.delete(secret));
    taking.set(secret, begun);
    return begun;
  };

  const keep = (secret: string, taken: TakenRequests | null): Held | null => {
    if (!taken) return null;
    if (held.size >= MANY) forgetLapsed(held, realNow());
    const own = { ...taken, left: taken.slice.requests, lastAt: 0 };
    held.set(secret, own);
    return own;
  };

  return async (secret) => {
    for (;;) {
      const now = realNow();
      const own = held.get(secret);
      const known = own && now < own.slice.until ? spend(own, deps.clock.now(), now) : null;
      if (known) return known;
      // One at a time for each token: whoever comes meanwhile shares what it brings.
      if (!(await (taking.get(secret) ?? take(secret)))) return { kind: 'unknown' };
    }
  };
}

/** Takes one request of what is held; null when nothing is left and there may be more to take. */
function spend(own: Held, productNow: Date, now: number): Admission | null {
  const { token } = own;
  if (token.expiresAt && token.expiresAt <= productNow) return { kind: 'unknown' };
  if (own.left > 0) {
    own.left -= 1;
    own.lastAt = now;
    return { kind: 'admitted', token };
  }
  return now < own.nextAt ? { kind: 'waits', token, waitMs: own.nextAt - now } : null;
}

function spentOf(own: Held | undefined): RequestSlice | null {
  return own ? { id: own.slice.id, requests: own.slice.requests - own.left, until: own.lastAt } : null;
}

function forgetLapsed(held: Map<string, Held>, now: number): void {
  for (const [secret, { slice }] of held) if (slice.until <= now) held.delete(secret);
}
