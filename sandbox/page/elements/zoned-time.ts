/** `2026-03-29T02:30` as a clock on the wall in `timeZone` reads it → unix seconds; a skipped hour moves forward. */
export function secondsAtWallTime(wallTime: string, timeZone: string): number | null {
  const asUtcMs = Date.parse(`${wallTime}Z`);
  if (Number.isNaN(asUtcMs)) return null;
  const firstGuessMs = asUtcMs - offsetMs(asUtcMs, timeZone);
  const guessMs = asUtcMs - offsetMs(firstGuessMs, timeZone);
  return Math.floor(guessMs / 1000);
}

/** The value of a `datetime-local` control that shows this instant in `timeZone`. */
export function wallTimeAt(seconds: number, timeZone: string): string {
  const ms = seconds * 1000;
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 16);
}

function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value ?? 0);
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wallMs - Math.floor(atMs / 1000) * 1000;
}
