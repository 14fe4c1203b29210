import type { Context } from 'hono';
import type { Api } from './api.ts';

/** What is answered below `/api` where no route is: 405 with those methods that the address takes, or 404. */
export function answerElsewhere(api: Api): (c: Context) => Response {
  let routes: { shape: RegExp; method: string }[] | null = null;
  return (c) => {
    routes ??= shapesOf(api);
    const path = c.req.path.replace(/(.)\/$/, '$1');
    const methods = routes.filter(({ shape }) => shape.test(path)).map(({ method }) => method);
    if (methods.length === 0) return c.json({ detail: NOTHING_HERE }, 404);
    const allowed = [...new Set(methods)].sort().join(', ');
    const detail = `This address takes ${allowed}, not ${c.req.method}. Nothing was done. See /api/docs.`;
    return c.json({ detail }, 405, { allow: allowed });
  };
}

const NOTHING_HERE = 'There is nothing at this address. See /api/docs for those there are.';

function shapesOf(api: Api) {
  return api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { path, method } = definition.route;
    const parts = path.split(/\{[^}]+\}/).map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'));
    return [{ shape: new RegExp(`^${parts.join('[^/]+')}$`), method: method.toUpperCase() }];
  });
}
