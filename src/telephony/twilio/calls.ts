import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js';
import type { AccountContext } from 'twilio/lib/rest/api/v2010/account.js';
import { CALL_STATUS_RANK } from '#domain/call.ts';
import type {
  CallChange,
  CallRequest,
  CallStatusEvent,
  CallTelephony,
  FoundCall,
  PlaceResult,
} from '#ports/telephony.ts';
import { answeredByOf, callRefusal, callStatusOf } from './call-status.ts';
import { callUrl } from './callback-address.ts';
import { change } from './change.ts';
import { listSince, lookUp, PAGE_SIZE, priceOf } from './look-up.ts';
import type { MediaAccess } from './media.ts';
import { placeResultOf } from './place-result.ts';
import { createRecordings } from './recordings.ts';
import { inlineTwimlOf } from './twiml.ts';

export type CallOptions = MediaAccess & { publicUrl: string; callsPerSecond: number };

const STATUS_EVENTS = ['initiated', 'ringing', 'answered', 'completed'];
const DETECTION_SECONDS = 30;
const DONE: CallChange = { kind: 'done' };

/** Calls behind the telephony port. `load` gives the client's account, which is made when it is first needed. */
export function createCalls(load: () => Promise<AccountContext>, options: CallOptions): CallTelephony {
  return {
    callsPerSecond: options.callsPerSecond,
    placeCall: async (request) => placeCall(await load(), options.publicUrl, request),
    findCalls: (query) => lookUp(async () => findCalls(await load(), query)),
    fetchCall: (ref) => lookUp(async () => callEventOf(await (await load()).calls(ref).fetch())),
    cancelCall: (ref) => change(async () => cancelCall(await load(), ref)),
    hangUp: (ref) =>
      change(async () => {
        await (await load()).calls(ref).update({ status: 'completed' });
        return DONE;
      }),
    redirectCall: ({ ref, token, steps }) =>
      change(async () => {
        const twiml = inlineTwimlOf(steps, { publicUrl: options.publicUrl, token });
        await (await load()).calls(ref).update({ twiml });
        return DONE;
      }),
    ...createRecordings(load, options),
  };
}

/**
 * Asks once. The machine's verdict comes after the beep, so that a message can be left; with `sync` the person hears
 * nothing until it is there (telephony.md §2, “AMD behaviour”).
 */
async function placeCall(
  account: AccountContext,
  publicUrl: string,
  request: CallRequest,
): Promise<PlaceResult> {
  const { token, to, from, ringSeconds, maxSeconds, detection } = request;
  const url = (page: Parameters<typeof callUrl>[1]) => callUrl(publicUrl, page, token);
  const recognition = {
    machineDetection: 'DetectMessageEnd',
    machineDetectionTimeout: DETECTION_SECONDS,
    asyncAmd: detection === 'async' ? 'true' : 'false',
    ...(detection === 'async'
      ? { asyncAmdStatusCallback: url('verdict'), asyncAmdStatusCallbackMethod: 'POST' }
      : {}),
  };
  try {
    const { sid } = await account.calls.create({
      to,
      from,
      url: url('answer'),
      method: 'POST',
      fallbackUrl: url('sorry'),
      fallbackMethod: 'POST',
      statusCallback: url('status'),
      statusCallbackMethod: 'POST',
      statusCallbackEvent: STATUS_EVENTS,
      timeout: ringSeconds,
      timeLimit: maxSeconds,
      ...(detection === 'off' ? {} : recognition),
    });
    return sid ? { kind: 'accepted', ref: sid } : { kind: 'unknown', cause: 'unreadable answer' };
  } catch (problem) {
    return placeResultOf(problem);
  }
}

/**
 * Without the filter by start time: a call that still waits in Twilio's queue has none, and would not be found
 * (telephony.md §2, “No double calls after a crash”).
 */
async function findCalls(
  account: AccountContext,
  { to, from, since }: { to: string; from: string; since: Date },
): Promise<FoundCall[]> {
  const calls = await listSince(await account.calls.page({ to, from, pageSize: PAGE_SIZE }), since);
  return calls.map((call) => ({
    ref: call.sid,
    createdAt: call.dateCreated,
    status: callStatusOf(call.status) ?? 'queued',
  }));
}

/** Twilio answers a cancellation that comes too late with the call as it is, and goes on with it. */
async function cancelCall(account: AccountContext, ref: string): Promise<CallChange> {
  const { status } = await account.calls(ref).update({ status: 'canceled' });
  const rank = CALL_STATUS_RANK[callStatusOf(status) ?? 'queued'];
  return { kind: status === 'canceled' || rank < CALL_STATUS_RANK.in_progress ? 'done' : 'too_late' };
}

function callEventOf(call: CallInstance): CallStatusEvent {
  const status = callStatusOf(call.status) ?? 'queued';
  const seconds = Number(call.duration || Number.NaN);
  return {
    kind: 'call_status',
    token: null,
    ref: call.sid,
    status,
    sequence: null,
    durationSeconds: Number.isFinite(seconds) ? seconds : null,
    sipCode: null,
    answeredBy: answeredByOf(call.answeredBy),
    refusal: callRefusal(status, null, null),
    price: priceOf(call.price, call.priceUnit),
  };
}
