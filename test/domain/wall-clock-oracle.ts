/**
 * Calling hours decided the slow and obvious way, sharing nothing with the product: ask the runtime what the clock on the
 * wall of each zone shows at one minute, compare texts, go to the next minute.
 */
type Question = {
  at: Date;
  zones: readonly string[];
  hours: readonly { start: string; end: string; days: readonly string[] }[];
};

const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isOpenByTheClockOnTheWall(ms: number, { zones, hours }: Question): boolean {
  return zones.every((zone) => {
    const [weekday, time] = wallClock(zone, ms);
    return hours.every(({ start, end, days }) => days.includes(weekday) && start <= time && time < end);
  });
}

export function firstOpenMinute(question: Question): number | null {
  const start = question.at.getTime();
  const firstMinute = Math.ceil(start / MINUTE_MS) * MINUTE_MS;
  for (let t = firstMinute; t <= start + 14 * 1440 * MINUTE_MS; t += MINUTE_MS) {
    if (isOpenByTheClockOnTheWall(t, question)) return t;
  }
  return null;
}

/** The weekday in English and the time as HH:MM. */
export function wallClock(zone: string, ms: number): [string, string] {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'long',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const [weekday = '', time = ''] = format
    .format(ms)
    .toLowerCase()
    .split(/,? (?:at )?(?=\d)/);
  return [weekday, time];
}
