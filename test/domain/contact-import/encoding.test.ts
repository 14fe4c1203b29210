import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextReader, detectEncoding, type Encoding } from '#domain/contact-import/encoding.ts';
import { encode, inPieces } from '#support/contact-files.ts';

const HEAD = 200;

/** Reads bytes as an import does: the encoding from the first of them, then piece by piece. */
function read(bytes: Uint8Array, pieceSize = bytes.length || 1) {
  const decoding = detectEncoding(bytes.subarray(0, HEAD), bytes.length <= HEAD);
  const reader = createTextReader(decoding);
  let text = '';
  for (const piece of inPieces(bytes, pieceSize)) text += reader.write(piece);
  return { encoding: decoding.encoding, text: text + reader.end() };
}

const LIST = 'phone,name,city\n+15551234567,Zoë Müller,Köln\n+15551234568,Ünal Çelik,Zürich\n';

describe('the encoding of a file', () => {
  it.each<[Encoding, boolean]>([
    ['utf-8', false],
    ['utf-8', true],
    ['utf-16le', true],
    ['utf-16le', false],
    ['utf-16be', true],
    ['utf-16be', false],
    ['windows-1252', false],
  ])('%s, with a byte order mark: %s, is recognised and read, whatever the pieces', (encoding, hasBom) => {
    const bytes = encode(LIST, encoding, hasBom);
    for (const size of [1, 2, 3, 7, bytes.length])
      expect(read(bytes, size)).toEqual({ encoding, text: LIST });
  });

  it('is found for names in other scripts too', () => {
    const list = 'имя;телефон\nИван Петров;+79161234567\n山田太郎;+81312345678\n';
    expect(read(encode(list, 'utf-8')).text).toBe(list);
    expect(read(encode(list, 'utf-16le')).text).toBe(list);
  });

  it('reads what Windows puts where other encodings have control characters', () => {
    expect(read(encode('5 € – “Zoë”', 'windows-1252')).text).toBe('5 € – “Zoë”');
  });

  it('turns out to be Windows-1252 when the first accent comes late', () => {
    const late = `phone,name\n${'+15551234567,Bob\n'.repeat(40)}+15551234568,Zoë\n`;
    for (let size = 1; size < 80; size += 1) expect(read(encode(late, 'windows-1252'), size).text).toBe(late);
  });

  it('is refused with its line when it changes on the way', () => {
    const start = encode(`phone,name\n+15551234567,Zoë\n${'+15551234567,Bob\n'.repeat(40)}`, 'utf-8');
    const bytes = Buffer.concat([start, encode('+15551234568,Zoë\n', 'windows-1252')]);
    expect(() => read(bytes, 64)).toThrow(/UTF-8 up to about line 43, and something else from there on/);
  });

  it('is UTF-8, and damaged, when only a few bytes are not', () => {
    const bytes = Buffer.concat([
      encode('phone,name\n1,Zoë Müller\n2,Zo', 'utf-8'),
      Buffer.from([0xeb, 0x0a]),
    ]);
    expect(() => read(bytes)).toThrow(/UTF-8 up to about line 3,/);
  });

  it('is refused when half a character stands in UTF-16', () => {
    const bytes = Buffer.concat([encode(LIST, 'utf-16le', true), Buffer.from([0x00, 0xd8, 0x61, 0x00])]);
    expect(() => read(bytes)).toThrow(/something else from there on/);
  });

  it('is no text with NUL bytes in it', () => {
    expect(() => read(encode('phone\n555\u0000123\n', 'utf-8'))).toThrow(/holds NUL bytes/);
  });

  it('gives every line end as one, also where a piece ends between the two halves', () => {
    const text = 'a\r\nb\rc\nd\r\n\r\ne\r';
    for (let size = 1; size <= text.length; size += 1) {
      expect(read(encode(text, 'utf-8'), size).text).toBe('a\nb\nc\nd\n\ne\n');
    }
  });

  it('never changes a text that is valid in it', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter((value) => !/[\0\r\uFEFF]/.test(value));
    const encoding = fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be');
    fc.assert(
      fc.property(text, encoding, fc.integer({ min: 1, max: 9 }), (value, name, size) => {
        expect(read(encode(value, name, true), size).text).toBe(value);
      }),
    );
  });
});
