import { type Logger, LogLevel } from '@slack/logger';
import type { Log } from '#ports/log.ts';

/**
 * Slack's libraries writing to our log. Their debug and info lines carry payloads and are dropped; what remains is text of
 * the libraries' own, with anything that looks like a token removed.
 */
export function slackLogger(log: Log): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.warn({ source: 'slack' }, sentence(parts)),
    error: (...parts) => log.error({ source: 'slack' }, sentence(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

/** Text without tokens or signed addresses. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/x(?:ox[a-z]|app)-[\w-]+/gi, '[token]')
    .replaceAll(
      /https?:\/\/\S+/g,
      (address) => address.split('?')[0]?.split('/').slice(0, 3).join('/') ?? '',
    );
}

function sentence(parts: unknown[]): string {
  const words = parts.map((part) => (part instanceof Error ? part.message : String(part)));
  return withoutSecrets(words.join(' ')).slice(0, 500);
}
