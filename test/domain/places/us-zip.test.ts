import { describe, expect, test } from 'vitest';
import { zonesOfRegion } from '#domain/places/region-zones.ts';
import { isRegion, regionsOf } from '#domain/places/regions.ts';
import { placeOfZip } from '#domain/places/us-zip.ts';
import { isTimeZone } from '#domain/window-clock.ts';

/** A post office in the capital of every state, and the clock on its town hall. */
const CAPITALS: [state: string, zip: string, zone: string][] = [
  ['AL', '36104', 'America/Chicago'],
  ['AK', '99801', 'America/Anchorage'],
  ['AZ', '85001', 'America/Phoenix'],
  ['AR', '72201', 'America/Chicago'],
  ['CA', '95814', 'America/Los_Angeles'],
  ['CO', '80202', 'America/Denver'],
  ['CT', '06103', 'America/New_York'],
  ['DE', '19901', 'America/New_York'],
  ['DC', '20001', 'America/New_York'],
  ['FL', '32301', 'America/New_York'],
  ['GA', '30303', 'America/New_York'],
  ['HI', '96813', 'Pacific/Honolulu'],
  ['ID', '83702', 'America/Denver'],
  ['IL', '62701', 'America/Chicago'],
  ['IN', '46225', 'America/New_York'],
  ['IA', '50309', 'America/Chicago'],
  ['KS', '66603', 'America/Chicago'],
  ['KY', '40601', 'America/New_York'],
  ['LA', '70802', 'America/Chicago'],
  ['ME', '04330', 'America/New_York'],
  ['MD', '21401', 'America/New_York'],
  ['MA', '02201', 'America/New_York'],
  ['MI', '48933', 'America/New_York'],
  ['MN', '55102', 'America/Chicago'],
  ['MS', '39205', 'America/Chicago'],
  ['MO', '65101', 'America/Chicago'],
  ['MT', '59623', 'America/Denver'],
  ['NE', '68502', 'America/Chicago'],
  ['NV', '89701', 'America/Los_Angeles'],
  ['NH', '03301', 'America/New_York'],
  ['NJ', '08608', 'America/New_York'],
  ['NM', '87501', 'America/Denver'],
  ['NY', '12207', 'America/New_York'],
  ['NC', '27601', 'America/New_York'],
  ['ND', '58501', 'America/Chicago'],
  ['OH', '43215', 'America/New_York'],
  ['OK', '73102', 'America/Chicago'],
  ['OR', '97301', 'America/Los_Angeles'],
  ['PA', '17101', 'America/New_York'],
  ['RI', '02903', 'America/New_York'],
  ['SC', '29217', 'America/New_York'],
  ['SD', '57501', 'America/Chicago'],
  ['TN', '37219', 'America/Chicago'],
  ['TX', '78701', 'America/Chicago'],
  ['UT', '84111', 'America/Denver'],
  ['VT', '05602', 'America/New_York'],
  ['VA', '23219', 'America/New_York'],
  ['WA', '98507', 'America/Los_Angeles'],
  ['WV', '25301', 'America/New_York'],
  ['WI', '53703', 'America/Chicago'],
  ['WY', '82001', 'America/Denver'],
  ['PR', '00901', 'America/Puerto_Rico'],
  ['VI', '00802', 'America/St_Thomas'],
  ['GU', '96910', 'Pacific/Guam'],
  ['MP', '96950', 'Pacific/Saipan'],
  ['AS', '96799', 'Pacific/Pago_Pago'],
];

