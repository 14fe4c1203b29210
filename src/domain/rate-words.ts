import { isSupportedCountry } from 'libphonenumber-js/max';
import { formatRate } from './money.ts';
import { OTHER_COUNTRIES, type PricedChannel, type Rate } from './rates.ts';

/** What somebody asks about rates; `problem` says in a sentence what could not be read. */
export type RateWish =
  | { kind: 'show' }
  | { kind: 'set'; channel: PricedChannel; country: string; lowMicros: number; highMicros: number }
  | { kind: 'reset'; channel: PricedChannel; country: string }
  | { kind: 'problem'; problem: string };

/** Largest price of a segment or a minute that is believed: a hundred dollars. */
const MOST_MICROS = 100_000_000;

const CHANNELS: Record<string, PricedChannel> = {
  text: 'sms',
  texts: 'sms',
  sms: 'sms',
  call: 'call',
  calls: 'call',
  voice: 'call',
};

/** Reads `text US 0.0079`, `calls DE 0.02-0.06` or `text US reset`; without words the rates are to be shown. */
export function readRateWish(words: string): RateWish {
  const said = words.replaceAll(/\s*(?:-|–|\bto\b)\s*(?=\$?\d)/g, '-').trim();
  if (said === '') return { kind: 'show' };
  const [channelWord = '', countryWord = '', price = '', ...rest] = said.split(/\s+/);
  const channel = CHANNELS[channelWord.toLowerCase()];
  const country = countryOf(countryWord);
  if (!channel || rest.length > 0) return { kind: 'problem', problem: HOW };
  if (!country)
    return { kind: 'problem', problem: `“${countryWord}” is no country code like US or GB. ${HOW}` };
  if (price.toLowerCase() === 'reset') return { kind: 'reset', channel, country };
  const range = rangeOf(price);
  if (!range) return { kind: 'problem', problem: `“${price}” is no price in dollars like 0.0079. ${HOW}` };
  return { kind: 'set', channel, country, ...range };
}

const HOW =
  'Say channel, country and price: /campaign rates text US 0.0079, /campaign rates calls DE 0.02-0.06, or reset in place of the price.';

/** A rate in words: `$0.0118 to $0.0133`. */
export function describeRate({ low, high }: Pick<Rate, 'low' | 'high'>): string {
  return low === high ? formatRate(low) : `${formatRate(low)} to ${formatRate(high)}`;
}

function countryOf(word: string): string | null {
  if (word.toLowerCase() === OTHER_COUNTRIES) return OTHER_COUNTRIES;
  const code = word.toUpperCase();
  return isSupportedCountry(code) ? code : null;
}

function rangeOf(price: string): { lowMicros: number; highMicros: number } | null {
  const match = /^\$?(\d{1,3}(?:\.\d{1,6})?)(?:-\$?(\d{1,3}(?:\.\d{1,6})?))?$/.exec(price);
  if (!match?.[1]) return null;
  const low = microsOf(match[1]);
  const high = microsOf(match[2] ?? match[1]);
  return high >= low && high > 0 && high <= MOST_MICROS ? { lowMicros: low, highMicros: high } : null;
}

function microsOf(dollars: string): number {
  return Math.round(Number(dollars) * 1_000_000);
}
