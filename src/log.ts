import { pino } from 'pino';
import type { LogLevel } from '#config.ts';
import type { Log } from '#ports/log.ts';

/** Errors of queries, carriers and Slack carry parameters, credentials and bodies; of a cause only this is told. */
function causeOf(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message, stack, code } = cause as Error & { code?: unknown };
  const firstLine = message.split('\n', 1)[0]?.slice(0, 500) ?? '';
  const frames = stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8);
  return { name, code, message: firstLine.replace(/\+\d{6,15}/g, '+…'), frames };
}

/** JSON lines on standard output for operators. */
export function createLog(level: LogLevel): Log {
  return pino({ level, base: null, serializers: { cause: causeOf, err: causeOf } });
}
