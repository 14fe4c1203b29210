import { type Context, Hono } from 'hono';
import type { CarrierVerbs } from './verbs.ts';

type Body = Record<string, unknown>;

/**
 * The page's verbs about phones. `switch-fault` passes on to the next handler when the fault is not the carrier's, so
 * that both stand-ins can be mounted on one server.
 */
export function pageRoutes(verbs: CarrierVerbs): Hono {
  const app = new Hono();
  app.post('/text-from-phone', async (c) => {
    const { contactNumber, botNumber, body } = await bodyOf(c);
    if (typeof contactNumber !== 'string' || typeof body !== 'string') return wrong(c);
    const to = typeof botNumber === 'string' ? botNumber : null;
    return c.json(verbs.textFromPhone({ contactNumber, botNumber: to, body }));
  });
  app.post('/take-phone', async (c) => {
    const { contactNumber, isTaken } = await bodyOf(c);
    if (typeof contactNumber !== 'string' || typeof isTaken !== 'boolean') return wrong(c);
    return c.json(verbs.takePhone({ contactNumber, isTaken }));
  });
  app.post('/switch-fault', async (c, next) => {
    const { id, isOn, count } = await bodyOf(c);
    if (typeof id !== 'string' || typeof isOn !== 'boolean') return wrong(c);
    const times = typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : null;
    const answer = verbs.switchFault({ id, isOn, count: times });
    if (!answer.ok) return next();
    return c.json(answer);
  });
  return app;
}

async function bodyOf(c: Context): Promise<Body> {
  const body: unknown = await c.req.json().catch(() => null);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function wrong(c: Context): Response {
  return c.json({ ok: false, error: 'The request lacks a field it needs.' }, 400);
}
