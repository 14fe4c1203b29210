/** Slack's `<!date^…>` and rich-text dates: tokens in braces, drawn in the reader's zone. */
export function formatSlackDate(
  timestampSeconds: number,
  format: string,
  reader: { timeZone: string; nowMs: number },
): string {
  const atMs = timestampSeconds * 1000;
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokens[token]?.(atMs, reader) ?? whole);
}

export function formatTime(atMs: number, timeZone: string): string {
  return print(atMs, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function formatDayAndTime(atMs: number, timeZone: string): string {
  return `${print(atMs, timeZone, { weekday: 'short', day: 'numeric', month: 'short' })}, ${print(atMs, timeZone, timeWithSeconds)}`;
}

/** “Today”, “Yesterday” or the day written out. */
export function formatDay(atMs: number, reader: { timeZone: string; nowMs: number }): string {
  return (
    nearDay(atMs, reader) ??
    print(atMs, reader.timeZone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  );
}

export function dayKey(atMs: number, timeZone: string): string {
  return print(atMs, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' });
}

export function formatAgo(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1000);
  const [unit, size] = agoUnits.find(([, unitSeconds]) => Math.abs(seconds) >= unitSeconds) ?? ['second', 1];
  return relativeTime.format(Math.trunc(seconds / size), unit);
}

type Reader = { timeZone: string; nowMs: number };
type Options = Intl.DateTimeFormatOptions;

const timeWithSeconds: Options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
const dateNumbers: Options = { year: 'numeric', month: '2-digit', day: '2-digit' };
const dateMiddle: Options = { year: 'numeric', month: 'long', day: 'numeric' };
const dateShort: Options = { year: 'numeric', month: 'short', day: 'numeric' };
const dateLong: Options = { weekday: 'long', ...dateMiddle };

const tokens: Record<string, (atMs: number, reader: Reader) => string> = {
  date_num: (atMs, { timeZone }) => print(atMs, timeZone, dateNumbers),
  date: (atMs, { timeZone }) => print(atMs, timeZone, dateMiddle),
  date_short: (atMs, { timeZone }) => print(atMs, timeZone, dateShort),
  date_long: (atMs, { timeZone }) => print(atMs, timeZone, dateLong),
  date_pretty: (atMs, reader) => near(atMs, reader, dateMiddle),
  date_short_pretty: (atMs, reader) => near(atMs, reader, dateShort),
  date_long_pretty: (atMs, reader) => near(atMs, reader, dateLong),
  day_divider_pretty: (atMs, reader) => formatDay(atMs, reader),
  time: (atMs, { timeZone }) => formatTime(atMs, timeZone),
  time_secs: (atMs, { timeZone }) => print(atMs, timeZone, timeWithSeconds),
  ago: (atMs, { nowMs }) => formatAgo(atMs, nowMs),
};

const agoUnits: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];
const relativeTime = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const formatters = new Map<string, Intl.DateTimeFormat>();

function near(atMs: number, reader: Reader, options: Options): string {
  return nearDay(atMs, reader)?.toLowerCase() ?? print(atMs, reader.timeZone, options);
}

function nearDay(atMs: number, { timeZone, nowMs }: Reader): string | null {
  const day = dayKey(atMs, timeZone);
  if (day === dayKey(nowMs, timeZone)) return 'Today';
  if (day === dayKey(nowMs - 86_400_000, timeZone)) return 'Yesterday';
  if (day === dayKey(nowMs + 86_400_000, timeZone)) return 'Tomorrow';
  return null;
}

function print(atMs: number, timeZone: string, options: Options): string {
  const key = `${timeZone} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
    formatters.set(key, formatter);
  }
  return formatter.format(atMs);
}
