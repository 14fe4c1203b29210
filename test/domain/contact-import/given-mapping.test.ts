import { describe, expect, test } from 'vitest';
import { applyGivenMapping } from '#domain/contact-import/given-mapping.ts';
import { mappingProblems, suggestMapping } from '#domain/contact-import/mapping.ts';

const ROW = ['+14155550123', 'Ann Lee', 'Acme', '2024-02-15'];

function mapped(headers: string[], given: Record<string, string>, row = ROW) {
  const { mapping, problems } = applyGivenMapping(suggestMapping(headers, [row], 'US'), given);
  return { problems, columns: mapping.map(({ target, variable }) => `${target}:${variable}`), mapping };
}

const HEADERS = ['Phone Number', 'Customer Name', 'Company', 'Appt Date'];

describe('a mapping that a client sends', () => {
  test.each<[string, string[], Record<string, string>, string[]]>([
    [
      'is the reference’s example',
      HEADERS,
      { 'Phone Number': 'phone_number', 'Customer Name': 'name', 'Appt Date': 'appointment_date' },
      ['phone_number:phone_number', 'name:name', 'company:company', 'variable:appointment_date'],
    ],
    [
      'leaves what it does not mention as suggested',
      HEADERS,
      {},
      ['phone_number:phone_number', 'name:name', 'company:company', 'variable:appt_date'],
    ],
    [
      'finds a header however its words are joined',
      HEADERS,
      { appt_date: 'day', customerName: 'client' },
      ['phone_number:phone_number', 'variable:client', 'company:company', 'variable:day'],
    ],
    [
      'leaves columns out and sets them aside',
      HEADERS,
      { Company: 'ignore', 'Appt Date': 'custom_fields.customer_id', 'Customer Name': '' },
      ['phone_number:phone_number', 'ignore:null', 'ignore:null', 'custom_field:customer_id'],
    ],
    [
      'takes a field from the column that was guessed to hold it',
      ['phone', 'mobile', 'name'],
      { mobile: 'phone_number' },
      ['variable:phone', 'phone_number:phone_number', 'name:name'],
    ],
    [
      'takes a name from the column that would have had it',
      ['phone', 'date', 'day'],
      { day: 'date' },
      ['phone_number:phone_number', 'variable:date_2', 'variable:date'],
    ],
  ])('%s', (_, headers, given, columns) => {
    const found = mapped(headers, given);
    expect(found.problems).toEqual([]);
    expect(found.columns).toEqual(columns);
    expect(mappingProblems(found.mapping)).toEqual([]);
  });

  test('does not leave half of a consent behind when it takes the other half', () => {
    const headers = ['phone', 'consent_date', 'consent_method'];
    const row = ['+14155550123', '2024-02-01', 'web form'];
    expect(mapped(headers, {}, row).columns).toContain('consent_method:consent_method');
    expect(mapped(headers, { consent_date: 'signed_on' }, row).columns).toEqual([
      'phone_number:phone_number',
      'variable:signed_on',
      'variable:consent_method',
    ]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a column that is not there',
      { Tel: 'phone_number' },
      /no column “Tel”; it has “Phone Number”, “Customer/,
    ],
    ['a column twice', { Company: 'company', company: 'firm' }, /“Company” is mapped twice/],
  ])('is refused when it names %s', (_, given, words) => {
    expect(mapped(HEADERS, given).problems.join(' ')).toMatch(words);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'one field for two columns',
      { Company: 'email', 'Appt Date': 'email' },
      /2 columns are mapped to e-mail/,
    ],
    ['one name for two columns', { Company: 'x', 'Appt Date': 'x' }, /Two columns are named "x"/],
    ['a name that no message can say', { Company: 'the company' }, /cannot be the name of a variable/],
    ['no column of numbers', { 'Phone Number': 'ignore' }, /Choose the column that holds the phone numbers/],
  ])('cannot be used with %s', (_, given, words) => {
    const { mapping, problems } = mapped(HEADERS, given);
    expect(problems).toEqual([]);
    expect(mappingProblems(mapping).join(' ')).toMatch(words);
  });
});
