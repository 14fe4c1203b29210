import type { Context } from 'hono';
import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import type { ApiEnv } from './api.ts';
import { download } from './download.ts';
import { whileInForce } from './while-in-force.ts';

type OpenedFile = { fileName: string; contentType: string; pieces: AsyncGenerator<string, void> };

/** Each holds a page of rows in memory for as long as its reader takes. */
const MOST_AT_ONCE = 10;

/** How many files this process is handing out of a database, by the family of the token. */
const open = new WeakMap<Deps['db'], Map<number, number>>();

/**
 * Hands out the file that `openFile` gives, as long as the token is in force. A token under which, with its family, as many
 * files are handed out as may be at once is answered 429 instead. Throws what that throws.
 */
export async function handOut(
  deps: Pick<Deps, 'db' | 'clock' | 'log'>,
  c: Context<ApiEnv>,
  openFile: () => OpenedFile | Promise<OpenedFile>,
): Promise<Response> {
  const token = c.get('token');
  const leave = enter(deps, token);
  if (!leave) return c.json({ detail: tooMany(token) }, 429, { 'retry-after': '10' });
  try {
    const { pieces, ...file } = await openFile();
    // Only its headers are sent: nobody will read it to its end.
    if (c.req.method === 'HEAD') leave();
    return download(whileInForce(deps, token, pieces), { ...file, log: deps.log, onEnd: leave });
  } catch (error) {
    leave();
    throw error;
  }
}

/** Counts one more until what it gives is called; null where there may be no more. */
function enter({ db }: Pick<Deps, 'db'>, { familyId }: ApiToken): (() => void) | null {
  const counts = open.get(db) ?? new Map<number, number>();
  open.set(db, counts);
  const before = counts.get(familyId) ?? 0;
  if (before >= MOST_AT_ONCE) return null;
  counts.set(familyId, before + 1);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    const left = (counts.get(familyId) ?? 1) - 1;
    if (left > 0) counts.set(familyId, left);
    else counts.delete(familyId);
  };
}

function tooMany({ name }: ApiToken): string {
  return `${MOST_AT_ONCE} files are being handed out to the token “${name}” and those of its family, which is as many as may be at once. This one was not begun. Read those to their end, or hang up, then ask again.`;
}
