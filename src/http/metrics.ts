import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Deps } from '#operations/deps.ts';
import { readWorkload } from '#operations/read-workload.ts';
import type { Workload } from '#ports/meters.ts';

type Options = {
  contentType: string;
  write(workload: Workload | null): Promise<string>;
  /** What whoever asks must bear; null: nothing, the address is for this network alone. */
  token: string | null;
};

const WHO_ASKS = 'These figures are for operators: send “Authorization: Bearer <METRICS_TOKEN>”.';

/** `/metrics`: what this process has counted, and the work that waits, as Prometheus reads it. */
export function metricsRoutes(deps: Pick<Deps, 'db' | 'clock'>, options: Options): Hono {
  const { contentType, write, token } = options;
  return new Hono().get('/metrics', async (c) => {
    if (token !== null && !bears(c.req.header('authorization'), token))
      return c.json({ detail: WHO_ASKS }, 401, { 'www-authenticate': 'Bearer' });
    const text = await write(await readWorkload(deps));
    return c.body(text, 200, { 'content-type': contentType });
  });
}

function bears(authorization: string | undefined, token: string): boolean {
  const [, given = ''] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
