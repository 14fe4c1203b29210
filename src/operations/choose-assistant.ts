import { activeAssistants, countAssistants, insertAssistant } from '#db/assistants.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Executor } from '#db/client.ts';
import type { WorkspaceRow } from '#db/workspaces.ts';
import { actorText } from '#domain/actor.ts';
import { standardAssistant } from '#domain/assistant.ts';
import type { Deps } from './deps.ts';

/**
 * The assistant that calls where nobody chose one: the oldest in use. A workspace without any gets a plain one at this
 * moment, called Alex, with a voice of its country, the script of the campaign for all it says, and no recording, so that
 * a first call campaign can be made at once; whoever wants another changes or retires it.
 */
export async function chooseAssistant(
  deps: Pick<Deps, 'clock'>,
  executor: Executor,
  workspace: WorkspaceRow,
): Promise<number> {
  const [oldest] = await activeAssistants(executor, workspace.id);
  if (oldest) return oldest.id;
  const now = deps.clock.now();
  // Two that need it at once make the same one; once it is retired, the next need makes the next.
  const before = await countAssistants(executor, workspace.id);
  const made = await insertAssistant(executor, {
    ...standardAssistant(workspace.defaultCountry),
    workspaceId: workspace.id,
    creationKey: `${workspace.id}:standard-${before}`,
    createdBy: actorText({ kind: 'system' }),
    createdAt: now,
    updatedAt: now,
  });
  if (made) {
    await recordCampaignEvent(executor, {
      workspaceId: workspace.id,
      actor: actorText({ kind: 'system' }),
      kind: 'assistant_created',
      details: { assistantId: made.id, name: made.name },
      createdAt: now,
    });
    return made.id;
  }
  const [other] = await activeAssistants(executor, workspace.id);
  if (!other) throw new Error(`workspace ${workspace.id} has no assistant although one was made`);
  return other.id;
}
