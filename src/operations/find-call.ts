import { findCallId } from '#db/feed.ts';
import type { Deps } from './deps.ts';

const OUR_ID = /^[1-9]\d{0,14}$/;

/** The call of a workspace that is meant by our id, or by the provider's; null for none. */
export async function findCall(
  deps: Pick<Deps, 'db'>,
  { workspaceId, wanted }: { workspaceId: number; wanted: string },
): Promise<number | null> {
  // No text in PostgreSQL holds a NUL: asked for one, it breaks.
  if (wanted.includes('\0')) return null;
  return findCallId(
    deps.db,
    workspaceId,
    OUR_ID.test(wanted) ? { id: Number(wanted) } : { providerRef: wanted },
  );
}
