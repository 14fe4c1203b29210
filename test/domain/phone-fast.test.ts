import fc from 'fast-check';
import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { parseByLibrary, parsePhone, parseQuickly } from '#domain/phone-fast.ts';

const countries = getCountries();
const country = fc.constantFrom(...countries);
const digits = fc.stringMatching(/^\d{3,14}$/);

/** Real numbers with some digits changed, and arbitrary ones, as they are written at home and abroad. */
const written = fc
  .tuple(
    country,
    digits,
    fc.array(fc.tuple(fc.nat(14), fc.nat(9)), { maxLength: 4 }),
    fc.boolean(),
    fc.nat(9),
  )
  .map(([origin, arbitrary, changes, isReal, style]) => {
    const signs = isReal
      ? [...(getExampleNumber(origin, examples)?.nationalNumber ?? arbitrary)]
      : [...arbitrary];
    for (const [place, digit] of changes) signs[place % signs.length] = String(digit);
    const national = signs.join('');
    const code = getCountryCallingCode(origin);
    const styles = [`+${code}${national}`, national, `${code}${national}`, `0${national}`, `1${national}`];
    return styles[style] ?? `+${code}${national}`;
  });
const punctuation = fc.array(fc.constantFrom('', '', '', ' ', '-', '.', '/', ' (', ') ', '+', 'x'), {
  maxLength: 20,
});
const punctuated = fc
  .tuple(written, punctuation)
  .map(([text, marks]) => [...text].map((sign, index) => sign + (marks[index] ?? '')).join(''));

describe('the fast path', () => {
  it('reads every number exactly as the library does', () => {
    fc.assert(
      fc.property(fc.oneof(written, punctuated), country, (text, home) => {
        expect(parsePhone(text, home)).toEqual(parseByLibrary(text, home));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['+12123734253', 'DE'],
    ['(212) 373-4253', 'US'],
    ['1-212-373-4253', 'US'],
    ['020 7946 0958', 'GB'],
    ['0612345678', 'FR'],
    ['+442079460958', 'US'],
    ['+1 555 123 4567', 'US'],
  ])('decides %s in %s itself', (text, home) => {
    expect(parseQuickly(text, home)).not.toBeUndefined();
  });

  it.each([
    ['tel:+12123734253', 'US'],
    ['212-373-4253 x12', 'US'],
    ['2123734253#', 'US'],
    ['011 44 20 7946 0958', 'US'],
    ['12', 'US'],
    ['', 'US'],
  ])('leaves %j in %s to the library', (text, home) => {
    expect(parseQuickly(text, home)).toBeUndefined();
  });
});
