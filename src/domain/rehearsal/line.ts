/** People or attempts in the order of their instants, and where those are the same in the order of their numbers. */
export type Line = {
  readonly length: number;
  /** The instant of the first, or null when nobody is in line. */
  firstAt(): number | null;
  add(at: number, index: number): void;
  /** Takes the first out; null when nobody is in line. */
  take(): { at: number; index: number } | null;
};

type Place = { at: number; index: number };

/** An empty line: a binary heap, so that a hundred thousand places cost a few comparisons each. */
export function emptyLine(): Line {
  const places: Place[] = [];
  return {
    get length() {
      return places.length;
    },
    firstAt: () => places[0]?.at ?? null,
    add(at, index) {
      places.push({ at, index });
      rise(places, places.length - 1);
    },
    take() {
      const [first] = places;
      const last = places.pop();
      if (!first || !last) return null;
      if (places.length > 0) {
        places[0] = last;
        sink(places);
      }
      return first;
    },
  };
}

function isBefore(one: Place, other: Place): boolean {
  return one.at === other.at ? one.index < other.index : one.at < other.at;
}

function rise(places: Place[], from: number): void {
  let at = from;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!swapIfBefore(places, at, above)) return;
    at = above;
  }
}

function sink(places: Place[]): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [one, other] = [places[left], places[left + 1]];
    if (!one) return;
    const below = other && isBefore(other, one) ? left + 1 : left;
    if (!swapIfBefore(places, below, at)) return;
    at = below;
  }
}

function swapIfBefore(places: Place[], lower: number, upper: number): boolean {
  const [one, other] = [places[lower], places[upper]];
  if (!one || !other || !isBefore(one, other)) return false;
  places[lower] = other;
  places[upper] = one;
  return true;
}
