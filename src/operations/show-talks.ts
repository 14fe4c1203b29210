import { readTalks, type TalkRow } from '#db/feed.ts';
import type { Deps } from './deps.ts';

/** What was said on a call so far, and how the call stands. */
export type Talk = TalkRow;

/** Several calls at one instant, by id, with what people and assistants said on them; tools and notes are left out. */
export async function showTalks(
  deps: Pick<Deps, 'db'>,
  { callIds }: { callIds: number[] },
): Promise<Map<number, Talk>> {
  const rows = await readTalks(deps.db, callIds);
  return new Map(rows.map((row) => [row.call.id, row]));
}
