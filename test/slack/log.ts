import type { Log } from '#ports/log.ts';

export type Line = { level: string; fields: object; message: string };

/** A log that a test can read. */
export function recordingLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
