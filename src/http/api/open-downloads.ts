import type { Context } from 'hono';
import type { ApiEnv } from './api.ts';

/** Each holds a page of rows in memory for as long as its reader takes. */
const MOST_AT_ONCE = 10;

/** How many files this process is handing out, by the family of the token. */
const open = new Map<number, number>();

/** The answer to a token under which, with its family, as many files are handed out as may be at once; null for others. */
export function refuseMore(c: Context<ApiEnv>) {
  const { name, familyId } = c.get('token');
  if ((open.get(familyId) ?? 0) < MOST_AT_ONCE) return null;
  const detail = `${MOST_AT_ONCE} files are being handed out to the token “${name}” and those of its family, which is as many as may be at once. This one was not begun. Read those to their end, or hang up, then ask again.`;
  return c.json({ detail }, 429, { 'retry-after': '10' });
}

/** The same pieces, counted from the first that is asked for until nobody asks any more. */
export async function* counted(
  familyId: number,
  pieces: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  open.set(familyId, (open.get(familyId) ?? 0) + 1);
  try {
    yield* pieces;
  } finally {
    const left = (open.get(familyId) ?? 1) - 1;
    if (left > 0) open.set(familyId, left);
    else open.delete(familyId);
  }
}
