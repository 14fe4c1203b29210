import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { AccountContext } from 'twilio/lib/rest/api/v2010/account.js';
import type { Sender } from '#domain/sender.ts';
import type {
  FoundText,
  OurNumber,
  PlaceResult,
  Telephony,
  TextRequest,
  TextStatusEvent,
} from '#ports/telephony.ts';
import { statusCallbackUrl } from './callback-address.ts';
import { createCalls } from './calls.ts';
import { apiOrigin, createTwilioClient, type TwilioClient } from './client.ts';
import { listSince, lookUp, PAGE_SIZE, priceOf } from './look-up.ts';
import { placeResultOf } from './place-result.ts';
import { deliveryRefusal, textStatusOf } from './text-status.ts';

export type TwilioOptions = {
  accountSid: string;
  authToken: string;
  /** The stand-in carrier on this machine; null for Twilio itself. */
  apiUrl?: string | null;
  /** Where Twilio reaches us; every address it is given begins with it. */
  publicUrl: string;
  /** How many calls the account may start per second. */
  callsPerSecond: number;
  /** How long an answer may take, in real milliseconds. */
  timeoutMs: number;
};

/**
 * Twilio behind the telephony port. The client is loaded when the first request needs it. Throws at once when `apiUrl`
 * is not on this machine.
 */
export function createTwilio(options: TwilioOptions): Telephony & { close(): void } {
  const { accountSid, authToken, publicUrl, callsPerSecond, timeoutMs } = options;
  const origin = apiOrigin(options.apiUrl ?? null);
  let loading: Promise<TwilioClient> | null = null;
  const load = async () => {
    loading ??= createTwilioClient({ accountSid, authToken, origin, timeoutMs });
    return (await loading).account;
  };
  return {
    provider: 'twilio',
    sendText: async (request) => sendText(await load(), options, request),
    findTexts: (query) => lookUp(async () => findTexts(await load(), query)),
    fetchText: (ref) => lookUp(async () => textEventOf(await (await load()).messages(ref).fetch())),
    ownsNumber: (phoneNumber, channel = 'sms') =>
      lookUp(async () => ownsNumber(await load(), phoneNumber, channel)),
    listNumbers: () => lookUp(async () => listNumbers(await load())),
    ...createCalls(load, { accountSid, authToken, publicUrl, callsPerSecond, origin, timeoutMs }),
    close: () => {
      void loading?.then(({ close }) => close());
      loading = null;
    },
  };
}

/** Twilio queues a text for ten hours at most (telephony.md §3, ValidityPeriod). */
const LONGEST_VALIDITY_SECONDS = 36_000;

async function sendText(
  account: AccountContext,
  options: TwilioOptions,
  request: TextRequest,
): Promise<PlaceResult> {
  const { to, body, from, token } = request;
  const validityPeriod = Math.min(LONGEST_VALIDITY_SECONDS, Math.max(1, Math.floor(request.validForSeconds)));
  const statusCallback = statusCallbackUrl(options.publicUrl, token);
  const sender = from.kind === 'number' ? { from: from.phoneNumber } : { messagingServiceSid: from.poolId };
  try {
    const { sid } = await account.messages.create({ to, body, statusCallback, validityPeriod, ...sender });
    return sid ? { kind: 'accepted', ref: sid } : { kind: 'unknown', cause: 'unreadable answer' };
  } catch (problem) {
    return placeResultOf(problem);
  }
}

async function findTexts(
  account: AccountContext,
  { to, from, since }: { to: string; from: Sender; since: Date },
): Promise<FoundText[]> {
  const sender = from.kind === 'number' ? { from: from.phoneNumber } : {};
  const texts = await listSince(await account.messages.page({ to, ...sender, pageSize: PAGE_SIZE }), since);
  return texts
    .filter((message) => from.kind === 'number' || message.messagingServiceSid === from.poolId)
    .map(foundTextOf);
}

/** A number that we may only show, but that nobody can ring back on, is not ours (`verified caller ids`). */
async function ownsNumber(
  account: AccountContext,
  phoneNumber: string,
  channel: 'sms' | 'call',
): Promise<boolean> {
  const numbers = await account.incomingPhoneNumbers.list({ phoneNumber, limit: 20 });
  return numbers.some(
    ({ phoneNumber: number, capabilities }) =>
      number === phoneNumber && (channel === 'call' ? capabilities.voice : capabilities.sms),
  );
}

const MOST_NUMBERS = 10_000;

async function listNumbers(account: AccountContext): Promise<OurNumber[]> {
  const numbers = await account.incomingPhoneNumbers.list({ pageSize: 1_000, limit: MOST_NUMBERS });
  return numbers.map(({ phoneNumber, friendlyName, status, capabilities }) => ({
    phoneNumber,
    name: friendlyName,
    isActive: status !== 'released',
    voice: capabilities.voice === true,
    sms: capabilities.sms === true,
    mms: capabilities.mms === true,
  }));
}

function foundTextOf(message: MessageInstance): FoundText {
  const { ref, status, refusal } = textEventOf(message);
  return { ref, body: message.body, createdAt: message.dateCreated, status, refusal };
}

function textEventOf(message: MessageInstance): TextStatusEvent {
  const status = textStatusOf(message.status) ?? 'queued';
  return {
    kind: 'text_status',
    token: null,
    ref: message.sid,
    status,
    refusal: deliveryRefusal(status, message.errorCode),
    segments: Number(message.numSegments) || null,
    price: priceOf(message.price, message.priceUnit),
  };
}
