import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { PHONE_PROBLEMS, type PhoneProblem, toE164 } from '#domain/phone.ts';

const numberOf = (cell: string, country = 'US') => {
  const result = toE164(cell, country);
  return result.ok ? result.phoneNumber : result.reason;
};

describe('a phone number as people write it', () => {
  it.each([
    // The reference's own table and examples (campaign-api.md §2.1, §7.5).
    ['5551234567', 'US', '+15551234567'],
    ['1-555-123-4567', 'US', '+15551234567'],
    ['(555) 123-4567', 'US', '+15551234567'],
    ['+15551234567', 'US', '+15551234567'],
    ['+15559876543', 'DE', '+15559876543'],
    // Punctuation.
    ['212.373.4253', 'US', '+12123734253'],
    ['212/373-4253', 'US', '+12123734253'],
    ['+1 (212) 373 4253', 'GB', '+12123734253'],
    ['[212] 373-4253', 'US', '+12123734253'],
    // International prefixes, the national zero in brackets, a plus too many.
    ['011 44 20 7946 0958', 'US', '+442079460958'],
    ['0044 20 7946 0958', 'US', '+442079460958'],
    ['00 44 (0)20 7946 0958', 'US', '+442079460958'],
    ['+44 (0)20 7946 0958', 'US', '+442079460958'],
    ['(+44) 20 7946 0958', 'US', '+442079460958'],
    ['+00442079460958', 'US', '+442079460958'],
    ['++442079460958', 'US', '+442079460958'],
    ['442079460958', 'GB', '+442079460958'],
    ['0033 6 12 34 56 78', 'DE', '+33612345678'],
    // The workspace's own country.
    ['020 7946 0958', 'GB', '+442079460958'],
    ['2079460958', 'GB', '+442079460958'],
    ['0171/1234567', 'DE', '+491711234567'],
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['8 (912) 345-67-89', 'RU', '+79123456789'],
    ['(11) 96123-4567', 'BR', '+5511961234567'],
    // What spreadsheets make of numbers.
    ['="+12123734253"', 'US', '+12123734253'],
    ['=+12123734253', 'US', '+12123734253'],
    ["'+12123734253", 'US', '+12123734253'],
    ["'2123734253", 'US', '+12123734253'],
    ['"2123734253"', 'US', '+12123734253'],
    ['12123734253.0', 'US', '+12123734253'],
    ['2123734253.00', 'US', '+12123734253'],
    ['2123734250,0', 'US', '+12123734250'],
    ['2,123,734,253', 'US', '+12123734253'],
    ['+4930123456.0', 'DE', '+4930123456'],
    // Other scripts and invisible characters.
    ['+\u00A01\u202F212\u2011373\u20134253', 'US', '+12123734253'],
    ['\u202A+1 212 373 4253\u202C', 'US', '+12123734253'],
    ['212\u200B373\u20604253\uFEFF', 'US', '+12123734253'],
    ['＋１２１２３７３４２５３', 'US', '+12123734253'],
    ['٠٠٤٤٢٠٧٩٤٦٠٩٥٨', 'US', '+442079460958'],
    ['+९१ ९८७६५ ४३२१०', 'US', '+919876543210'],
    ['+𝟏𝟐𝟏𝟐𝟑𝟕𝟑𝟒𝟐𝟓𝟑', 'US', '+12123734253'],
    // Words around one number.
    ['tel:+12123734253', 'US', '+12123734253'],
    ['mobile: 212-373-4253', 'US', '+12123734253'],
    ['212-373-4253 (cell)', 'US', '+12123734253'],
    ['home: n/a; cell: +1 212 373 4253', 'US', '+12123734253'],
    ['212-373-4253;', 'US', '+12123734253'],
    ['212-373-4253 / +1 212 373 4253', 'US', '+12123734253'],
    // Codes that no country owns.
    ['+870 773111632', 'US', '+870773111632'],
  ])('%j in %s is %s', (cell, country, expected) => {
    expect(numberOf(cell, country)).toBe(expected);
  });

  it('comes with its country and the kind of its line', () => {
    expect(toE164('+1 416 555 0123', 'US')).toMatchObject({
      country: 'CA',
      lineType: 'fixed_line_or_mobile',
    });
    expect(toE164('+447911123456', 'US')).toMatchObject({ lineType: 'mobile' });
    expect(toE164('+442079460958', 'US')).toMatchObject({ country: 'GB', lineType: 'fixed_line' });
    expect(toE164('5551234567', 'US')).toMatchObject({ country: 'US', lineType: null });
    expect(toE164('+870773111632', 'US')).toMatchObject({ country: null, lineType: 'mobile' });
  });

  it('needs its country code when the workspace has no known country', () => {
    expect(numberOf('+12123734253', 'XX')).toBe('+12123734253');
    expect(numberOf('2123734253', 'XX')).not.toBe('+12123734253');
  });
});

