/**
 * Requests that a process may answer, or has answered, under one token: `requests` of them, the last no later than
 * `until` (milliseconds of real time).
 */
export type RequestSlice = { id: string; requests: number; until: number };

export type SliceWish = {
  /** Of all requests under the token within any second. */
  limit: number;
  /** Milliseconds of real time, by clocks that agree. */
  now: number;
  /** Names the slice that is taken. */
  id: string;
  /** What came of the slices that the process had before: how many were spent, the last of them when. */
  spent: readonly RequestSlice[];
};

export type SliceGrant = {
  /** To be kept: whatever may fall into the same second as a request to come. */
  recent: RequestSlice[];
  slice: RequestSlice;
  /** When more can be had, where the slice is empty. */
  nextAt: number;
};

/** A slice that is not spent by then lapses, so what is known of its token is never older. */
export const SLICE_MS = 1_000;

/**
 * Takes a slice of what a token allows, from what all processes together have taken of it lately. However slices are taken
 * and spent, no second (from an instant until just before the same one a second later) holds more requests than the limit:
 * a slice counts as spent in full until its last request is a second old, or, as long as nobody has said when that was,
 * until a second after it lapses. Slices become smaller as less is left, so that one process cannot hold on to what
 * another one needs, but not so small that every request would take one.
 */
export function takeSlice(recent: readonly RequestSlice[], { limit, now, id, spent }: SliceWish): SliceGrant {
  const counted = settle(recent, spent)
    .map((slice) => ({ ...slice, until: Math.min(slice.until, now + SLICE_MS) }))
    .filter(({ requests, until }) => requests > 0 && until > now - WINDOW_MS);
  const free = Math.max(0, limit - counted.reduce((sum, { requests }) => sum + requests, 0));
  const requests = Math.min(
    free,
    Math.max(Math.ceil(limit / SMALLEST_PART), Math.floor(free / LARGEST_PART)),
  );
  const slice = { id, requests, until: now + SLICE_MS };
  return {
    recent: requests > 0 ? [...counted, slice] : counted,
    slice,
    nextAt: requests > 0 ? now : Math.min(...counted.map(({ until }) => until)) + WINDOW_MS,
  };
}

const WINDOW_MS = 1_000;
const SMALLEST_PART = 20;
const LARGEST_PART = 4;

function settle(recent: readonly RequestSlice[], spent: readonly RequestSlice[]): readonly RequestSlice[] {
  return recent.map((slice) => spent.find(({ id }) => id === slice.id) ?? slice);
}
