import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerFingerprint, isVariableName, variableName } from '#domain/contact-import/columns.ts';
import { type ColumnMapping, mappingProblems, suggestMapping } from '#domain/contact-import/mapping.ts';

const US = '+12123734253';

/** The target of each column, and its name where it has another one. */
function targets(headers: string[], rows: string[][], country = 'US') {
  return suggestMapping(headers, rows, country).map(({ target, variable }) =>
    variable === null || variable === target ? target : variable,
  );
}

describe('the name of a variable', () => {
  it.each([
    ['Appointment Date', 'appointment_date'],
    ['appointmentDate', 'appointment_date'],
    ['APPOINTMENT-DATE', 'appointment_date'],
    ['  Appointment   (Date) ', 'appointment_date'],
    ['SMSText', 'sms_text'],
    ['Téléphone', 'telephone'],
    ['Straße', 'strasse'],
    ['имя клиента', 'имя_клиента'],
    ['会社', '会社'],
    ['', 'column_3'],
    ['***', 'column_3'],
    ['2nd phone', 'column_2nd_phone'],
    ['in', 'column_in'],
    ['None', 'column_none'],
    ['__proto__', 'column_proto'],
    ['constructor', 'column_constructor'],
    ['hasOwnProperty', 'has_own_property'],
  ])('of the third column, "%s", is %s', (header, name) => {
    expect(variableName(header, 2)).toBe(name);
  });

  it('can always be said in a template, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        const name = variableName(header, 0);
        return isVariableName(name) && !(name in {});
      }),
    );
  });

  it.each([
    ['a word that ends where the name is cut', `${'a'.repeat(59)} b`],
    ['a letter of two halves there', `${'a'.repeat(59)}𠀀b`],
    ['a digit in front', `1${'a'.repeat(70)}`],
  ])('can be said for a long header with %s', (_, header) => {
    const name = variableName(header, 0);
    expect(isVariableName(name)).toBe(true);
    expect(name.isWellFormed()).toBe(true);
  });

  it('can be said for long headers that begin alike', () => {
    const question = 'How likely are you to recommend our practice to a friend or a colleague';
    const mapping = suggestMapping(['phone', `${question} (1)`, `${question} (2)`], [], 'US');
    expect(mappingProblems(mapping)).toEqual([]);
  });

  it('is not as long as one likes', () => {
    expect(isVariableName('a'.repeat(81))).toBe(false);
  });
});

