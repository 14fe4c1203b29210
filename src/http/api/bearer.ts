import type { MiddlewareHandler } from 'hono';
import { checkToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import type { ApiEnv } from './api.ts';

const UNKNOWN =
  'This request carries no API token that is in force. Send “Authorization: Bearer <token>” with one of /campaign token.';

/** Finds out whose token a request carries, or ends it with 401. */
export function bearer(deps: Deps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const [, secret] = /^Bearer +([\w~+/.=-]{1,200}) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const token = secret ? await checkToken(deps, secret) : null;
    if (!token) return c.json({ detail: UNKNOWN }, 401, { 'www-authenticate': 'Bearer' });
    c.set('token', token);
    c.set('requestKey', `token:${token.id}:${deps.randomToken()}`);
    return next();
  };
}
