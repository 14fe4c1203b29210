import fc from 'fast-check';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  isValidPhoneNumber,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ALLOWED_HOURS, windowVerdict } from '#domain/calling-window.ts';
import { zonesOfCountry } from '#domain/country-zones.ts';
import { candidateZones, PLACE_LENGTHS } from '#domain/number-zones.ts';
import { isTimeZone, spanAt } from '#domain/window-clock.ts';

const lengthOf = (phoneNumber: string) =>
  PLACE_LENGTHS.find(({ beginnings }) => beginnings.some((beginning) => phoneNumber.startsWith(beginning)))
    ?.length ?? 0;

describe('where a number may be', () => {
  test.each([
    ['+12125550123', 'exact', 'US', ['NY'], ['America/New_York']],
    ['+18505550123', 'ambiguous', 'US', ['FL'], ['America/New_York', 'America/Chicago']],
    ['+19025550123', 'exact', 'CA', ['NS', 'PE'], ['America/Halifax']],
    ['+18765550123', 'exact', 'JM', [], ['America/Jamaica']],
    ['+17875550123', 'exact', 'PR', [], ['America/Puerto_Rico']],
    ['+16715550123', 'exact', 'GU', [], ['Pacific/Guam']],
    ['+442079460958', 'exact', 'GB', [], ['Europe/London']],
    ['+441534123456', 'exact', 'JE', [], ['Europe/Jersey']],
    ['+4915112345678', 'exact', 'DE', [], ['Europe/Berlin']],
    ['+919812345678', 'exact', 'IN', [], ['Asia/Kolkata']],
    ['+9779812345678', 'exact', 'NP', [], ['Asia/Kathmandu']],
    ['+77011234567', 'exact', 'KZ', [], ['Asia/Almaty']],
    ['+262692123456', 'exact', 'RE', [], ['Indian/Reunion']],
    ['+262639012345', 'exact', 'YT', [], ['Indian/Mayotte']],
  ] as const)('%s: %s, %s %j, %j', (phoneNumber, certainty, country, states, zones) => {
    expect(candidateZones(phoneNumber)).toMatchObject({ certainty, country, states, zones });
  });

  test.each([
    [
      '+61412345678',
      'AU',
      ['Australia/Sydney', 'Australia/Perth', 'Australia/Lord_Howe', 'Australia/Darwin'],
    ],
    [
      '+5511912345678',
      'BR',
      ['America/Sao_Paulo', 'America/Manaus', 'America/Rio_Branco', 'America/Noronha'],
    ],
    ['+79161234567', 'RU', ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Vladivostok', 'Asia/Kamchatka']],
    ['+5215512345678', 'MX', ['America/Mexico_City', 'America/Tijuana', 'America/Cancun']],
    ['+628123456789', 'ID', ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura']],
    ['+34612345678', 'ES', ['Europe/Madrid', 'Atlantic/Canary']],
  ])('a number of a country with several zones may be in any of them: %s', (phoneNumber, country, zones) => {
    const found = candidateZones(phoneNumber);
    expect(found).toMatchObject({ certainty: 'country', country, basis: 'country' });
    expect(found.zones).toEqual(expect.arrayContaining(zones));
  });

  test('a shared calling code whose country cannot be told counts for all of its countries', () => {
    const found = candidateZones('+70000000000');
    expect(found).toMatchObject({ certainty: 'country', country: null });
    expect(found.zones).toEqual(expect.arrayContaining(['Asia/Almaty', 'Europe/Moscow', 'Asia/Kamchatka']));
  });

  test('numbers that begin alike are in the same place, with what the first of them says', () => {
    const endings = fc.array(fc.constantFrom(...'0123456789'), { minLength: 12, maxLength: 12 });
    const alike = fc
      .tuple(fc.constantFrom(...getCountries()), endings)
      .map(([country, ending]) => {
        const one = getExampleNumber(country, examples)?.number ?? '';
        const length = lengthOf(one);
        return [one, one.slice(0, length) + ending.join('').slice(0, one.length - length)] as const;
      })
      .filter(([, other]) => isValidPhoneNumber(other));
    fc.assert(
      fc.property(alike, ([one, other]) => {
        expect(candidateZones(other)).toEqual(candidateZones(one));
      }),
      { numRuns: 300 },
    );
  });

  test('an area code that no table knows may be anywhere on the mainland', () => {
    const found = candidateZones('+15551234567');
    expect(found).toMatchObject({ certainty: 'country', country: null, states: [] });
    expect(found.zones).toEqual(expect.arrayContaining(['America/St_Johns', 'Pacific/Honolulu']));
    const noonInChicago = windowVerdict({
      at: new Date('2026-12-01T19:00:00Z'),
      zones: found.zones,
      hours: [DEFAULT_ALLOWED_HOURS],
    });
    expect(noonInChicago.open).toBe(true);
  });

  test.each([
    ['+18005550123', 'toll_free'],
    ['+18445550123', 'toll_free'],
    ['+19005550123', 'non_geographic'],
    ['+15005550123', 'non_geographic'],
    ['+80012345678', 'non_geographic'],
    ['+870773111632', 'non_geographic'],
    ['+881612345678', 'non_geographic'],
    ['12125550123', 'not_a_number'],
    ['+1', 'not_a_number'],
    ['', 'not_a_number'],
    ['+0123456789', 'not_a_number'],
  ])('%s has no place (%s), so nobody is contacted there', (phoneNumber, basis) => {
    expect(candidateZones(phoneNumber)).toEqual({
      zones: [],
      certainty: 'unknown',
      basis,
      country: null,
      states: [],
    });
  });

  test('toll-free numbers count for the contiguous states where the policy says so', () => {
    const found = candidateZones('+18005550123', 'contiguous');
    expect(found).toMatchObject({ certainty: 'country', basis: 'toll_free' });
    expect(found.zones).toContain('America/Los_Angeles');
    expect(candidateZones('+19005550123', 'contiguous').certainty).toBe('unknown');
  });
});

describe('the table of countries', () => {
  const others = getCountries().filter((country) => getCountryCallingCode(country) !== '1');

  test('every country of the phone library has zones, and every zone is one that clocks know', () => {
    for (const country of others) {
      expect(zonesOfCountry(country).length, country).toBeGreaterThan(0);
      for (const zone of zonesOfCountry(country)) expect(isTimeZone(zone), zone).toBe(true);
    }
  });

  test('a number of every country may be wherever that country is', () => {
    for (const country of others) {
      const number = getExampleNumber(country, examples)?.number;
      const looksAustralian = country === 'CC' || country === 'CX';
      if (!number || looksAustralian) continue;
      const found = candidateZones(number).zones;
      for (const zone of zonesOfCountry(country)) {
        expect(
          found.some((candidate) => keepSameClock(candidate, zone)),
          `${country} ${number}`,
        ).toBe(true);
      }
    }
  });

  test('mobile numbers of Christmas and the Cocos Islands look like Australian ones and count as such', () => {
    for (const country of ['CC', 'CX'] as const) {
      expect(candidateZones(getExampleNumber(country, examples)?.number ?? '').country).toBe('AU');
    }
  });

  test('no clock that a country keeps is missing, but for the documented ones', () => {
    const leftOut = ['America/Danmarkshavn', 'Asia/Urumqi', 'Europe/Simferopol'];
    type WithZones = Intl.Locale & { getTimeZones(): string[] | undefined };
    for (const country of others) {
      const ours = zonesOfCountry(country);
      for (const zone of (new Intl.Locale(`und-${country}`) as WithZones).getTimeZones() ?? []) {
        if (leftOut.includes(zone)) continue;
        expect(
          ours.some((own) => keepSameClock(own, zone)),
          `${country} keeps ${zone}`,
        ).toBe(true);
      }
    }
  });

  function keepSameClock(a: string, b: string): boolean {
    for (let t = Date.UTC(2026, 10, 22); t < Date.UTC(2028, 0, 1); t += 86_400_000 * 3) {
      if (spanAt(a, t)?.offsetMs !== spanAt(b, t)?.offsetMs) return false;
    }
    return true;
  }
});
