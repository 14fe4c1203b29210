import { describe, expect, test } from 'vitest';
import { BUILT_IN_RATES, OTHER_COUNTRIES, pricedCountry, rateOf, ratesWith } from '#domain/rates.ts';

describe('the built-in rates', () => {
  test.each(['call', 'sms'] as const)(
    'of a %s are whole micro-dollars and say where they are from',
    (channel) => {
      for (const [country, { low, high, source, asOf }] of Object.entries(BUILT_IN_RATES[channel])) {
        expect(country).toMatch(/^([A-Z]{2}|other)$/);
        expect(Number.isSafeInteger(low) && Number.isSafeInteger(high) && low > 0 && high >= low).toBe(true);
        expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        expect(source).not.toBe('');
      }
    },
  );

  test.each(['call', 'sms'] as const)('of a %s to an unknown country are as dear as any', (channel) => {
    const other = rateOf(BUILT_IN_RATES, channel, OTHER_COUNTRIES);
    const rows = Object.values(BUILT_IN_RATES[channel]);
    expect(other.high).toBe(Math.max(...rows.map(({ high }) => high)));
    expect(rateOf(BUILT_IN_RATES, channel, 'constructor')).toBe(other);
  });
});

describe('the rates of a workspace', () => {
  const own = {
    channel: 'sms',
    country: 'US',
    lowMicros: 5_000,
    highMicros: 6_000,
    source: 'contract of May',
    changedAt: new Date('2026-11-20T10:00:00Z'),
  } as const;

  test('take the place of the built-in row, on their channel alone', () => {
    const rates = ratesWith([own]);
    expect(rateOf(rates, 'sms', 'US')).toEqual({
      low: 5_000,
      high: 6_000,
      source: 'contract of May',
      asOf: '2026-11-20',
      estimate: false,
    });
    expect(rateOf(rates, 'call', 'US')).toBe(rateOf(BUILT_IN_RATES, 'call', 'US'));
    expect(rateOf(rates, 'sms', 'CA')).toBe(rateOf(BUILT_IN_RATES, 'sms', 'CA'));
  });

  test('may say what every other country costs', () => {
    expect(rateOf(ratesWith([{ ...own, country: OTHER_COUNTRIES }]), 'sms', 'XX').high).toBe(6_000);
  });
});

test.each([
  ['+12125550100', 'US'],
  ['+14165550100', 'CA'],
  ['+442079460000', 'GB'],
  ['+8835100000000', 'other'],
  ['+1212555', 'US'],
])('a number %s is priced as %s', (phoneNumber, country) => {
  expect(pricedCountry(phoneNumber)).toBe(country);
});
