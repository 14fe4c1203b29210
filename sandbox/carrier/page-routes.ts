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
  addCallVerbs(app, verbs);
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

function addCallVerbs(app: Hono, verbs: CarrierVerbs): void {
  app.post('/call-from-phone', async (c) => {
    const { contactNumber, botNumber } = await bodyOf(c);
    if (typeof contactNumber !== 'string') return wrong(c);
    const to = typeof botNumber === 'string' ? botNumber : null;
    return c.json(verbs.callFromPhone({ contactNumber, botNumber: to }));
  });
  const plain = {
    '/answer-call': verbs.answerCall,
    '/decline-call': verbs.declineCall,
    '/send-call-to-voicemail': verbs.sendCallToVoicemail,
    '/hang-up-call': verbs.hangUpCall,
  };
  for (const [path, verb] of Object.entries(plain)) {
    app.post(path, async (c) => {
      const { callSid } = await bodyOf(c);
      return typeof callSid === 'string' ? c.json(verb({ callSid })) : wrong(c);
    });
  }
  app.post('/say-on-call', async (c) => {
    const { callSid, text } = await bodyOf(c);
    if (typeof callSid !== 'string' || typeof text !== 'string') return wrong(c);
    return c.json(verbs.sayOnCall({ callSid, text }));
  });
  app.post('/press-key', async (c) => {
    const { callSid, digit } = await bodyOf(c);
    if (typeof callSid !== 'string' || typeof digit !== 'string') return wrong(c);
    return c.json(verbs.pressKey({ callSid, digit }));
  });
}

async function bodyOf(c: Context): Promise<Body> {
  const body: unknown = await c.req.json().catch(() => null);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function wrong(c: Context): Response {
  return c.json({ ok: false, error: 'The request lacks a field it needs.' }, 400);
}
