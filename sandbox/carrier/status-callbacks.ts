import { postCallback } from './callback-chain.ts';
import type { Exchange } from './exchange.ts';
import { isOver, type Message } from './messages.ts';
import { personaIn } from './phones.ts';

/** Posts the present status of a message to its callback address, after the callbacks before it were tried once. */
export function postStatus(exchange: Exchange, message: Message): void {
  const url = message.statusCallback;
  if (!url) return;
  void postCallback(exchange, {
    sid: message.sid,
    url,
    params: statusForm(exchange, message),
    canBeHeld: hasSuccessor(exchange, message),
    lie: { MessageStatus: 'failed', SmsStatus: 'failed', ErrorCode: '30007' },
  });
}

function hasSuccessor(exchange: Exchange, message: Message): boolean {
  return (
    !isOver(message) && !(message.status === 'sent' && personaIn(exchange.phones, message.to).hasNoReceipt)
  );
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
