import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeOf, type StatedPlace } from '#domain/places/place-of.ts';
import { zonesOfRegion } from '#domain/places/region-zones.ts';
import { isRegion } from '#domain/places/regions.ts';
import { isTimeZone } from '#domain/window-clock.ts';

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';

function read(stated: Partial<StatedPlace>) {
  return placeOf({ zone: null, postcode: null, state: null, country: null, ...stated });
}

describe('what a row says about where somebody is', () => {
  test.each<[string, Partial<StatedPlace>, string[] | null, string | null]>([
    ['nothing', {}, null, null],
    ['blanks', { zone: ' ', postcode: '', state: '\t' }, null, null],

    ['a zone', { zone: 'America/Chicago' }, [CENTRAL], null],
    ['a zone in small letters', { zone: 'america/los angeles' }, [PACIFIC], null],
    ['Eastern', { zone: 'Eastern Time' }, [EASTERN], null],
    ['EST, which people write in summer too', { zone: 'EST' }, [EASTERN], null],
    ['MST, which may be Arizona', { zone: 'MST' }, [MOUNTAIN, 'America/Phoenix'], null],
    ['no zone that exists', { zone: 'Middle/Earth' }, [], null],
    ['an offset, which does not say when clocks change', { zone: '+02:00' }, [], null],
    ['an offset by another name', { zone: 'Etc/GMT+5' }, [], null],
    ['a zone of an island, by its old name', { zone: 'US/Hawaii' }, ['Pacific/Honolulu'], null],
    ['a word', { zone: 'tomorrow' }, [], null],

    ['a ZIP code', { postcode: '60601' }, [CENTRAL], 'US-IL'],
    ['ZIP+4', { postcode: '96813-1234' }, ['Pacific/Honolulu'], 'US-HI'],
    ['a ZIP code that lost its zero', { postcode: '2903' }, [EASTERN], 'US-RI'],
    ['the west of the Panhandle', { postcode: '32501' }, [CENTRAL], 'US-FL'],
    ['the middle of the Panhandle, where the line runs', { postcode: '32401' }, [EASTERN, CENTRAL], 'US-FL'],
    ['Miami', { postcode: '33101' }, [EASTERN], 'US-FL'],
    ['El Paso', { postcode: '79901' }, [MOUNTAIN], 'US-TX'],
    ['the Navajo Nation', { postcode: '86515' }, ['America/Phoenix', MOUNTAIN], 'US-AZ'],
    ['Adak', { postcode: '99546' }, ['America/Adak'], 'US-AK'],
    ['Anchorage', { postcode: '99501' }, ['America/Anchorage'], 'US-AK'],
    ['Guam', { postcode: '96913' }, ['Pacific/Guam'], 'US-GU'],
    ['American Samoa', { postcode: '96799' }, ['Pacific/Pago_Pago'], 'US-AS'],
    ['an address of the army', { postcode: '09012' }, [], null],
    ['a prefix that is not in use', { postcode: '00123' }, [], null],
    ['no postcode', { postcode: 'n/a' }, [], null],

    ['Toronto', { postcode: 'M5V 2T6' }, ['America/Toronto'], 'CA-ON'],
    ['the first half of a code', { postcode: 'h2x' }, ['America/Toronto'], 'CA-QC'],
    ['St. John’s', { postcode: 'A1C 5M2' }, ['America/St_Johns'], 'CA-NL'],
    ['Labrador, or the island', { postcode: 'A0P 1C0' }, ['America/St_Johns', 'America/Goose_Bay'], 'CA-NL'],
    ['Vancouver', { postcode: 'V6B1A1', country: 'Canada' }, ['America/Vancouver'], 'CA-BC'],
    ['a ZIP code in Canada', { postcode: '60601', country: 'CA' }, [], null],
    ['a Canadian code in the United States', { postcode: 'M5V 2T6', country: 'US' }, [], null],

    ['a state', { state: 'FL' }, [EASTERN, CENTRAL], 'US-FL'],
    ['a state by name', { state: 'new york' }, [EASTERN], 'US-NY'],
    [
      'a province with an accent',
      { state: 'Québec' },
      ['America/Toronto', 'America/Halifax', 'America/Blanc-Sablon'],
      'CA-QC',
    ],
    ['a state with its country in front', { state: 'US-TX' }, [CENTRAL, MOUNTAIN], 'US-TX'],
    ['the capital', { state: 'Washington, D.C.' }, [EASTERN], 'US-DC'],
    ['no state', { state: 'Flrida' }, [], null],
    [
      'a state of Australia',
      { state: 'WA', country: 'Australia' },
      ['Australia/Perth', 'Australia/Eucla'],
      'AU-WA',
    ],
    [
      'a state of Germany, on which nothing hangs',
      { state: 'Bayern', country: 'DE' },
      ['Europe/Berlin'],
      'DE',
    ],
    ['the same by the number', { state: 'Bayern', numberCountry: 'DE' }, null, null],
    ['a ZIP code beside a British number', { postcode: '33101', numberCountry: 'GB' }, [], null],
    ['an American state beside a British number', { state: 'Florida', numberCountry: 'GB' }, [], null],
    [
      'a code that may be anything beside an Italian number',
      { state: 'MI', numberCountry: 'IT' },
      null,
      null,
    ],
    ['a mistyped postcode of Britain', { postcode: 'SWIA 1AA', country: 'GB' }, ['Europe/London'], 'GB'],

    ['a country', { country: 'United Kingdom' }, ['Europe/London'], 'GB'],
    ['a country that the number knows better', { country: 'USA' }, null, 'US'],
    ['no country', { country: 'Untied States' }, [], null],
    ['Britain by its postcode', { postcode: 'SW1A 1AA', country: 'UK' }, ['Europe/London'], 'GB'],
    ['Jersey by its postcode', { postcode: 'JE2 3AB', country: 'GB' }, ['Europe/Jersey'], 'JE'],
    ['Réunion by its postcode', { postcode: '97400', country: 'France' }, ['Indian/Reunion'], 'RE'],
    ['the Canaries', { postcode: '35001', numberCountry: 'ES' }, ['Atlantic/Canary'], 'ES'],
    [
      'Berlin, whose codes look American',
      { postcode: '10115', numberCountry: 'DE' },
      ['Europe/Berlin'],
      'DE',
    ],

    ['state and postcode that agree', { state: 'FL', postcode: '33101' }, [EASTERN], 'US-FL'],
    ['state and postcode that do not', { state: 'TX', postcode: '33101' }, [], null],
    ['a bad postcode beside a good state', { state: 'FL', postcode: '??' }, [EASTERN, CENTRAL], 'US-FL'],
    ['a bad state beside a good postcode', { state: 'Fla', postcode: '33101' }, [EASTERN], 'US-FL'],
    ['a zone that the state has', { zone: CENTRAL, state: 'FL' }, [CENTRAL], 'US-FL'],
    [
      'another name of a zone that it has',
      { zone: 'America/Detroit', state: 'MI' },
      ['America/Detroit'],
      'US-MI',
    ],
    ['a zone that it has not', { zone: PACIFIC, state: 'NY' }, [PACIFIC, EASTERN], 'US-NY'],
    ['a bad zone beside a good state', { zone: 'Middle/Earth', state: 'NY' }, [], null],
    ['a zone and a country', { zone: EASTERN, country: 'US' }, [EASTERN], 'US'],
  ])('%s', (_, stated, ownZones, ownRegion) => {
    expect(read(stated)).toEqual({ ownZones, ownRegion });
  });
});

