import { FileRefused } from './file-problems.ts';

/** The encodings that lists come in. UTF-16 and Windows-1252 are what spreadsheets save as "Unicode text" and "CSV". */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** How to read a file's bytes. The byte order mark is not part of the text. */
export type Decoding = { encoding: Encoding; bomBytes: number };

/** Finds the encoding from the first bytes; `isWhole` says whether more bytes follow. */
export function detectEncoding(head: Uint8Array, isWhole: boolean): Decoding {
  for (const { encoding, bytes } of BYTE_ORDER_MARKS) {
    if (bytes.every((byte, index) => head[index] === byte)) return { encoding, bomBytes: bytes.length };
  }
  const wide = wideEncoding(head);
  if (wide) return { encoding: wide, bomBytes: 0 };
  return { encoding: isUtf8(head, isWhole) ? 'utf-8' : 'windows-1252', bomBytes: 0 };
}

/** Turns bytes into text piece by piece. `write` and `end` throw `FileRefused` where the bytes are not the encoding. */
export type TextReader = { write(bytes: Uint8Array): string; end(): string };

/**
 * Reads a file of this encoding as text with `\n` as its only line end. A file that was plain ASCII so far and then is
 * not UTF-8 is Windows-1252: the first accent may come late. One that was UTF-8 and then is not, is damaged.
 */
export function createTextReader({ encoding, bomBytes }: Decoding): TextReader {
  const decode = createDecoder(encoding);
  let toSkip = bomBytes;
  let heldReturn = '';

  const normalise = (decoded: string, isLast: boolean): string => {
    if (decoded.includes('\0')) throw new FileRefused('nul_bytes');
    const whole = heldReturn + decoded;
    heldReturn = !isLast && whole.endsWith('\r') ? '\r' : '';
    const text = heldReturn ? whole.slice(0, -1) : whole;
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  };
  return {
    write(bytes) {
      const rest = toSkip > 0 ? bytes.subarray(toSkip) : bytes;
      toSkip -= bytes.length - rest.length;
      return normalise(decode(rest, true), false);
    },
    end: () => normalise(decode(new Uint8Array(), false), true),
  };
}

type Decode = (bytes: Uint8Array, isMore: boolean) => string;

function createDecoder(encoding: Encoding): Decode {
  let decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let isAscii = encoding === 'utf-8';
  // What the decoder keeps because a character may go on in the next piece.
  let open: Uint8Array = new Uint8Array();
  let line = 1;
  return (bytes, isMore) => {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: isMore });
    } catch {
      const unread = concatenated(open, bytes);
      if (!isAscii || isUtf8(unread, false)) {
        throw new FileRefused('not_decodable', line + linesBeforeFault(unread, encoding));
      }
      decoder = new TextDecoder('windows-1252');
      text = decoder.decode(unread, { stream: isMore });
    }
    isAscii = isAscii && ASCII.test(text);
    if (isAscii) open = lastBytes(open, bytes, text.length);
    line += countNewlines(text);
    return text;
  };
}

/** The bytes at the end of two pieces that an ASCII text of this length leaves over. */
function lastBytes(open: Uint8Array, bytes: Uint8Array, length: number): Uint8Array {
  const left = open.length + bytes.length - length;
  return left === 0 ? new Uint8Array() : concatenated(open, bytes).slice(-left);
}

/** How many line ends a text holds. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

const BYTE_ORDER_MARKS: { encoding: Encoding; bytes: number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];
const ASCII = /^[\0-\x7F]*$/;
const REPLACEMENT = '\uFFFD';
const WIDE_SAMPLE_BYTES = 4096;
const WIDE_SHARE = 0.25;

/** Lists are mostly digits, commas and Latin letters: in UTF-16 every second byte of those is zero. */
function wideEncoding(head: Uint8Array): Encoding | null {
  const sample = head.subarray(0, WIDE_SAMPLE_BYTES & ~1);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const pairs = sample.length / 2;
  if (odd > pairs * WIDE_SHARE && even < odd * 0.05) return 'utf-16le';
  return even > pairs * WIDE_SHARE && odd < even * 0.05 ? 'utf-16be' : null;
}

/**
 * A text with as many well-formed characters beyond ASCII as faults is UTF-8, and damaged: Windows-1252 forms such a
 * character only by accident.
 */
function isUtf8(bytes: Uint8Array, isWhole: boolean): boolean {
  const text = new TextDecoder('utf-8').decode(bytes, { stream: !isWhole });
  const faults = text.split(REPLACEMENT).length - 1;
  return faults === 0 || (text.match(/[^\0-\x7F\uFFFD]/g)?.length ?? 0) >= faults;
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function linesBeforeFault(bytes: Uint8Array, encoding: Encoding): number {
  const text = new TextDecoder(encoding).decode(bytes);
  return countNewlines(text.slice(0, Math.max(0, text.indexOf(REPLACEMENT))));
}
