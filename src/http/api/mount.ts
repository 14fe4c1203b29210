import { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import type { Deps } from '#operations/deps.ts';
import type { ApiEnv } from './api.ts';
import { bearer } from './bearer.ts';
import { bodies } from './bodies.ts';
import { idempotent } from './idempotent.ts';
import { answerError, problemsIn, unprocessable } from './problems.ts';
import { RESOURCES } from './resources.ts';
import { unkeepable } from './unkeepable.ts';

/** Everything below `/api/v1`: who asks is known before any route looks at the request. */
export function apiRoutes(deps: Deps, reference: () => string): Hono {
  const api = new OpenAPIHono<ApiEnv>({
    strict: false,
    defaultHook: (result, c) => {
      const problems = result.success ? unkeepable(result) : problemsIn(result);
      return problems.length > 0 ? unprocessable(c, problems) : undefined;
    },
  });
  api.use('/api/v1/*', bearer(deps), bodies, idempotent(deps));
  api.onError((error, c) => answerError(error, c, { log: deps.log, reference }));
  for (const register of RESOURCES) register(api, deps);
  return new Hono().route('/', api);
}
