import type { Appointment } from './agenda.ts';
import type { Due, Exchange } from './exchange.ts';
import { type Message, restoreMessages } from './messages.ts';
import { type OptOut, optOutsOf, type PhoneState, restorePhones } from './phones.ts';

/** Everything that outlives the process, as JSON. Faults, traffic and webhooks under way do not. */
export type CarrierSave = {
  version: 1;
  messages: Message[];
  phones: PhoneState[];
  optOuts: OptOut[];
  freeAt: [phoneNumber: string, at: number][];
  appointments: Appointment<Due>[];
};

export function saveOf(exchange: Exchange): CarrierSave {
  return {
    version: 1,
    messages: [...exchange.messages.all],
    phones: [...exchange.phones.phones.values()],
    optOuts: optOutsOf(exchange.phones),
    freeAt: [...exchange.senders.freeAt],
    appointments: exchange.agenda.appointments(),
  };
}

/** Takes a saved state on; what became due meanwhile happens at once. */
export function loadInto(exchange: Exchange, save: CarrierSave): void {
  restoreMessages(exchange.messages, save.messages);
  restorePhones(exchange.phones, save.phones, save.optOuts);
  exchange.senders.freeAt = new Map(save.freeAt);
  for (const { dueAt, item } of save.appointments) exchange.agenda.add(dueAt, item);
}
