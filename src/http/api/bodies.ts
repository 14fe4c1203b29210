import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { takesFiles } from '#http/upload-address.ts';
import type { ApiEnv } from './api.ts';
import { unprocessable } from './problems.ts';

const LARGEST_BYTES = 1024 * 1024;
/** A list of 100,000 contacts and what stands beside it. What checks a body stacks up one problem for each wrong value. */
const MOST_COMMAS = 100_500;

const TOO_LARGE =
  'The body is larger than 1 MB, so it was not read and nothing was done. Only files of contacts may be larger.';
const TOO_MANY =
  'The body holds more than 100,000 values, so it was not looked at and nothing was done. Send them in several requests, or contacts as a file.';
const UNREADABLE =
  'There is a character that no text may hold (a NUL, or half of a pair of surrogates). Nothing was done. Take it out and send the request again.';
/** Nothing that anybody sends has ten; what looks at a body level by level would break long before it is read. */
const MOST_LEVELS = 50;
const TOO_DEEP = `The body is nested more than ${MOST_LEVELS} levels deep, so it was not looked at. Nothing was done. Send it flatter.`;

/** Whether a request brings a file, which its route reads piece by piece: nothing before it may touch the body. */
export function isUpload(c: Context): boolean {
  return c.req.method === 'POST' && takesFiles(c.req.path);
}

/** Refuses characters in an address that the database cannot hold (422). */
export const storable: MiddlewareHandler<ApiEnv> = (c, next) =>
  c.req.url.includes('%00') ? Promise.resolve(unreadable(c, 'path')) : next();

/**
 * Refuses a body that is too large to be read into memory or holds too many values (413), or is nested too deep, or holds
 * characters that the database cannot hold (422).
 */
export const bodies: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (isUpload(c)) return next();
  return capped(c, async () => {
    const text = await c.req.text();
    if (countCommas(text) > MOST_COMMAS) c.res = c.json({ detail: TOO_MANY }, 413);
    else if (isDeep(text)) c.res = unreadable(c, 'body', TOO_DEEP);
    else if (isSuspect(text) && !isStorable(text)) c.res = unreadable(c, 'body');
    else await next();
  });
};

const capped = bodyLimit({
  maxSize: LARGEST_BYTES,
  onError: (c) => c.json({ detail: TOO_LARGE }, 413),
});

function unreadable(c: Context, place: string, msg = UNREADABLE) {
  return unprocessable(c, [{ loc: [place], msg, type: 'value_error' }]);
}

function countCommas(text: string): number {
  let count = 0;
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', at + 1)) count += 1;
  return count;
}

/** Looks at each character once; brackets within a text are none. */
function isDeep(text: string): boolean {
  let levels = 0;
  for (let at = 0; at < text.length && levels <= MOST_LEVELS; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === '[' || character === '{') levels += 1;
    else if (character === ']' || character === '}') levels -= 1;
  }
  return levels > MOST_LEVELS;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Such characters come as escapes; a NUL that is none is no JSON. */
function isSuspect(text: string): boolean {
  return /\\u(?:0000|d[89a-f])/i.test(text);
}

function isStorable(text: string): boolean {
  try {
    return isWhole(JSON.parse(text));
  } catch {
    // Whoever reads the body says in words that it is no JSON.
    return true;
  }
}

/** One after the other, not one inside the other: a body of a megabyte can be half a million levels deep. */
function isWhole(body: unknown): boolean {
  const left = [body];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') {
      if (!value.isWellFormed() || value.includes('\0')) return false;
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) left.push(name, inner);
    }
  }
  return true;
}
