import type { Sender } from '#domain/sender.ts';
import {
  type CallStatusEvent,
  LookupFailed,
  type PlaceResult,
  type ProviderEvent,
  type Telephony,
  type TextStatusEvent,
} from '#ports/telephony.ts';
import { MINUTE_MS } from './wall.ts';
import type { Ways } from './ways.ts';

/** Somebody was contacted: what the carrier took on, with what it charges and when it was over. */
export type Contacted = {
  at: number;
  channel: 'call' | 'sms';
  from: string;
  to: string;
  token: string;
  ref: string;
  priceMicros: number;
  endsAt: number;
  outcome: string;
};

export type Report = { at: number; event: ProviderEvent };

/** Just below what the built-in rates reserve at the most, so that a budget without reserving is overdrawn. */
const TEXT_MICROS: [RegExp, number][] = [
  [/^\+1(204|403|416|604|709|902)/, 16_900],
  [/^\+1787/, 53_000],
  [/^\+1/, 13_200],
];
const TEXT_ABROAD_MICROS = 30_000;
const CALL_MICROS = 13_900;
const CALL_ABROAD_MICROS = 9_900;

export type YearCarrier = Telephony & {
  contacted: Contacted[];
  /** What it will tell, soonest first. */
  reports: Report[];
  onContacted: (contacted: Contacted) => void;
};

/**
 * A carrier in this process that needs no time of its own: it answers at once, has its ways decide what comes of each call
 * and text, and queues the reports for the driver to deliver. It keeps the books by which the judge decides.
 */
export function yearCarrier(ways: Ways, now: () => number): YearCarrier {
  const byRef = new Map<string, { contacted: Contacted; final: TextStatusEvent | CallStatusEvent }>();
  const carrier: YearCarrier = {
    provider: 'year',
    callsPerSecond: 1_000,
    contacted: [],
    reports: [],
    onContacted: () => undefined,
    async sendText({ token, to, from: sender, body }) {
      const from = numberOf(sender);
      const odd = ways.odd(from);
      if (odd) return odd;
      const { fails, isPricedAtOnce, endsAt } = ways.text(from, to, now());
      const segments = Math.max(1, Math.ceil(body.length / 153));
      const outcome = fails ? 'text_failed' : 'text';
      const one = keep({ channel: 'sms', from, to, token, endsAt, segments, outcome });
      const final: TextStatusEvent = {
        kind: 'text_status',
        token,
        ref: one.ref,
        status: fails ? 'undelivered' : 'delivered',
        refusal: fails ? { class: 'unreachable', code: '30003', fix: 'Nobody can mend that.' } : null,
        segments,
        price: priceOf(one),
      };
      return accept(one, final, { ...final, price: isPricedAtOnce ? final.price : null });
    },
    async placeCall({ token, to, from }) {
      const odd = ways.odd(from);
      if (odd) return odd;
      const { outcome, talkedSeconds, endsAt } = ways.call(to, now());
      const segments = Math.ceil(talkedSeconds / 60);
      const one = keep({ channel: 'call', from, to, token, endsAt, segments, outcome });
      const final: CallStatusEvent = {
        kind: 'call_status',
        token,
        ref: one.ref,
        status: talkedSeconds > 0 ? 'completed' : (outcome as 'no_answer' | 'busy' | 'failed'),
        sequence: null,
        durationSeconds: talkedSeconds,
        sipCode: null,
        answeredBy: outcome === 'machine' ? 'machine' : null,
        refusal: null,
        price: priceOf(one),
      };
      return accept(one, final, { ...final, price: null });
    },
    async fetchText(ref) {
      return fetched(ref, 'text_status') as TextStatusEvent;
    },
    async fetchCall(ref) {
      return fetched(ref, 'call_status') as CallStatusEvent;
    },
    findTexts: async () => [],
    findCalls: async () => [],
    cancelCall: async () => ({ kind: 'too_late' }),
    hangUp: async () => ({ kind: 'done' }),
    redirectCall: async () => ({ kind: 'too_late' }),
    fetchRecording: async () => {
      throw new LookupFailed('nothing is recorded here');
    },
    stopRecording: async () => ({ kind: 'done' }),
    deleteRecording: async () => ({ kind: 'done' }),
    ownsNumber: async () => true,
    listNumbers: async () => [],
  };
  return carrier;

  function keep(given: Omit<Contacted, 'at' | 'ref' | 'priceMicros'> & { segments: number }): Contacted {
    const { segments, ...rest } = given;
    const each = rest.channel === 'sms' ? textMicros(rest.to) : callMicros(rest.to);
    const ref = `${rest.channel}-${carrier.contacted.length + 1}`;
    const one = { ...rest, at: now(), ref, priceMicros: each * segments };
    carrier.contacted.push(one);
    carrier.onContacted(one);
    return one;
  }

  function accept<E extends TextStatusEvent | CallStatusEvent>(
    one: Contacted,
    final: E,
    told: E,
  ): PlaceResult {
    byRef.set(one.ref, { contacted: one, final });
    carrier.reports.push({ at: one.endsAt, event: told });
    carrier.reports.sort((a, b) => a.at - b.at);
    return { kind: 'accepted', ref: one.ref };
  }

  /** Before its end nothing is final, and its price is known only some minutes later. */
  function fetched(ref: string, kind: 'text_status' | 'call_status') {
    const found = byRef.get(ref);
    if (found?.final.kind !== kind) throw new LookupFailed(`nothing is known of ${ref}`);
    const { final, contacted } = found;
    if (now() < contacted.endsAt) throw new LookupFailed(`${ref} is under way`);
    return { ...final, token: null, price: now() >= contacted.endsAt + 4 * MINUTE_MS ? final.price : null };
  }
}

function numberOf(from: Sender): string {
  if (from.kind !== 'number') throw new Error('every campaign of the year has a number of its own');
  return from.phoneNumber;
}

function textMicros(to: string): number {
  return TEXT_MICROS.find(([pattern]) => pattern.test(to))?.[1] ?? TEXT_ABROAD_MICROS;
}

function callMicros(to: string): number {
  return to.startsWith('+1') ? CALL_MICROS : CALL_ABROAD_MICROS;
}

function priceOf({ priceMicros }: Contacted) {
  return { amount: `-${(priceMicros / 1_000_000).toFixed(6)}`, currency: 'USD' };
}
