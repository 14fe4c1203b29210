import { candidateZones } from './number-zones.ts';

/**
 * What one outbound text segment or one begun minute of a call costs, in micro-dollars (1 USD = 1,000,000): the least and
 * the most. `source` and `asOf` say where the figures come from; `estimate` marks a guess that is not a published price.
 */
export type Rate = { low: number; high: number; source: string; asOf: string; estimate: boolean };

export type PricedChannel = 'call' | 'sms';

/** Rates by channel and ISO country of the destination; `other` is every country without a row of its own. */
export type RateTable = Readonly<Record<PricedChannel, Readonly<Record<string, Rate>>>>;

/** A row of a workspace that pays other prices than the built-in table says. */
export type OwnRate = {
  channel: PricedChannel;
  country: string;
  lowMicros: number;
  highMicros: number;
  source: string;
  changedAt: Date;
};

/** The country key for every destination without a row of its own. */
export const OTHER_COUNTRIES = 'other';

const PRICE_LIST =
  'Twilio public price list (SMSPricing.csv), dearest network of the country, as republished';
const PRICE_LIST_DATE = '2026-10-08';

/** List prices to which carriers add nothing that is published. */
const LIST_PRICES: Record<string, number> = {
  AT: 97_900,
  AU: 51_500,
  BH: 38_600,
  BR: 59_900,
  CH: 76_900,
  CL: 79_700,
  CO: 59_200,
  CY: 86_400,
  CZ: 70_600,
  DK: 59_200,
  EE: 95_800,
  ES: 87_500,
  FI: 86_100,
  FR: 79_800,
  GB: 56_000,
  GR: 65_700,
  HK: 72_300,
  HU: 91_000,
  IE: 77_900,
  IN: 83_200,
  IS: 71_900,
  IT: 92_700,
  JP: 89_000,
  KR: 52_400,
  LT: 57_800,
  LU: 81_800,
  LV: 80_100,
  MT: 68_900,
  NO: 69_700,
  PL: 45_700,
  PR: 54_000,
  PT: 50_100,
  RO: 78_100,
  SE: 64_600,
  SG: 59_100,
  SK: 88_300,
  TH: 30_500,
  TR: 30_500,
  TW: 84_200,
  UY: 85_200,
};

/** Micro-dollars per outbound segment. */
const TEXT_RATES: Readonly<Record<string, Rate>> = {
  ...Object.fromEntries(
    Object.entries(LIST_PRICES).map(([country, price]) => [
      country,
      { low: price, high: price, source: PRICE_LIST, asOf: PRICE_LIST_DATE, estimate: false },
    ]),
  ),
  US: {
    low: 8300 + 3500,
    high: 8300 + 5000,
    source: 'Twilio US SMS page: list price 0.0083, carrier fees 0.0035 to 0.005',
    asOf: '2026-11-09',
    estimate: false,
  },
  CA: {
    low: 8300 + 6400,
    high: 8300 + 8700,
    source: 'Twilio Canada SMS page: list price 0.0083, carrier fees 0.0064 to 0.0087',
    asOf: '2026-08-14',
    estimate: false,
  },
  DE: { low: 112_000, high: 112_000, source: 'Twilio Germany SMS page', asOf: '2026-08-28', estimate: false },
  MX: { low: 181_900, high: 181_900, source: 'Twilio Mexico SMS page', asOf: '2026-10-03', estimate: false },
  [OTHER_COUNTRIES]: {
    low: 30_000,
    high: 400_000,
    source: 'cheapest and dearest country of the Twilio price list outside North America',
    asOf: PRICE_LIST_DATE,
    estimate: true,
  },
};

const ORDER_OF_MAGNITUDE =
  'order of magnitude of Twilio’s list prices, local to mobile; the account’s own prices are at pricing.twilio.com/v2/Voice/Countries';
const perMinute = (low: number, high: number): Rate => ({
  low,
  high,
  source: ORDER_OF_MAGNITUDE,
  asOf: '2026-11-22',
  estimate: true,
});

/** Micro-dollars per begun minute, from the cheapest landline to the dearest mobile of the country. */
const CALL_RATES: Readonly<Record<string, Rate>> = {
  US: perMinute(14_000, 14_000),
  CA: perMinute(14_000, 14_000),
  PR: perMinute(14_000, 30_000),
  MX: perMinute(10_000, 60_000),
  GB: perMinute(12_000, 45_000),
  IE: perMinute(15_000, 60_000),
  DE: perMinute(15_000, 60_000),
  AT: perMinute(15_000, 80_000),
  CH: perMinute(20_000, 250_000),
  FR: perMinute(12_000, 60_000),
  ES: perMinute(10_000, 60_000),
  IT: perMinute(12_000, 80_000),
  NL: perMinute(12_000, 80_000),
  AU: perMinute(20_000, 80_000),
  NZ: perMinute(15_000, 80_000),
  [OTHER_COUNTRIES]: perMinute(10_000, 600_000),
};

/**
 * The list prices that everybody begins with. Those of calls are orders of magnitude: a workspace sets its own with
 * `/campaign rates`.
 */
export const BUILT_IN_RATES: RateTable = { call: CALL_RATES, sms: TEXT_RATES };

/** The table that counts for a workspace: its own rows before the built-in ones. What somebody set is no guess. */
export function ratesWith(own: readonly OwnRate[]): RateTable {
  const rowsOf = (channel: PricedChannel) =>
    own
      .filter((row) => row.channel === channel)
      .map(({ country, lowMicros, highMicros, source, changedAt }) => [
        country,
        {
          low: lowMicros,
          high: highMicros,
          source,
          asOf: changedAt.toISOString().slice(0, 10),
          estimate: false,
        },
      ]);
  return {
    call: { ...CALL_RATES, ...Object.fromEntries(rowsOf('call')) },
    sms: { ...TEXT_RATES, ...Object.fromEntries(rowsOf('sms')) },
  };
}

/** The row that prices a destination country. */
export function rateOf(rates: RateTable, channel: PricedChannel, country: string): Rate {
  const rows = rates[channel];
  const known = Object.hasOwn(rows, country) ? rows[country] : rows[OTHER_COUNTRIES];
  if (known === undefined) throw new Error('the rate table has no row for other countries');
  return known;
}

/** The country that prices a number: where its area code or calling code belongs, or `other`. A prefix of it is enough. */
export function pricedCountry(phoneNumber: string): string {
  return candidateZones(phoneNumber).country ?? OTHER_COUNTRIES;
}
