import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './api.ts';

/** Clients announce JSON and send nothing where nothing is needed: that is no body, not an unreadable one. */
export const emptyIsNone: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (c.req.header('content-type') && (await c.req.text()).trim() === '') {
    const headers = new Headers(c.req.raw.headers);
    headers.delete('content-type');
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers });
    c.req.bodyCache = {};
  }
  return next();
};
