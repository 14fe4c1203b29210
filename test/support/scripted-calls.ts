import type {
  CallChange,
  CallRequest,
  CallStatusEvent,
  CallTelephony,
  FoundCall,
  PlaceResult,
} from '#ports/telephony.ts';

/** What a test tells the scripted carrier about calls, and what it sees of them. */
export type ScriptedCalls = CallTelephony & {
  calls: CallRequest[];
  /** How a request to call is answered, by default by accepting. */
  answerCall: (request: CallRequest) => PlaceResult | Promise<PlaceResult>;
  /** What the list of calls shows, by the number that was called. */
  listedCalls: Map<string, FoundCall[]>;
  /** How a call stands when somebody looks; what is not here cannot be looked up. */
  fetchedCalls: Map<string, CallStatusEvent>;
  callLookupFails: Error | null;
  /** Every change that was asked for, in order. */
  changes: ({ kind: 'cancel' | 'hang_up'; ref: string } | Redirect)[];
  /** How a change is answered, by default as done. */
  answerChange: (change: ScriptedCalls['changes'][number]) => CallChange | Promise<CallChange>;
};

type Redirect = { kind: 'redirect' } & Parameters<CallTelephony['redirectCall']>[0];

/** The call side of a carrier in this process: it keeps every request and answers as it is told. */
export function scriptedCalls(): ScriptedCalls {
  let sids = 0;
  const change = async (asked: ScriptedCalls['changes'][number]) => {
    scripted.changes.push(asked);
    return scripted.answerChange(asked);
  };
  const scripted: ScriptedCalls = {
    callsPerSecond: 1_000,
    calls: [],
    answerCall: () => {
      sids += 1;
      return { kind: 'accepted', ref: `CA${sids}` };
    },
    listedCalls: new Map(),
    fetchedCalls: new Map(),
    callLookupFails: null,
    changes: [],
    answerChange: () => ({ kind: 'done' }),
    async placeCall(request) {
      scripted.calls.push(request);
      return scripted.answerCall(request);
    },
    async findCalls({ to }) {
      if (scripted.callLookupFails) throw scripted.callLookupFails;
      return scripted.listedCalls.get(to) ?? [];
    },
    async fetchCall(ref) {
      if (scripted.callLookupFails) throw scripted.callLookupFails;
      const found = scripted.fetchedCalls.get(ref);
      if (!found) throw new Error(`the test has no call ${ref}`);
      return found;
    },
    cancelCall: (ref) => change({ kind: 'cancel', ref }),
    hangUp: (ref) => change({ kind: 'hang_up', ref }),
    redirectCall: (call) => change({ kind: 'redirect', ...call }),
    fetchRecording: async () => {
      throw new Error('no recordings in this test');
    },
    stopRecording: async () => ({ kind: 'done' }),
    deleteRecording: async () => ({ kind: 'done' }),
  };
  return scripted;
}
