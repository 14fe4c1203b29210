import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import type { SlackContext } from './context.ts';

export type ApiMethod = {
  /** All of these are needed. */
  scopes: readonly string[];
  /** `none`: anybody may call; `app`: wants the app-level token. The bot token otherwise. */
  token?: 'none' | 'app';
  run(slack: SlackContext, args: JsonObject): JsonObject | Promise<JsonObject>;
};

export type ApiMethods = Record<string, ApiMethod>;

export function requireScope({ options }: SlackContext, scope: string): void {
  if (!options.scopes.includes(scope)) throw missingScope(options.scopes, scope);
}

export function missingScope(scopes: readonly string[], needed: string): ApiRefusal {
  return new ApiRefusal('missing_scope', {
    needed,
    provided: scopes.filter((scope) => scope !== needed).join(','),
  });
}

/** One page of a list, as `limit` and `cursor` ask for it. */
export function page<T>(
  rows: readonly T[],
  args: JsonObject,
  fallbackLimit: number,
  maxLimit: number,
): { rows: T[]; next: string } {
  const given = Number(args.limit);
  const limit = Math.min(Number.isInteger(given) && given > 0 ? given : fallbackLimit, maxLimit);
  const start = readCursor(args.cursor);
  const next = start + limit < rows.length ? Buffer.from(`next:${start + limit}`).toString('base64') : '';
  return { rows: rows.slice(start, start + limit), next };
}

function readCursor(cursor: JsonObject[string] | undefined): number {
  if (typeof cursor !== 'string' || cursor === '') return 0;
  const start = Number(
    Buffer.from(cursor, 'base64')
      .toString()
      .replace(/^next:/, ''),
  );
  if (!Number.isInteger(start) || start < 0) throw new ApiRefusal('invalid_cursor');
  return start;
}