describe('a cell that is no number to be reached is refused with a reason', () => {
  it.each<[string, string, PhoneProblem]>([
    ['', 'US', 'missing'],
    [' \u00A0\u200B ', 'US', 'missing'],
    ['4.47E+11', 'GB', 'scientific_notation'],
    ['4,47E+11', 'DE', 'scientific_notation'],
    ['1.55512e10', 'US', 'scientific_notation'],
    ['=4.47E+11', 'US', 'scientific_notation'],
    ['212-373-4253 / 917-373-4253', 'US', 'several_numbers'],
    ['212-373-4253; 917-373-4253', 'US', 'several_numbers'],
    ['2123734253,9173734253', 'US', 'several_numbers'],
    ['212-373-4253 or 917-373-4253', 'US', 'several_numbers'],
    ['212 373 4253\n917 373 4253', 'US', 'several_numbers'],
    ['2123734253 9173734253', 'US', 'several_numbers'],
    ['(212) 373-4253 (917) 373-4253', 'US', 'several_numbers'],
    ['01711234567/01712345678', 'DE', 'several_numbers'],
    ['212-373-4253 x12', 'US', 'extension'],
    ['212-373-4253 ext. 12', 'US', 'extension'],
    ['+1 212 373 4253;ext=12', 'US', 'extension'],
    ['+1 (212) 373-4253 #12', 'US', 'extension'],
    ['1-800-FLOWERS', 'US', 'vanity'],
    ['(800) CONTACT', 'US', 'vanity'],
    ['1-900-234-5678', 'US', 'premium_rate'],
    ['+44 909 879 0000', 'US', 'premium_rate'],
    ['911', 'US', 'short_number'],
    ['72345', 'US', 'short_number'],
    ['112', 'DE', 'short_number'],
    ['373-4253', 'US', 'too_short'],
    ['+1 212', 'US', 'too_short'],
    ['447911123456', 'US', 'too_long'],
    ['21237342534253', 'US', 'too_long'],
    ['+999 1234567', 'US', 'unknown_country_code'],
    ['1111111111', 'US', 'not_in_use'],
    ['0044 7700 900123', 'US', 'not_in_use'],
    ['n/a', 'US', 'not_a_number'],
    ['Bob', 'US', 'not_a_number'],
    ['bob@example.com', 'US', 'not_a_number'],
    ['212-XXX-4253', 'US', 'not_a_number'],
    ['12 Main Street, 10001', 'US', 'not_a_number'],
    ['__proto__', 'US', 'not_a_number'],
    ['9'.repeat(100_000), 'US', 'not_a_number'],
  ])('%j in %s: %s', (cell, country, reason) => {
    expect(toE164(cell, country)).toEqual({ ok: false, reason });
  });

  it('tells how a spreadsheet is mended', () => {
    expect(PHONE_PROBLEMS.scientific_notation).toMatch(/Format the column as Text/);
  });

  it('says every reason in one or more whole sentences', () => {
    for (const sentence of Object.values(PHONE_PROBLEMS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe('numbers without end', () => {
  const country = fc.constantFrom('US', 'GB', 'DE', 'FR', 'BR', 'IN', 'AR', 'IT', 'KZ', 'JP');
  const sign = fc.constantFrom(...'0123456789012345678901234567890123456789+ -.()/x#,;ext'.split(''));

  it('are valid exactly when the library says so, but for the exceptions that are written down', () => {
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 22 }), country, (signs, home) => {
        const cell = signs.join('');
        const ours = toE164(cell, home);
        const theirs = parsePhoneNumberFromString(cell, home);
        const isOrdinary = theirs?.isValid() === true && !theirs.ext && theirs.getType() !== 'PREMIUM_RATE';
        if (isOrdinary && ours.ok)
          return ours.phoneNumber === theirs?.number && ours.country === (theirs?.country ?? null);
        if (isOrdinary)
          return !ours.ok && (ours.reason === 'several_numbers' || ours.reason === 'scientific_notation');
        return !ours.ok || /00|\+\s*\+|[,;/ ]|\.0|^\+?1?5/.test(cell);
      }),
      { numRuns: 3000 },
    );
  });

  it('stay the same when they are read again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+0-9 ().-]{5,18}$/), country, (cell, home) => {
        const once = toE164(cell, home);
        return !once.ok || numberOf(once.phoneNumber, home) === once.phoneNumber;
      }),
      { numRuns: 3000 },
    );
  });

  it('never throw, whatever the cell holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), country, (cell, home) => {
        const result = toE164(cell, home);
        return result.ok ? /^\+[1-9]\d{1,16}$/.test(result.phoneNumber) : result.reason in PHONE_PROBLEMS;
      }),
      { numRuns: 3000 },
    );
  });
});
