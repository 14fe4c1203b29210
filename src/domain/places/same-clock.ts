import { spanAt } from '#domain/window-clock.ts';

/** In winter, in summer, and in the weeks in which America has changed its clocks and Europe has not. */
const PROBES = ['2026-01-15', '2026-03-20', '2026-07-15', '2026-10-28', '2027-01-15', '2027-07-15'].map(
  (date) => Date.parse(`${date}T12:00:00Z`),
);

/** Whether a zone keeps the same clock as one of these, under whatever name: `America/Detroit` and `America/New_York`. */
export function isAmong(zone: string, zones: readonly string[]): boolean {
  return zones.includes(zone) || zones.some((other) => clockOf(other) === clockOf(zone));
}

const clocks = new Map<string, string>();

function clockOf(zone: string): string {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = PROBES.map((at) => spanAt(zone, at)?.offsetMs ?? zone).join();
  clocks.set(zone, clock);
  return clock;
}
