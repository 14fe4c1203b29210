import { PLACES, type Problem } from './problems.ts';

/** PostgreSQL keeps neither a NUL nor half of a surrogate pair, and no name or message needs one. */
const SENTENCE = 'This holds a character that cannot be kept (NUL, or half of a pair). Leave it out.';

/** Where a request that is of the right shape holds text that cannot be stored. */
export function unkeepable({ target, data }: { target: string; data: unknown }): Problem[] {
  return placesIn(data, [PLACES[target] ?? target]).map((loc) => ({
    loc,
    msg: SENTENCE,
    type: 'value_error',
  }));
}

type Place = Problem['loc'];

function placesIn(value: unknown, at: Place): Place[] {
  if (typeof value === 'string') return isKeepable(value) ? [] : [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isKeepable(name) ? placesIn(inner, [...at, Array.isArray(value) ? Number(name) : name]) : [at],
  );
}

function isKeepable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
