import { describe, expect, test } from 'vitest';
import { contactDataOf } from '#domain/contact-data.ts';

describe('what a program reads of a contact', () => {
  test.each([
    [null, 'direct'],
    ['clients.csv', 'csv_import'],
    ['clients.JSON', 'json_import'],
    ['clients.ndjson', 'json_import'],
    ['json', 'csv_import'],
  ])('a contact of the file %s comes from a %s', (fileName, source) => {
    expect(contactDataOf({ variableValues: {}, customFields: {}, fileName })).toMatchObject({ source });
  });

  test('the company and the address are told beside all values', () => {
    const variableValues = { name: 'Ann', company: 'Acme', email: 'ann@acme.example' };
    expect(contactDataOf({ variableValues, customFields: { code: 'C1' }, fileName: null })).toEqual({
      company: 'Acme',
      email: 'ann@acme.example',
      source: 'direct',
      variable_values: variableValues,
      custom_fields: { code: 'C1' },
    });
  });
});