describe('whatever a file says', () => {
  const cell = fc.option(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'FL',
        'ON',
        'NSW',
        '33101',
        '2903',
        'M5V 2T6',
        'SW1A 1AA',
        '97400',
        'EST',
        'America/Chicago',
      ),
      fc.constantFrom('US', 'Canada', 'UK', 'FR', 'AU', 'DE', '__proto__', 'constructor', 'toString'),
    ),
  );

  function isPlace(region: string): boolean {
    return isRegion(region) || zonesOfRegion(region).length > 0;
  }

  test('the answer is a region there is and zones that clocks know, or that nothing is known', () => {
    const row = fc.record({
      zone: cell,
      postcode: cell,
      state: cell,
      country: cell,
      numberCountry: fc.constantFrom(null, 'US', 'GB', 'DE', 'AU', 'JM'),
    });
    fc.assert(
      fc.property(row, (stated) => {
        const { ownZones, ownRegion } = placeOf(stated);
        for (const zone of ownZones ?? []) expect(isTimeZone(zone)).toBe(true);
        if (ownRegion !== null) expect(isPlace(ownRegion), ownRegion).toBe(true);
        const said = [stated.zone, stated.postcode, stated.state, stated.country];
        if (said.every((text) => (text ?? '').trim() === ''))
          expect({ ownZones, ownRegion }).toEqual({ ownZones: null, ownRegion: null });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('postcodes of other countries', () => {
  test.each([
    ['2000', 'AU', ['Australia/Sydney', 'Australia/Adelaide', 'Australia/Lord_Howe'], 'AU-NSW'],
    ['2601', 'AU', ['Australia/Sydney'], 'AU-ACT'],
    ['0800', 'AU', ['Australia/Darwin'], 'AU-NT'],
    ['4000', 'AU', ['Australia/Brisbane'], 'AU-QLD'],
    ['6000', 'AU', ['Australia/Perth', 'Australia/Eucla'], 'AU-WA'],
    ['9500-321', 'PT', ['Atlantic/Azores'], 'PT'],
    ['1000-001', 'PT', ['Europe/Lisbon'], 'PT'],
    ['28001', 'ES', ['Europe/Madrid'], 'ES'],
    ['75001', 'FR', ['Europe/Paris'], 'FR'],
    ['IM1 1AA', 'GB', ['Europe/Isle_of_Man'], 'IM'],
    ['T2P 1J9', 'CA', ['America/Edmonton'], 'CA-AB'],
    ['S7K 0J5', 'CA', ['America/Regina'], 'CA-SK'],
    ['P7B 5E1', 'CA', ['America/Toronto'], 'CA-ON'],
    [
      'X0A 0H0',
      'CA',
      ['America/Edmonton', 'America/Winnipeg', 'America/Toronto', 'America/Atikokan'],
      'CA-NU',
    ],
    ['Y1A 1A1', 'CA', ['America/Whitehorse'], 'CA-YT'],
  ])('%s in %s', (postcode, country, ownZones, ownRegion) => {
    expect(read({ postcode, country })).toEqual({ ownZones, ownRegion });
  });
});
