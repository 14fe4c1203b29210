import { Refusal } from './refusal.ts';

/** What clients keep with a call: free JSON, of which the product reads nothing (campaign-api §6, `call_meta`). */
export type CallNotes = Record<string, unknown>;

/** Levels of objects and lists in one another. */
export const NOTES_DEPTH = 10;
/** Bytes of JSON with one call. */
export const NOTES_BYTES = 16 * 1024;

/**
 * Notes with changes merged into them: what is named takes the place of what was kept, objects are merged level by level, and
 * null takes away (RFC 7396). Throws `settings_invalid` for what JSON cannot keep, or for too many levels.
 */
export function mergeNotes(kept: CallNotes, changes: CallNotes): CallNotes {
  const problems = Object.entries(changes).flatMap(([field, value]) => {
    const sentence = problemOf(value, 1);
    return sentence === null ? [] : [{ field, sentence }];
  });
  if (problems.length > 0) throw new Refusal('settings_invalid', { problems });
  return merge(kept, changes);
}

/** The refusal of notes that came to so many bytes. */
export function notesTooLarge(bytes: number): Refusal<'settings_invalid'> {
  const kilobytes = Math.ceil(bytes / 1024).toLocaleString('en-US');
  const sentence = `A call keeps up to ${NOTES_BYTES / 1024} KB of JSON with it, and with this it would be ${kilobytes} KB. What it has stays; set to null what is not needed any more, or keep less.`;
  return new Refusal('settings_invalid', { problems: [{ field: '', sentence }] });
}

const TOO_DEEP = `This has more than ${NOTES_DEPTH} levels of objects and lists in one another. Nothing was changed; flatten it.`;
const TOO_LARGE_NUMBER =
  'A number in this is larger than JSON can tell exactly. Nothing was changed; send it as a text.';

function problemOf(value: unknown, level: number): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : TOO_LARGE_NUMBER;
  if (typeof value !== 'object' || value === null) return null;
  if (level >= NOTES_DEPTH) return TOO_DEEP;
  for (const inner of Object.values(value)) {
    const problem = problemOf(inner, level + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function merge(kept: unknown, changes: CallNotes): CallNotes {
  const merged = new Map(Object.entries(isObject(kept) ? kept : {}));
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? merge(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is CallNotes {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
