import { type AssistantFigures, readAssistantFigures } from '#db/assistant-figures.ts';
import type { Deps } from './deps.ts';

/** What the calls of campaigns with these assistants came to so far, by assistant; zeros for one that never called. */
export async function figuresOfAssistants(
  deps: Pick<Deps, 'db'>,
  { workspaceId, assistantIds }: { workspaceId: number; assistantIds: number[] },
): Promise<Map<number, AssistantFigures>> {
  const known = await readAssistantFigures(deps.db, workspaceId, assistantIds);
  const found = new Map(known.map((figures) => [figures.assistantId, figures]));
  return new Map(
    assistantIds.map((assistantId) => [
      assistantId,
      found.get(assistantId) ?? { assistantId, calls: 0, answeredCalls: 0, answeredSeconds: 0 },
    ]),
  );
}
