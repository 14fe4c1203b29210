import { readSuppression } from '#db/suppression-list.ts';
import { readPrefix } from '#db/suppression-prefixes.ts';
import type { Actor } from '#domain/actor.ts';
import { rangeText } from '#domain/do-not-call.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { liftPrefix } from './lift-prefix.ts';
import { liftEntries } from './lift-suppression.ts';

/**
 * Takes one entry, of a number or of a range, off the do-not-call list by its id, with who did it kept. Other entries of the
 * same number stay. Returns what the entry was about. Throws `suppression_not_found`, also for one of another workspace and
 * for one that was taken off before.
 */
export async function liftListed(
  deps: Pick<Deps, 'db' | 'clock'>,
  {
    workspaceId,
    what,
    id,
    actor,
  }: { workspaceId: number; what: 'entry' | 'range'; id: number; actor: Actor },
): Promise<{ listed: string }> {
  const { listed, changed } =
    what === 'entry'
      ? await liftOne(deps, { workspaceId, id, actor })
      : await liftRange(deps, { workspaceId, id, actor });
  if (!changed) throw new Refusal('suppression_not_found', { what, id });
  return { listed };
}

type One = { workspaceId: number; id: number; actor: Actor };
type Done = { listed: string; changed: boolean };
const NOT_THERE: Done = { listed: '', changed: false };

async function liftOne(deps: Pick<Deps, 'db' | 'clock'>, one: One): Promise<Done> {
  const entry = await readSuppression(deps.db, one.workspaceId, one.id);
  if (!entry) return NOT_THERE;
  const { phoneNumber, changed } = await liftEntries(deps, { ...one, phoneNumber: entry.phoneNumber });
  return { listed: phoneNumber, changed };
}

async function liftRange(deps: Pick<Deps, 'db' | 'clock'>, one: One): Promise<Done> {
  const range = await readPrefix(deps.db, one.workspaceId, one.id);
  if (!range) return NOT_THERE;
  const { changed } = await liftPrefix(deps, { ...one, prefix: range.prefix });
  return { listed: rangeText(range.prefix), changed };
}
