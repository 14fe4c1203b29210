import type { EndOf } from '#domain/rehearsal/assumptions.ts';
import type { PlaceResult } from '#ports/telephony.ts';
import type { Dice } from '#torture/dice.ts';
import { MINUTE_MS } from './wall.ts';

/** How a call goes: its outcome in the judge's words, how long people talked, and when it is over. */
export type CallWay = { outcome: CallEnd; talkedSeconds: number; endsAt: number };
export type CallEnd = 'no_answer' | 'busy' | 'answered' | 'machine' | 'hung_up' | 'failed';

/** What a carrier makes of what it is asked for. */
export type Ways = {
  /** An answer that is no acceptance, or null. */
  odd(from: string): PlaceResult | null;
  text(from: string, to: string, now: number): { fails: boolean; isPricedAtOnce: boolean; endsAt: number };
  call(to: string, now: number): CallWay;
};

/** Campaigns of which each person must be reached once each time meet no odd carrier. */
export const CALM_NUMBERS = '+1500557';

const CALL_ENDS: readonly CallEnd[] = [
  'no_answer',
  'busy',
  'answered',
  'answered',
  'machine',
  'hung_up',
  'failed',
];
const BEAT_MS = 5 * MINUTE_MS;

/** A carrier of all weathers: refuses now and then, asks to be left alone, and tells late. */
export function waysByDice(dice: Dice): Ways {
  return {
    odd(from) {
      const fallen = isCalm(from) ? 1 : dice.roll();
      if (fallen < 0.004) return { kind: 'throttled', retryAfterMs: 5 * MINUTE_MS, code: '20429' };
      if (fallen >= 0.014) return null;
      const refusal = { class: 'invalid_number', code: '21211', fix: 'Mend the number.' } as const;
      return { kind: 'rejected', refusal };
    },
    text: (from, _, now) => ({
      fails: dice.chance(0.03) && !isCalm(from),
      isPricedAtOnce: dice.chance(0.5),
      endsAt: onTheBeat(now + dice.between(5, 90) * 1_000),
    }),
    call(_, now) {
      const outcome = dice.pick(CALL_ENDS);
      const talkedSeconds =
        { answered: dice.between(10, 240), machine: 8, hung_up: 2 }[outcome as string] ?? 0;
      return {
        outcome,
        talkedSeconds,
        endsAt: onTheBeat(now + (dice.between(10, 40) + talkedSeconds) * 1_000),
      };
    },
  };
}

/** A carrier that goes by a table, to the second, and tells at once. */
export function waysByTable(endOf: EndOf): Ways {
  const tries = new Map<string, number>();
  const next = (phoneNumber: string, channel: 'call' | 'sms') => {
    const n = (tries.get(phoneNumber) ?? 0) + 1;
    tries.set(phoneNumber, n);
    return endOf({ phoneNumber, channel, n });
  };
  return {
    odd: () => null,
    text(_, to, now) {
      const { outcome, seconds } = next(to, 'sms');
      return { fails: outcome !== 'delivered', isPricedAtOnce: true, endsAt: now + seconds * 1_000 };
    },
    call(to, now) {
      const end = next(to, 'call');
      const outcome = TABLE_ENDS[end.outcome];
      if (!outcome) throw new Error(`this carrier knows no call that ends as ${end.outcome}`);
      const talkedSeconds = { answered: end.seconds, machine: 8, hung_up: 2 }[outcome as string] ?? 0;
      return { outcome, talkedSeconds, endsAt: now + end.seconds * 1_000 };
    },
  };
}

const TABLE_ENDS: Record<string, CallEnd> = {
  answered: 'answered',
  voicemail: 'machine',
  no_answer: 'no_answer',
  busy: 'busy',
  hung_up: 'hung_up',
  carrier_failed: 'failed',
};

function isCalm(from: string): boolean {
  return from.startsWith(CALM_NUMBERS);
}

/** Reports come every few minutes, so that those of one batch are merged together. */
function onTheBeat(ms: number): number {
  return Math.ceil(ms / BEAT_MS) * BEAT_MS;
}
