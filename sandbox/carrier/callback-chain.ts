import type { Exchange } from './exchange.ts';
import { strikes } from './faults.ts';
import { withoutFragment } from './signature.ts';
import type { Form } from './voice/call-forms.ts';
import type { Posting } from './webhook-poster.ts';

/** A callback about a message, a call or a recording. `lie`: what a stranger would have it say. */
export type Callback = {
  sid: string;
  url: string;
  params: Form;
  method?: 'GET' | 'POST';
  canBeHeld: boolean;
  lie: Form;
};

/** Posts a callback after those before it with the same SID were tried once, with all that can go wrong. */
export function postCallback(exchange: Exchange, callback: Callback): Promise<void> {
  const { lastCallbacks } = exchange;
  const previous = lastCallbacks.get(callback.sid) ?? Promise.resolve();
  const current = previous.then(() => deliver(exchange, callback));
  lastCallbacks.set(callback.sid, current);
  void current.finally(() => {
    if (lastCallbacks.get(callback.sid) === current) lastCallbacks.delete(callback.sid);
  });
  return current;
}

async function deliver(exchange: Exchange, callback: Callback): Promise<void> {
  const { faults, heldCallbacks } = exchange;
  if (exchange.closing.signal.aborted) return;
  if (strikes(faults, 'forged_callback')) await forge(exchange, callback);
  if (strikes(faults, 'lost_callbacks')) return;
  const post = () => postOnce(exchange, callback);
  if (callback.canBeHeld && !heldCallbacks.has(callback.sid) && strikes(faults, 'reordered_callbacks')) {
    heldCallbacks.set(callback.sid, post);
    return;
  }
  await post();
  const held = heldCallbacks.get(callback.sid);
  heldCallbacks.delete(callback.sid);
  await held?.();
}

async function postOnce(exchange: Exchange, { url, params, method = 'POST' }: Callback): Promise<void> {
  const signWith = exchange.options.authToken;
  const copies: Posting[] = [exchange.poster.post({ url, params, method, signWith })];
  if (strikes(exchange.faults, 'duplicate_callbacks'))
    copies.push(exchange.poster.post({ url, params, method, signWith }));
  await Promise.all(copies.map((posting) => posting.firstTry));
}

/** A stranger who knows the address and the form, but not the token; tries once. */
async function forge(exchange: Exchange, { url, params, lie }: Callback): Promise<void> {
  const signWith = 'not-the-token';
  await exchange.poster.post({ url: withoutFragment(url), params: { ...params, ...lie }, signWith }).firstTry;
}
