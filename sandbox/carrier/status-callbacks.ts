import type { Exchange } from './exchange.ts';
import { strikes } from './faults.ts';
import { isOver, type Message } from './messages.ts';
import { personaIn } from './phones.ts';
import { withoutFragment } from './signature.ts';
import type { Posting } from './webhook-poster.ts';

/** Posts the present status of a message to its callback address, after the callbacks before it were tried once. */
export function postStatus(exchange: Exchange, message: Message): void {
  const url = message.statusCallback;
  if (!url) return;
  const params = statusForm(exchange, message);
  const canBeHeld = hasSuccessor(exchange, message);
  const previous = exchange.lastCallbacks.get(message.sid) ?? Promise.resolve();
  const current = previous.then(() => deliver(exchange, { sid: message.sid, url, params, canBeHeld }));
  exchange.lastCallbacks.set(message.sid, current);
  void current.finally(() => {
    if (exchange.lastCallbacks.get(message.sid) === current) exchange.lastCallbacks.delete(message.sid);
  });
}

function hasSuccessor(exchange: Exchange, message: Message): boolean {
  return (
    !isOver(message) && !(message.status === 'sent' && personaIn(exchange.phones, message.to).hasNoReceipt)
  );
}

type Callback = { sid: string; url: string; params: Record<string, string>; canBeHeld: boolean };

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

async function postOnce(exchange: Exchange, { url, params }: Callback): Promise<void> {
  const signWith = exchange.options.authToken;
  const copies: Posting[] = [exchange.poster.post({ url, params, signWith })];
  if (strikes(exchange.faults, 'duplicate_callbacks'))
    copies.push(exchange.poster.post({ url, params, signWith }));
  await Promise.all(copies.map((posting) => posting.firstTry));
}

/** A stranger who knows the address and the form, but not the token, and would like to fail the text; tries once. */
async function forge(exchange: Exchange, { url, params }: Callback): Promise<void> {
  const lie = { ...params, MessageStatus: 'failed', SmsStatus: 'failed', ErrorCode: '30007' };
  await exchange.poster.post({ url: withoutFragment(url), params: lie, signWith: 'not-the-token' }).firstTry;
}

function statusForm(exchange: Exchange, message: Message): Record<string, string> {
  const form: Record<string, string> = {
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: message.status,
    SmsStatus: message.status,
    AccountSid: exchange.options.accountSid,
    To: message.to,
    ApiVersion: '2010-04-01',
  };
  if (message.from) form.From = message.from;
  if (message.messagingServiceSid) form.MessagingServiceSid = message.messagingServiceSid;
  if (message.errorCode) form.ErrorCode = String(message.errorCode);
  if (message.status === 'delivered' || message.status === 'undelivered') {
    form.RawDlrDoneDate = receiptDate(message.updatedAt);
  }
  return form;
}

/** YYMMDDhhmm in UTC, as networks write it. */
function receiptDate(at: number): string {
  return new Date(at).toISOString().replace(/\D/g, '').slice(2, 12);
}
