import { createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';

const KEPT_BYTES = 20 * 1024 * 1024;
const LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** Said once per line elsewhere, or meant for machines. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v']);

export type BotLog = { write(line: string): void; close(): Promise<void> };

/** Appends to the file; a file that has grown large is kept once as `….before`. */
export async function openBotLog(path: string): Promise<BotLog> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > KEPT_BYTES) await rename(path, `${path}.before`);
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  file.on('error', () => undefined);
  return {
    write: (line) => {
      file.write(`${line}\n`);
    },
    close: () => new Promise((resolve) => file.end(resolve)),
  };
}

/** A log line for the terminal: when, how bad, what, and as much of the details as fits. */
export function shortenLogLine(line: string, width: number): string {
  const entry = parse(line);
  if (!entry) return cut(line, width);
  const { level, time, msg, ...details } = entry;
  const at = typeof time === 'number' ? new Date(time).toTimeString().slice(0, 8) : '';
  const words = Object.entries(details)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const severity = LEVELS[Number(level)] ?? String(level ?? '');
  return cut([at, severity.padEnd(5), String(msg ?? ''), ...words].filter(Boolean).join(' '), width);
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}