/** Towns on the far side of a line that runs through their state: whatever else is possible, this must be. */
const FAR_SIDES: [town: string, zip: string, zone: string][] = [
  ['Panama City, Florida', '32401', 'America/Chicago'],
  ['Port St. Joe, Florida', '32456', 'America/New_York'],
  ['Apalachicola, Florida', '32320', 'America/New_York'],
  ['Coeur d’Alene, Idaho', '83814', 'America/Los_Angeles'],
  ['Lewiston, Idaho', '83501', 'America/Los_Angeles'],
  ['Riggins, Idaho', '83549', 'America/Denver'],
  ['Gary, Indiana', '46402', 'America/Chicago'],
  ['Evansville, Indiana', '47708', 'America/Chicago'],
  ['Knox, Indiana', '46534', 'America/Chicago'],
  ['South Bend, Indiana', '46601', 'America/New_York'],
  ['Kentland, Indiana', '47951', 'America/Chicago'],
  ['Lafayette, Indiana', '47901', 'America/New_York'],
  ['Goodland, Kansas', '67735', 'America/Denver'],
  ['Syracuse, Kansas', '67878', 'America/Denver'],
  ['Paducah, Kentucky', '42001', 'America/Chicago'],
  ['Hardinsburg, Kentucky', '40143', 'America/Chicago'],
  ['Albany, Kentucky', '42602', 'America/Chicago'],
  ['Somerset, Kentucky', '42501', 'America/New_York'],
  ['Columbia, Kentucky', '42728', 'America/Chicago'],
  ['Elizabethtown, Kentucky', '42701', 'America/New_York'],
  ['Iron Mountain, Michigan', '49801', 'America/Chicago'],
  ['Ironwood, Michigan', '49938', 'America/Chicago'],
  ['Marquette, Michigan', '49855', 'America/New_York'],
  ['Scottsbluff, Nebraska', '69361', 'America/Denver'],
  ['Ogallala, Nebraska', '69153', 'America/Denver'],
  ['North Platte, Nebraska', '69101', 'America/Chicago'],
  ['West Wendover, Nevada', '89883', 'America/Denver'],
  ['Dickinson, North Dakota', '58601', 'America/Denver'],
  ['Fort Yates, North Dakota', '58538', 'America/Denver'],
  ['Watford City, North Dakota', '58854', 'America/Chicago'],
  ['Ontario, Oregon', '97914', 'America/Denver'],
  ['Rapid City, South Dakota', '57701', 'America/Denver'],
  ['Lemmon, South Dakota', '57638', 'America/Denver'],
  ['Mobridge, South Dakota', '57601', 'America/Chicago'],
  ['Chattanooga, Tennessee', '37402', 'America/New_York'],
  ['Pikeville, Tennessee', '37367', 'America/Chicago'],
  ['Crab Orchard, Tennessee', '37723', 'America/Chicago'],
  ['El Paso, Texas', '79901', 'America/Denver'],
  ['Fort Hancock, Texas', '79839', 'America/Denver'],
  ['Marfa, Texas', '79843', 'America/Chicago'],
  ['Tuba City, Arizona', '86045', 'America/Denver'],
  ['Window Rock, Arizona', '86515', 'America/Denver'],
  ['Phenix City, Alabama', '36867', 'America/New_York'],
];

describe('ZIP codes', () => {
  test.each(CAPITALS)('the capital of %s: %s', (state, zip, zone) => {
    const place = placeOfZip(zip);
    expect(place?.region).toBe(`US-${state}`);
    expect(place?.zones).toContain(zone);
  });

  test.each(FAR_SIDES)('%s (%s) may be on %s', (_, zip, zone) => {
    expect(placeOfZip(zip)?.zones).toContain(zone);
  });

  test('no capital is missing', () => {
    expect(CAPITALS.map(([state]) => `US-${state}`).sort()).toEqual(
      regionsOf('US')
        .map(([region]) => region)
        .sort(),
    );
  });

  test('every code that has a place has one in a state, in zones that the state has', () => {
    for (let code = 0; code < 100_000; code += 1) {
      const place = placeOfZip(String(code).padStart(5, '0'));
      if (!place) continue;
      expect(isRegion(place.region)).toBe(true);
      expect(place.zones.length).toBeGreaterThan(0);
      expect(place.zones.every(isTimeZone)).toBe(true);
    }
  });

  test('every state has zones, and so has every province', () => {
    for (const [region] of [...regionsOf('US'), ...regionsOf('CA'), ...regionsOf('AU')])
      expect(zonesOfRegion(region).length, region).toBeGreaterThan(0);
  });

  test.each(['', '12', '123456', 'ABCDE', '12-34', '99999-12', '96601', '34002'])(
    '%j is no place',
    (text) => {
      expect(placeOfZip(text)).toBeNull();
    },
  );
});
