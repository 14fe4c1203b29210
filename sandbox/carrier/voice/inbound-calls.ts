import { type Exchange, nowOf, tellPhone } from '#sandbox/carrier/exchange.ts';
import { phoneOf } from '#sandbox/carrier/phones.ts';
import { addCall, type Call, lastCallTo } from './call-book.ts';
import { playContact } from './contact.ts';
import { contactRule, limitTime } from './leg.ts';
import { addLine, tellCall } from './lines.ts';
import { createLiveCall, type LiveCall } from './live-call.ts';
import { NO_INSTRUCTIONS, newCall } from './new-call.ts';
import { runProgram } from './program.ts';

const USUAL_TIMEOUT_SECONDS = 60;
const LONGEST_SECONDS = 14_400;

/** The number of ours that a contact rings back: the one that called last, else the first that can be called. */
export function numberToCall(exchange: Exchange, contactNumber: string): string | null {
  const called = lastCallTo(exchange.calls, contactNumber)?.from;
  return called ?? [...exchange.senders.numbers.values()].find(({ voice }) => voice)?.phoneNumber ?? null;
}

/** A contact calls one of our numbers; it is answered when the bot's instructions do anything but turn it away. */
export function receiveCall(
  exchange: Exchange,
  contactNumber: string,
  botNumber: string,
  voiceUrl: string,
): Call {
  const call = addCall(exchange.calls, {
    ...newCall(exchange, { to: botNumber, from: contactNumber, direction: 'inbound' }),
    status: 'ringing',
    startedAt: nowOf(exchange),
    settings: {
      instructions: { ...NO_INSTRUCTIONS, url: voiceUrl },
      statusCallback: null,
      statusCallbackMethod: 'POST',
      events: [],
      timeoutSeconds: USUAL_TIMEOUT_SECONDS,
      timeLimitSeconds: LONGEST_SECONDS,
      detection: null,
      recording: null,
    },
  });
  const live = createLiveCall(call, () => undefined);
  exchange.live.set(call.sid, live);
  phoneOf(exchange.phones, contactNumber);
  tellPhone(exchange, contactNumber);
  addLine(exchange, call, { who: 'carrier', text: `Calls ${botNumber}` });
  void runProgram(
    exchange,
    live,
    call.settings.instructions,
    { StirVerstat: 'TN-Validation-Passed-A' },
    (twiml) => {
      if (twiml.root.children[0]?.name !== 'Reject') answerIn(exchange, live);
    },
  );
  return call;
}

function answerIn(exchange: Exchange, live: LiveCall): void {
  const { call } = live;
  call.status = 'in-progress';
  call.answeredAt = nowOf(exchange);
  call.updatedAt = call.answeredAt;
  tellCall(exchange, call);
  limitTime(exchange, live);
  const isPlayed = !phoneOf(exchange.phones, call.from).isTaken;
  if (isPlayed)
    playContact(exchange, live, { ...contactRule(exchange, call.from), who: 'person', hello: null });
}
