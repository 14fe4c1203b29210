import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFilter,
  describeFilters,
  FILTERS,
  findFilter,
  MAX_FILTERED,
  nearestFilter,
} from '#domain/filters.ts';
import { checkTemplate, previewTemplate } from '#domain/template.ts';

const printed = (filter: string, value: string | number, phoneNumber?: string) =>
  previewTemplate(`{{ x|${filter} }}`, { values: { x: value }, phoneNumber }).text;

describe('filters', () => {
  test.each<[string, string | number, string]>([
    ['title_case', 'john smith', 'John Smith'],
    ['title_case', 'JOHN SMITH', 'John Smith'],
    ['title_case', 'John McDonald', 'John McDonald'],
    ['title_case', "sean o'neil", "Sean O'Neil"],
    ['title_case', 'sean O’NEIL', 'Sean O’Neil'],
    ['title_case', "it's jean-paul d'angelo", "It's Jean-Paul D'Angelo"],
    ['title_case', 'JOHN SMITH III', 'John Smith III'],
    ['title_case', 'élodie  müller\n3rd (ann)', 'Élodie  Müller\n3rd (Ann)'],
    ['upper', 'John Smith', 'JOHN SMITH'],
    ['lower', 'JOHN SMITH', 'john smith'],
    ['trim', '  a b ', 'a b'],
    ['capitalize', 'new YORK', 'New york'],
    ['title', 'new YORK mcDonald', 'New York Mcdonald'],
    ['truncate(10)', 'short', 'short'],
    ['truncate(10)', 'exactly 10', 'exactly 10'],
    ['truncate(10)', 'one two three', 'one two...'],
    ['truncate(10)', 'one twothree', 'one...'],
    ['truncate(10)', 'onetwothreefour', 'onetwot...'],
    ['truncate(2)', 'abcdef', 'ab'],
    ['truncate(5)', '🙂🙂🙂🙂🙂🙂', '🙂🙂...'],
    ["replace('-', '/')", '1-2-3', '1/2/3'],
    ["replace('a', 'aa')", 'banana', 'baanaanaa'],
    ["replace('.', '$&')", 'a.b', 'a$&b'],
    ["replace('b', '')", 'abc', 'ac'],
    ['round', '2.5', '3'],
    ['round', 2.4, '2'],
    ['round(2)', '1.005', '1.01'],
    ['round(2)', '-1.005', '-1.01'],
    ['round(1)', '12', '12'],
    ['round(2)', '$12.555', '$12.555'],
    ['round(2)', '1,234.567', '1,234.567'],
    ['round(2)', '1e30', '1e30'],
    ['phone_format', '+15551234567', '(555) 123-4567'],
    ['phone_format', '5551234567', '(555) 123-4567'],
    ['phone_format', 15551234567, '(555) 123-4567'],
    ['phone_format', '555.123.4567', '(555) 123-4567'],
    ['phone_format', '+447911123456', '07911 123456'],
    ['phone_format', 'call me', 'call me'],
    ['phone_format', 'room 12', 'room 12'],
    ['phone_format', '2026-02-15', '2026-02-15'],
  ])('%s of %j is %j', (filter, value, expected) => {
    expect(printed(filter, value)).toBe(expected);
  });

  test.each([
    ['+447911123456', '+447911123456', '07911 123456'],
    ['07911 123456', '+447911123456', '07911 123456'],
    ['+447911123456', '+15551234567', '+44 7911 123456'],
    ['+15551234567', '+447911123456', '(555) 123-4567'],
    ['0171 1234567', '+491711234567', '0171 1234567'],
  ])('phone_format of %s for a contact at %s is %s', (value, contact, expected) => {
    expect(printed('phone_format', value, contact)).toBe(expected);
  });

  test('one after the other', () => {
    expect(printed("trim|lower|title_case|replace('Smith', 'S.')", ' JOHN SMITH ')).toBe('John S.');
  });

  test('only what the registry lists is a filter', () => {
    expect(findFilter('d')).toBe(FILTERS.default);
    for (const name of ['constructor', '__proto__', 'toString', 'center', 'safe', '']) {
      expect(findFilter(name)).toBeUndefined();
    }
  });

  test('a mistyped filter finds the nearest one', () => {
    expect(nearestFilter('phone_fromat')).toBe('phone_format');
    expect(nearestFilter('titlecase')).toBe('title_case');
    expect(nearestFilter('reverse')).toBeUndefined();
  });

  test('every filter is explained by an example that can be saved', () => {
    for (const { does, example } of describeFilters()) {
      expect(does).not.toBe('');
      expect(checkTemplate(example)).toMatchObject({ ok: true });
    }
  });

  test('every filter gives a bounded text for any value and any arguments', () => {
    const filter = fc.constantFrom(...Object.values(FILTERS));
    const argument = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean());
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant('ß'.repeat(MAX_FILTERED)),
      fc.constant('a-'.repeat(MAX_FILTERED)),
    );
    fc.assert(
      fc.property(
        filter,
        text,
        fc.array(argument, { maxLength: 3 }),
        fc.string(),
        (chosen, value, args, phoneNumber) => {
          const result = applyFilter(chosen, value, args, { phoneNumber });
          expect(typeof result).toBe('string');
          expect(result.length).toBeLessThanOrEqual(MAX_FILTERED);
        },
      ),
    );
  });
});