describe('columns are recognised', () => {
  it.each<[string, string[], string[][], string[]]>([
    [
      'as the reference names them',
      ['phone_number', 'name', 'company', 'appointment_date'],
      [],
      ['phone_number', 'name', 'company', 'appointment_date'],
    ],
    [
      'in the reference’s other spelling',
      ['Phone Number', 'Customer Name', 'Company', 'Appointment Date'],
      [],
      ['phone_number', 'name', 'company', 'appointment_date'],
    ],
    [
      'in capitals',
      ['MOBILE', 'FULL NAME', 'EMAIL ADDRESS', 'ORGANIZATION'],
      [],
      ['phone_number', 'name', 'email', 'company'],
    ],
    ['in camel case', ['phoneNumber', 'contactName', 'emailAddress'], [], ['phone_number', 'name', 'email']],
    [
      'in German',
      ['Vorname', 'Name', 'Firma', 'Handy', 'E-Mail'],
      [],
      ['first_name', 'last_name', 'company', 'phone_number', 'email'],
    ],
    [
      'in French',
      ['Prénom', 'Nom', 'Téléphone', 'Société'],
      [],
      ['first_name', 'last_name', 'phone_number', 'company'],
    ],
    [
      'in Spanish',
      ['Nombre', 'Apellidos', 'Celular', 'Correo electrónico'],
      [],
      ['first_name', 'last_name', 'phone_number', 'email'],
    ],
    ['in Russian', ['Имя', 'Телефон'], [], ['name', 'phone_number']],
    [
      'twice',
      ['phone', 'company', 'Company', 'COMPANY'],
      [],
      ['phone_number', 'company', 'company_2', 'company_3'],
    ],
    [
      'by what they hold when the header says nothing',
      ['A', 'B', 'C'],
      [
        ['x', US, 'a@b.co'],
        ['y', '2125550199', 'c@d.co'],
      ],
      ['a', 'phone_number', 'email'],
    ],
    ['when the header has a typo', ['Phnoe', 'Name'], [[US, 'Bob']], ['phone_number', 'name']],
    [
      'without a header',
      ['Column 1', 'Column 2', 'Column 3'],
      [[US, 'Jane Doe', '2024-02-15']],
      ['phone_number', 'name', 'column_3'],
    ],
    [
      'the fuller one of two phone columns',
      ['Phone', 'Mobile'],
      [
        ['', US],
        ['', '2123734254'],
      ],
      ['phone', 'phone_number'],
    ],
    ['the first of two that are as full', ['Mobile', 'Phone'], [[US, US]], ['mobile', 'phone_number']],
    ['not by a column of order numbers', ['Order', 'Cell'], [['2123734253', US]], ['order', 'phone_number']],
    ['but not where nothing is', ['phone', '', ''], [[US, '', 'x']], ['phone_number', 'ignore', 'column_3']],
    [
      'in a file of rejected rows that comes back',
      ['rejected_line', 'rejected_value', 'rejected_reason', 'rejected_explanation', 'Tel', 'Name'],
      [['2', '911', 'short_number', 'Short…', US, 'Bob']],
      ['ignore', 'ignore', 'ignore', 'ignore', 'phone_number', 'name'],
    ],
    ['never as a phone number when there is none', ['name', 'city'], [['Bob', 'Rome']], ['name', 'city']],
  ])('%s', (_case, headers, rows, expected) => {
    expect(targets(headers, rows)).toEqual(expected);
  });

  it('with the first three values that are not blank', () => {
    const rows = [
      ['', US],
      ['Bob', US],
      [' ', US],
      ['Eve', US],
      ['Kim', US],
      ['Lee', US],
    ];
    expect(suggestMapping(['name', 'phone'], rows, 'US')[0]?.samples).toEqual(['Bob', 'Eve', 'Kim']);
  });

  it('as somebody confirmed them for the same header, and not for another', () => {
    const confirmed = [
      { header: 'Phone', target: 'ignore' as const, variable: null },
      { header: 'Direct Line', target: 'phone_number' as const, variable: 'phone_number' },
    ];
    const again = suggestMapping(['PHONE', 'direct line'], [[US, US]], 'US', confirmed);
    expect(again.map((column) => column.target)).toEqual(['ignore', 'phone_number']);
    const other = suggestMapping(['Phone', 'Name'], [[US, 'Bob']], 'US', confirmed);
    expect(other.map((column) => column.target)).toEqual(['phone_number', 'name']);
  });
});

describe('the fingerprint of a header', () => {
  it('is the same for the same header in another spelling', () => {
    expect(headerFingerprint(['Phone Number', 'Prénom'])).toBe(headerFingerprint(['phone_number', 'PRENOM']));
  });

  it.each([
    [
      ['phone', 'name'],
      ['name', 'phone'],
    ],
    [
      ['phone', 'name'],
      ['phone', 'name', ''],
    ],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['phone'], ['mobile']],
  ])('tells %j from %j', (one, other) => {
    expect(headerFingerprint(one)).not.toBe(headerFingerprint(other));
  });
});

describe('a mapping that a person put together', () => {
  const column = (target: ColumnMapping['target'], variable: string | null = target): ColumnMapping => ({
    index: 0,
    header: 'x',
    target,
    variable,
    samples: [],
  });

  it.each<[string, ColumnMapping[], RegExp | null]>([
    ['is fine', [column('phone_number'), column('name'), column('variable', 'city')], null],
    ['needs a phone column', [column('name')], /Choose the column that holds the phone numbers/],
    [
      'needs only one',
      [column('phone_number'), column('phone_number')],
      /2 columns are mapped to phone number/,
    ],
    [
      'needs names that can be said',
      [column('phone_number'), column('variable', '2nd')],
      /"2nd" cannot be the name/,
    ],
    [
      'keeps the names of the fields for them',
      [column('phone_number'), column('variable', 'email')],
      /"email" cannot be the name/,
    ],
    [
      'needs different names',
      [column('phone_number'), column('variable', 'a'), column('custom_field', 'a')],
      /Two columns are named "a"/,
    ],
    ['leaves columns out', [column('phone_number'), column('ignore', null), column('ignore', null)], null],
  ])('%s', (_case, mapping, problem) => {
    const problems = mappingProblems(mapping).join(' ');
    if (problem) expect(problems).toMatch(problem);
    else expect(problems).toBe('');
  });

  it('is fine as we suggest it, whatever the headers', () => {
    const header = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('phone', 'name', 'company', 'company_2', 'email', '__proto__', ''),
    );
    fc.assert(
      fc.property(fc.array(header, { maxLength: 8 }), (headers) => {
        expect(mappingProblems(suggestMapping(['phone', ...headers], [], 'US'))).toEqual([]);
      }),
    );
  });
});
