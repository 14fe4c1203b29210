import { type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { tell } from '#sandbox/carrier/feed.ts';
import { phoneOf } from '#sandbox/carrier/phones.ts';
import type { PhoneCall, PhoneCallLine } from '#sandbox/page-protocol.ts';
import { type Call, contactNumberOf } from './call-book.ts';

const LINES_KEPT = 400;

/** Writes down what is heard on a call. */
export function addLine(
  exchange: Exchange,
  call: Call,
  line: Pick<PhoneCallLine, 'who' | 'text'> & Partial<PhoneCallLine>,
): PhoneCallLine {
  const id = (call.lines.at(-1)?.id ?? 0) + 1;
  const full = { isSpeaking: false, isCut: false, at: nowOf(exchange), ...line, id };
  call.lines.push(full);
  if (call.lines.length > LINES_KEPT) call.lines.shift();
  tellCall(exchange, call);
  return full;
}

export function changeLine(
  exchange: Exchange,
  call: Call,
  line: PhoneCallLine,
  change: Partial<PhoneCallLine>,
): void {
  Object.assign(line, change);
  tellCall(exchange, call);
}

export function tellCall(exchange: Exchange, call: Call): void {
  tell(exchange.feed, 'calls', () => callRow(exchange, call));
}

export function callRow(exchange: Exchange, call: Call): PhoneCall {
  const isInbound = call.direction === 'inbound';
  const contactNumber = contactNumberOf(call);
  return {
    id: call.sid,
    direction: isInbound ? 'from_contact' : 'to_contact',
    contactNumber,
    botNumber: isInbound ? call.to : call.from,
    status: call.status,
    isTaken: phoneOf(exchange.phones, contactNumber).isTaken,
    answeredBy: call.answeredBy,
    isRecording: call.isRecording,
    isConversing: call.isConversing,
    lines: call.lines.map((line) => ({ ...line })),
    createdAt: call.createdAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
  };
}
