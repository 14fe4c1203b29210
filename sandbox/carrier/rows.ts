import type { Phone, PhoneText } from '#sandbox/page-protocol.ts';
import type { Message } from './messages.ts';
import { hasOptedOut, type PhoneBook, type PhoneState, personaIn } from './phones.ts';

export function textRow(message: Message): PhoneText {
  const isInbound = message.direction === 'inbound';
  return {
    id: message.sid,
    direction: isInbound ? 'from_contact' : 'to_contact',
    contactNumber: (isInbound ? message.from : message.to) ?? '',
    botNumber: (isInbound ? message.to : message.from) ?? '',
    body: message.body,
    status: message.status,
    errorCode: message.errorCode,
    segments: message.segments,
    encoding: message.encoding,
    price: message.price,
    createdAt: message.createdAt,
  };
}

export function phoneRow(book: PhoneBook, phone: PhoneState): Phone {
  const persona = personaIn(book, phone.phoneNumber);
  return {
    id: phone.phoneNumber,
    persona: persona.id,
    personaLabel: persona.label,
    isOptedOut: hasOptedOut(book, phone.phoneNumber),
    isTaken: phone.isTaken,
  };
}
