/** Which bytes of a file somebody asks for: from one on, up to a last one or the end; or the last so many. */
export type ByteRange = { first: number; last: number | null } | { suffix: number };
/** Bytes of a file, both ends included. */
export type BytePart = { first: number; last: number };

const SINGLE = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;

/**
 * Reads a header `Range` (RFC 9110 §14.2). Null where there is none, where it asks for several parts, and where it is not
 * understood: whoever asks is then given the whole, as the RFC has it.
 */
export function readByteRange(header: string | undefined): ByteRange | null {
  const [, first = '', last = ''] = SINGLE.exec(header ?? '') ?? [];
  if (first === '') return last === '' ? null : { suffix: Number(last) };
  if (last === '') return { first: Number(first), last: null };
  return Number(first) <= Number(last) ? { first: Number(first), last: Number(last) } : null;
}

/** A range as a header `Range` says it. */
export function rangeHeader(range: ByteRange): string {
  return 'suffix' in range ? `bytes=-${range.suffix}` : `bytes=${range.first}-${range.last ?? ''}`;
}

/** What of a file of this size lies in a range; null when nothing does. */
export function partOf(range: ByteRange, size: number): BytePart | null {
  const first = 'suffix' in range ? Math.max(0, size - range.suffix) : range.first;
  const last = 'suffix' in range ? size - 1 : Math.min(range.last ?? size - 1, size - 1);
  return first <= last ? { first, last } : null;
}

/**
 * Reads a header `Content-Range`, of an answer that brings a part or says that there is none (`*`). Null when it is not
 * understood; a `size` of null is one that is not told.
 */
export function readContentRange(
  header: string | null,
): { part: BytePart | null; size: number | null } | null {
  const found = /^bytes[ \t]+(?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/i.exec(header ?? '');
  if (!found) return null;
  const [, first, last, size] = found;
  const part = first === undefined ? null : { first: Number(first), last: Number(last) };
  if (part && part.first > part.last) return null;
  return { part, size: size === '*' ? null : Number(size) };
}

/** What an answer with a part of a file says of it; with null, that nothing of the file lies in what was asked for. */
export function contentRange(part: BytePart | null, size: number | null): string {
  return `bytes ${part ? `${part.first}-${part.last}` : '*'}/${size ?? '*'}`;
}
