import type { MessageInstance, MessagePage } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { AccountContext } from 'twilio/lib/rest/api/v2010/account.js';
import type { Sender } from '#domain/sender.ts';
import {
  type FoundText,
  LookupFailed,
  type PlaceResult,
  type Telephony,
  type TextRequest,
  type TextStatusEvent,
} from '#ports/telephony.ts';
import { apiOrigin, createTwilioClient, type TwilioClient } from './client.ts';
import { placeResultOf } from './place-result.ts';
import { deliveryRefusal, textStatusOf } from './text-status.ts';

export type TwilioOptions = {
  accountSid: string;
  authToken: string;
  /** The stand-in carrier on this machine; null for Twilio itself. */
  apiUrl?: string | null;
  statusCallbackUrl(token: string): string;
  /** How long an answer may take, in real milliseconds. */
  timeoutMs: number;
};

type TextPage = Pick<MessagePage, 'instances' | 'nextPageUrl' | 'nextPage'>;

const PAGE_SIZE = 100;
const MOST_PAGES = 5;

/**
 * Twilio behind the telephony port. The client is loaded when the first request needs it. Throws at once when `apiUrl`
 * is not on this machine.
 */
export function createTwilio(options: TwilioOptions): Telephony & { close(): void } {
  const { accountSid, authToken, timeoutMs } = options;
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
    ownsNumber: (phoneNumber) => lookUp(async () => ownsNumber(await load(), phoneNumber)),
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
  const statusCallback = options.statusCallbackUrl(token);
  const sender = from.kind === 'number' ? { from: from.phoneNumber } : { messagingServiceSid: from.poolId };
  try {
    const { sid } = await account.messages.create({ to, body, statusCallback, validityPeriod, ...sender });
    return sid ? { kind: 'accepted', ref: sid } : { kind: 'unknown', cause: 'unreadable answer' };
  } catch (problem) {
    return placeResultOf(problem);
  }
}

/**
 * Reads until a whole page is older than `since`: the list is newest first, but not to the second. An incomplete search
 * is a failed one, or we would conclude that a text was never placed.
 */
async function findTexts(
  account: AccountContext,
  query: { to: string; from: Sender; since: Date },
): Promise<FoundText[]> {
  const { to, from } = query;
  const sender = from.kind === 'number' ? { from: from.phoneNumber } : {};
  const since = Math.floor(query.since.getTime() / 1_000) * 1_000;
  const found: MessageInstance[] = [];
  let page: TextPage | undefined = await account.messages.page({ to, ...sender, pageSize: PAGE_SIZE });
  for (let count = 1; page; count += 1) {
    const recent = page.instances.filter((message) => message.dateCreated.getTime() >= since);
    found.push(...recent);
    if (recent.length === 0 || !page.nextPageUrl) break;
    if (count === MOST_PAGES) throw new Error(`more than ${MOST_PAGES * PAGE_SIZE} texts to look through`);
    page = await page.nextPage();
  }
  return found
    .filter((message) => from.kind === 'number' || message.messagingServiceSid === from.poolId)
    .map(foundTextOf)
    .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

async function ownsNumber(account: AccountContext, phoneNumber: string): Promise<boolean> {
  const numbers = await account.incomingPhoneNumbers.list({ phoneNumber, limit: 20 });
  return numbers.some((number) => number.phoneNumber === phoneNumber && number.capabilities.sms);
}

async function lookUp<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (problem) {
    throw new LookupFailed(
      `Twilio could not be asked: ${problem instanceof Error ? problem.message : 'no reason'}`,
    );
  }
}

function foundTextOf(message: MessageInstance): FoundText {
  const { ref, status, refusal } = textEventOf(message);
  return { ref, body: message.body, createdAt: message.dateCreated, status, refusal };
}

/** A price is negative at Twilio, because the account is charged; ours is what the text costs. */
function textEventOf(message: MessageInstance): TextStatusEvent {
  const status = textStatusOf(message.status) ?? 'queued';
  const price: string | null = message.price;
  return {
    kind: 'text_status',
    token: null,
    ref: message.sid,
    status,
    refusal: deliveryRefusal(status, message.errorCode),
    segments: Number(message.numSegments) || null,
    price:
      price === null ? null : { amount: price.replace(/^-/, ''), currency: message.priceUnit.toUpperCase() },
  };
}
