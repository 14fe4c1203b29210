import { describe, expect, it } from 'vitest';
import { FILE_LIMITS, FILE_PROBLEMS } from '#domain/contact-import/file-problems.ts';
import { HEAD_BYTES, readSample } from '#domain/contact-import/file-sample.ts';
import { encode } from '#support/contact-files.ts';

const bytes = (text: string) => encode(text, 'utf-8');
const sampleOf = (text: string, country = 'US') => readSample({ bytes: bytes(text), isWhole: true }, country);
const PHONE = '+12123734253';

describe('a list of contacts is understood', () => {
  it.each<[string, string, object]>([
    [
      'commas',
      `phone,name\n${PHONE},Bob\n`,
      { kind: 'csv', delimiter: ',', hasHeader: true, skippedLines: 0 },
    ],
    [
      'semicolons with commas in the cells',
      `phone;name\n${PHONE};Smith, Bob\n${PHONE};a,b,c\n`,
      { delimiter: ';' },
    ],
    ['tabs', `phone\tname\n${PHONE}\tSmith, Bob\n`, { delimiter: '\t' }],
    ['bars', `phone|name\n${PHONE}|Smith; Bob\n`, { delimiter: '|' }],
    ['quoted line ends full of commas', `phone;note\n${PHONE};"a,b,\nc,d"\n`, { delimiter: ';' }],
    ['one column', `phone\n${PHONE}\n`, { delimiter: ',', hasHeader: true }],
    ['the hint of a spreadsheet', `sep=;\nphone;name\n${PHONE};a,b\n`, { delimiter: ';', skippedLines: 1 }],
    ['no header', `${PHONE},Bob\n2125550199,Eve\n`, { hasHeader: false }],
    ['no header, and the number in the last column', `Bob,Rome,(212) 373-4253\n`, { hasHeader: false }],
    ['a header in brackets', `[Phone],[Name]\n${PHONE},Bob\n`, { kind: 'csv', hasHeader: true }],
    ['a JSON list', `[{"phone":"${PHONE}"}]`, { kind: 'json', shape: 'list' }],
    [
      'a wrapped JSON list',
      `{"total":1,"contacts":[{"phone":"${PHONE}"}]}`,
      { kind: 'json', shape: 'wrapped' },
    ],
    ['JSON lines', `{"phone":"${PHONE}"}\n{"phone":"${PHONE}"}\n`, { kind: 'json', shape: 'lines' }],
  ])('with %s', (_case, text, format) => {
    expect(sampleOf(text).format).toMatchObject(format);
  });

  it('with its headers and rows, blank rows left out', () => {
    const { headers, rows } = sampleOf(`\n phone , name\n\n${PHONE},Bob\n,\n2125550199,"Eve\nE."\n`);
    expect(headers).toEqual(['phone', 'name']);
    expect(rows).toEqual([
      [PHONE, 'Bob'],
      ['2125550199', 'Eve\nE.'],
    ]);
  });

  it('with numbered columns when it has no header', () => {
    expect(sampleOf(`${PHONE},Bob\n2125550199,Eve,Rome\n`).headers).toEqual([
      'Column 1',
      'Column 2',
      'Column 3',
    ]);
  });

  it('without the row in which its beginning breaks off', () => {
    const row = `${PHONE},"Bob, B."\n`;
    const head = bytes(`phone,name\n${row.repeat(20_000)}`).subarray(0, HEAD_BYTES + 1000);
    const { rows } = readSample({ bytes: head, isWhole: false }, 'US');
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map((cells) => cells.length))).toEqual(new Set([2]));
  });

  it('whatever the country that its numbers are from', () => {
    expect(sampleOf('0171 1234567,Bob\n', 'DE').format).toMatchObject({ hasHeader: false });
    expect(sampleOf('0171 1234567,Bob\nx,y\n', 'US').format).toMatchObject({ hasHeader: true });
  });
});

