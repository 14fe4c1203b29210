import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonColumns } from '#domain/contact-import/json-rows.ts';
import { createJsonSplitter, type JsonShape, jsonShape } from '#domain/contact-import/json-splitter.ts';

function split(text: string, shape: JsonShape = jsonShape(text), pieceSize = text.length || 1) {
  const splitter = createJsonSplitter(shape);
  const elements = [];
  for (let at = 0; at < text.length; at += pieceSize)
    elements.push(...splitter.write(text.slice(at, at + pieceSize)));
  return [...elements, ...splitter.end()];
}
const texts = (text: string) => split(text).map((element) => element.text.trim());

describe('contacts in JSON', () => {
  it.each<[string, JsonShape, string, string[]]>([
    ['a list', 'list', '[{"a":1},{"b":2}]', ['{"a":1}', '{"b":2}']],
    ['a list on many lines', 'list', '\n[\n {"a":1} ,\n {"b":2}\n]\n', ['{"a":1}', '{"b":2}']],
    ['an empty list', 'list', ' [ ] ', []],
    ['a list in an object', 'wrapped', '{"contacts":[{"a":1},{"b":2}]}', ['{"a":1}', '{"b":2}']],
    [
      'a list behind other fields',
      'wrapped',
      '{"page":{"n":[1,"contacts"]},"contacts":[{"a":1}],"more":[{"z":1}]}',
      ['{"a":1}'],
    ],
    ['one object per line', 'lines', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['objects with nothing between them', 'lines', '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ['objects over several lines', 'lines', '{\n"a":1\n}\n{\n"b":2\n}', ['{\n"a":1\n}', '{\n"b":2\n}']],
    [
      'brackets and quotes in text',
      'list',
      '[{"a":"}],\\"{["},{"b":"\\\\"}]',
      ['{"a":"}],\\"{["}', '{"b":"\\\\"}'],
    ],
    ['nested objects', 'list', '[{"a":{"b":[1,{"c":2}]}}]', ['{"a":{"b":[1,{"c":2}]}}']],
    ['entries that are no objects', 'list', '[1, "two", null, {"a":1}]', ['1', '"two"', 'null', '{"a":1}']],
    ['a line that is none', 'lines', '{"a":1}\noops\n{"b":2}', ['{"a":1}', 'oops', '{"b":2}']],
  ])('%s', (_case, shape, text, expected) => {
    expect(jsonShape(text)).toBe(shape);
    expect(texts(text)).toEqual(expected);
  });

  it('know their line and their place in the list', () => {
    const found = split('[\n{"a":1},\n\n{"b":\n2}, {"c":3}\n]').map(({ line, position }) => [line, position]);
    expect(found).toEqual([
      [2, 1],
      [4, 2],
      [5, 3],
    ]);
  });

  it.each([
    ['a list that breaks off', '[{"a":1},'],
    ['a contact that breaks off', '[{"a":1},{"b":'],
    ['a line that breaks off', '{"a":1}\n{"b":'],
    ['an object that breaks off', '{"contacts":[{"a":1}'],
    ['something behind the list', '[{"a":1}] {"b":2}'],
    ['a bracket too many', '[{"a":1}]]'],
    ['objects nested beyond reason', `[{"a":${'['.repeat(100)}${']'.repeat(100)}}]`],
  ])('%s is refused as a whole', (_case, text) => {
    expect(() => split(text)).toThrow(/breaks off or is malformed near line [12]\./);
  });

  it('larger than 64 KB each are refused', () => {
    const text = `[{"a":1},\n{"b":"${'x'.repeat(70_000)}"}]`;
    expect(() => split(text, 'list', 60_000)).toThrow(/row that starts at line 2 is larger than 64 KB/);
  });

  it('are found whatever they hold and wherever the pieces are cut', () => {
    const contact = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    const shape = fc.constantFrom<JsonShape>('list', 'wrapped', 'lines');
    fc.assert(
      fc.property(
        fc.array(contact, { maxLength: 5 }),
        shape,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (contacts, how, size, isWide) => {
          const spaces = isWide ? 2 : 0;
          const text = {
            list: JSON.stringify(contacts, null, spaces),
            wrapped: JSON.stringify({ page: 1, contacts }, null, spaces),
            lines: contacts.map((one) => JSON.stringify(one)).join('\n'),
          }[how];
          const found = split(text, how, size).map((element) => JSON.parse(element.text));
          expect(found).toEqual(JSON.parse(JSON.stringify(contacts)));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a contact in JSON as a row', () => {
  const rows = (...contacts: unknown[]) => {
    const columns = createJsonColumns();
    const cells = contacts.map((contact) =>
      columns.rowOf(typeof contact === 'string' ? contact : JSON.stringify(contact)),
    );
    return { headers: columns.headers, cells };
  };

  it('has a cell for every key, and for every key of its variables', () => {
    expect(
      rows(
        { phoneNumber: '+15551234567', name: 'John', variables: { company: 'Acme' } },
        { name: 'Jane', age: 40 },
      ),
    ).toEqual({
      headers: ['phoneNumber', 'name', 'company', 'age'],
      cells: [
        ['+15551234567', 'John', 'Acme'],
        ['', 'Jane', '', '40'],
      ],
    });
  });

  it('reads the contacts that the API itself answers', () => {
    const contact = {
      phone_number: '+15551234567',
      contact_data: {
        company: 'Acme',
        variable_values: { name: 'John' },
        custom_fields: { customer_id: 'C1' },
      },
    };
    expect(rows(contact).headers).toEqual(['phone_number', 'company', 'name', 'customer_id']);
  });

  it('lets a nested variable never override the contact’s own field', () => {
    expect(rows({ variables: { name: 'nested' }, name: 'own' }).cells).toEqual([['own']]);
  });

  it.each([
    ['a number', '{"p":15551234567}', '15551234567'],
    ['a number too long for JavaScript', '{"p":12345678901234567890}', '12345678901234567890'],
    ['a number that lost its digits', '{"p":4.47E+11}', '4.47E+11'],
    ['truth', '{"p":true}', 'true'],
    ['nothing', '{"p":null}', ''],
    ['a list', '{"p":[1,2]}', '[1,2]'],
    ['half a surrogate pair', '{"p":"\\ud800x"}', '\uFFFDx'],
  ])('writes %s as a person would', (_case, contact, cell) => {
    expect(createJsonColumns().rowOf(contact)).toEqual([cell]);
  });

  it('has one column for a key that contacts write in different ways', () => {
    expect(
      rows({ phone_number: '1', name: 'A' }, { phoneNumber: '2', Name: 'B' }, { 'Phone Number': '3' }),
    ).toEqual({
      headers: ['phone_number', 'name'],
      cells: [['1', 'A'], ['2', 'B'], ['3']],
    });
  });

  it('keeps keys apart that one contact has both of', () => {
    expect(rows({ unitNo: '1' }, { unit_no: '2', unitNo: '3' }, { 'unit-no': '4' })).toEqual({
      headers: ['unitNo', 'unit_no'],
      cells: [['1'], ['3', '2'], ['4']],
    });
    expect(rows({ unitNo: '1' }, { unit_no: '2', 'unit-no': '3' })).toEqual({
      headers: ['unitNo', 'unit_no', 'unit-no'],
      cells: [['1'], ['', '2', '3']],
    });
  });

  it('has keys that can be stored, as its cells can', () => {
    expect(rows('{"\\ud800x":"1"}').headers).toEqual(['\uFFFDx']);
  });

  it('takes keys that mean something to JavaScript for what they are: names', () => {
    const { headers, cells } = rows('{"constructor":{"prototype":1},"toString":"x","phone":"1"}');
    expect(headers).toEqual(['constructor', 'toString', 'phone']);
    expect(cells).toEqual([['{"prototype":1}', 'x', '1']]);
  });

  it.each(['{"__proto__":{"polluted":1},"phone":"1"}', '{"variables":{"__proto__":1}}'])(
    'is refused with a key that tricks programs: %s',
    (contact) => {
      expect(() => rows(contact)).toThrow(/field named __proto__/);
      expect(() => rows('{"proto":1}', contact)).toThrow(/field named __proto__/);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  it.each(['[1]', '"text"', '7', 'null', '{oops}', ''])('is none when the entry is %s', (entry) => {
    expect(createJsonColumns().rowOf(entry)).toBeNull();
  });

  it('is refused with a NUL in it, and with more keys than a file may have columns', () => {
    expect(() => rows('{"a":"\\u0000"}')).toThrow(/NUL bytes/);
    expect(() => rows('{"a\\u0000":"x"}')).toThrow(/NUL bytes/);
    expect(() => rows(Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`k${n}`, 1])))).toThrow(
      /more than 200 columns/,
    );
  });
});
