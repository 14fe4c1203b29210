import { Hono } from 'hono';
import type { Deps } from '#operations/deps.ts';
import { readReadiness } from '#operations/read-readiness.ts';

/** `/healthz`: the process answers. `/readyz`: it can also do its work; 503 with what is missing otherwise. */
export function healthRoutes(deps: Pick<Deps, 'db' | 'clock'>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const readiness = await readReadiness(deps);
      return c.json(readiness, readiness.status === 'ok' ? 200 : 503);
    });
}
