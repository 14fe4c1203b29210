import type { MiddlewareHandler } from 'hono';
import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { createAdmission } from './admission.ts';
import type { ApiEnv } from './api.ts';

const UNKNOWN =
  'This request carries no API token that is in force. Send “Authorization: Bearer <token>” with one of /campaign token.';

/** Finds out whose token a request carries and whether its limit allows one more, or ends it with 401 or 429. */
export function bearer(deps: Deps): MiddlewareHandler<ApiEnv> {
  const admit = createAdmission(deps);
  return async (c, next) => {
    const [, secret] = /^Bearer +([\w~+/.=-]{1,200}) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const admission = secret ? await admit(secret) : ({ kind: 'unknown' } as const);
    if (admission.kind === 'unknown')
      return c.json({ detail: UNKNOWN }, 401, { 'www-authenticate': 'Bearer' });
    const { token } = admission;
    if (admission.kind === 'waits') {
      const seconds = Math.max(1, Math.ceil(admission.waitMs / 1_000));
      return c.json({ detail: tooMany(token, seconds) }, 429, { 'retry-after': String(seconds) });
    }
    c.set('token', token);
    return next();
  };
}

function tooMany({ name, requestsPerSecond }: ApiToken, seconds: number): string {
  const limit = requestsPerSecond === 1 ? '1 request' : `${requestsPerSecond} requests`;
  const wait = seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `The token “${name}” allows ${limit} a second, shared with tokens that it made or that made it. This one was not carried out. Send it again in ${wait}.`;
}
