import { type RequestSlice, SLICE_MS } from '#domain/request-pace.ts';
import type { ApiToken } from '#operations/check-token.ts';
import { hashOf } from '#operations/create-token.ts';
import type { Deps } from '#operations/deps.ts';
import { type TakenRequests, takeRequests } from '#operations/take-requests.ts';

export type Admission =
  | { kind: 'admitted'; token: ApiToken }
  | { kind: 'unknown' }
  /** Its limit is reached; in so many milliseconds of real time more is allowed. */
  | { kind: 'waits'; token: ApiToken; waitMs: number };

/** What this process knows of a token, until it has to look again. */
type Known = { token: ApiToken; familyId: number; until: number };
/** What of a slice is left here, and when the last of it was spent. */
type Hold = RequestSlice & { left: number; lastAt: number };
/** What this process holds of the requests that a token and all that are made by it share. */
type Purse = { holds: Hold[]; nextAt: number };

const MANY = 1_000;

/**
 * Whether a request may be answered, known from memory for as long as a slice of the token's requests lasts, a second at
 * most: that is also how long a token that was revoked may still be taken here.
 */
export function createAdmission(
  deps: Pick<Deps, 'db' | 'clock' | 'randomToken'>,
): (secret: string) => Promise<Admission> {
  const tokens = new Map<string, Known>();
  const purses = new Map<number, Purse>();
  /** Secrets that are none, until they are looked at again: some clients never stop asking. */
  const refused = new Map<string, number>();
  const taking = new Map<string, Promise<Known | null>>();
  const realNow = () => deps.clock.toReal(deps.clock.now()).getTime();

  const take = (secret: string): Promise<Known | null> => {
    const known = tokens.get(secret);
    const purse = known && purses.get(known.familyId);
    const spent = purse ? purse.holds.splice(0).map(spentOf) : [];
    tokens.delete(secret);
    const begun = takeRequests(deps, { tokenHash: hashOf(secret), id: deps.randomToken(), spent })
      .then((taken) => keep(secret, taken))
      .finally(() => taking.delete(secret));
    taking.set(secret, begun);
    return begun;
  };

  const keep = (secret: string, taken: TakenRequests | null): Known | null => {
    if (!taken) return refuse(secret, realNow());
    if (tokens.size >= MANY) forgetLapsed(realNow());
    const { token, familyId, slice, nextAt } = taken;
    const purse = purses.get(familyId) ?? { holds: [], nextAt };
    if (slice.requests > 0) purse.holds.push({ ...slice, left: slice.requests, lastAt: 0 });
    purse.nextAt = nextAt;
    purses.set(familyId, purse);
    const known = { token, familyId, until: slice.until };
    tokens.set(secret, known);
    return known;
  };

  const refuse = (secret: string, now: number) => {
    for (const [other, until] of refused.size < MANY ? [] : refused) if (until <= now) refused.delete(other);
    if (refused.size < MANY) refused.set(secret, now + SLICE_MS);
    return null;
  };

  const forgetLapsed = (now: number) => {
    for (const [secret, { until }] of tokens) if (until <= now) tokens.delete(secret);
    const inUse = new Set([...tokens.values()].map(({ familyId }) => familyId));
    for (const id of purses.keys()) if (!inUse.has(id)) purses.delete(id);
  };

  /** Null when it is not known here any more, or nothing is left and there may be more to take. */
  const fromMemory = (secret: string): Admission | null => {
    const now = realNow();
    if (now < (refused.get(secret) ?? 0)) return { kind: 'unknown' };
    const known = tokens.get(secret);
    if (!known || now >= known.until) return null;
    const purse = purses.get(known.familyId);
    return purse ? spend(known.token, purse, deps.clock.now(), now) : null;
  };

  return async (secret) => {
    for (;;) {
      const answer = fromMemory(secret);
      if (answer) return answer;
      // One at a time for each token: whoever comes meanwhile shares what it brings.
      if (!(await (taking.get(secret) ?? take(secret)))) return { kind: 'unknown' };
    }
  };
}

/** Takes one request of what is held; null as above. */
function spend(token: ApiToken, purse: Purse, productNow: Date, now: number): Admission | null {
  if (token.expiresAt && token.expiresAt <= productNow) return { kind: 'unknown' };
  const hold = purse.holds.find(({ left, until }) => left > 0 && now < until);
  if (hold) {
    hold.left -= 1;
    hold.lastAt = now;
    return { kind: 'admitted', token };
  }
  return now < purse.nextAt ? { kind: 'waits', token, waitMs: purse.nextAt - now } : null;
}

function spentOf({ id, requests, left, lastAt }: Hold): RequestSlice {
  return { id, requests: requests - left, until: lastAt };
}
