import { activeAssistants } from '#db/assistants.ts';
import type { Deps } from './deps.ts';

/**
 * The number of a person as the workspace knows it: the one that an assistant puts calls through to, the campaign’s own
 * assistant before any other; null when no assistant knows them.
 */
export async function ownPhoneOf(
  { db }: Pick<Deps, 'db'>,
  { workspaceId, userId, assistantId }: { workspaceId: number; userId: string; assistantId: number | null },
): Promise<string | null> {
  const assistants = await activeAssistants(db, workspaceId);
  const own = assistants.filter(({ id }) => id === assistantId);
  const targets = [...own, ...assistants].flatMap(({ transferTargets }) => transferTargets);
  return targets.find(({ slackUserId }) => slackUserId === userId)?.phoneNumber ?? null;
}