describe('a file made to keep us busy', () => {
  it('with tens of thousands of rows before any header is read like any other', () => {
    const { headers } = sampleOf(`${PHONE}\n${'1\n'.repeat(HEAD_BYTES / 2 - 20)}`);
    expect(headers).toEqual(['Column 1']);
  });

  it('with a cell that is almost an address is judged at once', () => {
    const cell = `a@${'.'.repeat(FILE_LIMITS.rowBytes - 100)}@`;
    expect(sampleOf(`phone,${cell}\n${PHONE},x\n`).format).toMatchObject({ hasHeader: true });
  });

  it('whose first row does not end in its beginning is told where to look', () => {
    const head = bytes(`"phone,name\n${`${PHONE},Bob\n`.repeat(20_000)}`);
    expect(() => readSample({ bytes: head, isWhole: false }, 'US')).toThrow(/Look for a quotation mark/);
  });
});

describe('a file much longer than its beginning', () => {
  it('is understood the same, however much of it was read', () => {
    const text = `[${Array.from({ length: 9_000 }, (_, index) => `{"phone":"${PHONE}","name":"Person ${index}"}`).join(',')}]`;
    const late = bytes(text.replace(/\]$/, ',{"late":"x"}]'));
    const short = readSample({ bytes: late.subarray(0, HEAD_BYTES), isWhole: false }, 'US');
    expect(readSample({ bytes: late, isWhole: true }, 'US')).toEqual(short);
    expect(short.headers).toEqual(['phone', 'name']);
  });
});

describe('a file that is no list of contacts is refused in words', () => {
  const zip = (member: string) => `PK\u0003\u0004\u0014\u0000\u0006\u0000${member}`;
  it.each<[string, string, keyof typeof FILE_PROBLEMS]>([
    ['an Excel workbook', zip('[Content_Types].xml'), 'excel_workbook'],
    ['an Excel workbook written elsewhere', zip('xl/workbook.xml'), 'excel_workbook'],
    [
      'an OpenDocument spreadsheet',
      zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
      'spreadsheet_document',
    ],
    ['a Word document', zip('word/document.xml'), 'document'],
    ['an archive', zip('clients.csv'), 'archive'],
    ['a PDF', '%PDF-1.7\n', 'pdf'],
    ['a rich text', '{\\rtf1\\ansi}', 'document'],
    ['a web page', '<!DOCTYPE html>\n<html><body>Sign in</body></html>', 'html'],
    ['a web page behind spaces', '\n\n  <html lang="en">', 'html'],
    ['a table saved as a web page', '<table><tr><td>phone</td></tr></table>', 'html'],
    ['XML', '<?xml version="1.0"?><contacts/>', 'xml'],
    ['contact cards', 'BEGIN:VCARD\nTEL:+12123734253\nEND:VCARD', 'vcard'],
    ['nothing', '', 'empty'],
    ['blank lines', ' \n\n\t\n', 'empty'],
    ['rows without a cell', ',,\n,,\n', 'empty'],
    ['an empty JSON list', '[]', 'empty'],
    ['a header alone', 'phone,name\n', 'header_only'],
    ['a header of one column alone', 'Phone', 'header_only'],
    ['a header and blank rows', 'phone,name\n,\n\n', 'header_only'],
    ['one word', 'hello', 'no_phone_column'],
    ['control characters', '\u0001\u0002\u0003\u0004abc', 'binary'],
    ['NUL bytes', 'phone,name\n555\u0000123,Bob\n', 'nul_bytes'],
    ['a quotation mark that stays open', `phone,name\n${PHONE},"Bob\n`, 'quote_not_closed'],
    [
      '201 columns',
      `${Array.from({ length: 201 }, (_, index) => `c${index}`).join(',')}\n1\n`,
      'too_many_columns',
    ],
    ['a column that tricks programs', `phone,__proto__\n${PHONE},x\n`, 'unsafe_column'],
    ['broken JSON', '[{"phone":"1"},', 'json_malformed'],
    ['JSON without contacts', '[1,2,3]', 'json_no_list'],
  ])('%s', (_case, text, code) => {
    const [start = ''] = FILE_PROBLEMS[code].split('{line}');
    expect(() => sampleOf(text)).toThrow(start);
  });

  it('also an image and an old workbook', () => {
    expect(() => readSample({ bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47), isWhole: true }, 'US')).toThrow(
      /an image/,
    );
    expect(() =>
      readSample(
        { bytes: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), isWhole: true },
        'US',
      ),
    ).toThrow(/Excel workbook/);
  });

  it('says what to do in every sentence', () => {
    for (const sentence of Object.values(FILE_PROBLEMS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
