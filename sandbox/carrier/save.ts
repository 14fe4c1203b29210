import type { Appointment } from './agenda.ts';
import type { Due, Exchange } from './exchange.ts';
import { type Message, restoreMessages } from './messages.ts';
import { type OptOut, optOutsOf, type PhoneState, restorePhones } from './phones.ts';
import { type Call, isCallOver, restoreCalls } from './voice/call-book.ts';
import { enqueueCall } from './voice/dialing.ts';
import { endCutOffCall } from './voice/ending.ts';
import { type Recording, restoreRecordings } from './voice/recording-book.ts';

/** Everything that outlives the process, as JSON. Faults, traffic and webhooks under way do not. */
export type CarrierSave = {
  version: 1;
  messages: Message[];
  phones: PhoneState[];
  optOuts: OptOut[];
  freeAt: [phoneNumber: string, at: number][];
  appointments: Appointment<Due>[];
  calls?: Call[];
  recordings?: Recording[];
};

export function saveOf(exchange: Exchange): CarrierSave {
  return {
    version: 1,
    messages: [...exchange.messages.all],
    phones: [...exchange.phones.phones.values()],
    optOuts: optOutsOf(exchange.phones),
    freeAt: [...exchange.senders.freeAt],
    appointments: exchange.agenda.appointments(),
    calls: [...exchange.calls.all],
    recordings: [...exchange.recordings.all],
  };
}

/** Takes a saved state on; what became due meanwhile happens at once. */
export function loadInto(exchange: Exchange, save: CarrierSave): void {
  restoreMessages(exchange.messages, save.messages);
  restorePhones(exchange.phones, save.phones, save.optOuts);
  exchange.senders.freeAt = new Map(save.freeAt);
  for (const { dueAt, item } of save.appointments) exchange.agenda.add(dueAt, item);
  restoreRecordings(exchange.recordings, save.recordings ?? []);
  restoreCalls(exchange.calls, save.calls ?? []);
  for (const call of exchange.calls.all) resume(exchange, call);
}

/** Calls that waited go on waiting; those under way were cut off when the carrier stopped. */
function resume(exchange: Exchange, call: Call): void {
  if (isCallOver(call)) return;
  if (call.status === 'queued' && call.startedAt === null) enqueueCall(exchange, call);
  else endCutOffCall(exchange, call);
}
