import { assistantByCreationKey, insertAssistant } from '#db/assistants.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { type AssistantFields, checkAssistant, standardAssistant } from '#domain/assistant.ts';
import { Refusal } from '#domain/refusal.ts';
import { VOICES } from '#domain/voices.ts';
import type { Deps } from './deps.ts';

export type CreateAssistantInput = AssistantFields & {
  workspaceId: number;
  actor: Actor;
  /** The same submission sent twice makes one assistant. */
  creationKey: string;
  name: string;
  /** One of the country of the workspace where none is given. */
  voice?: string;
};

/**
 * Makes an assistant. Throws `settings_invalid` with every problem in words, and `assistant_name_taken`; the same
 * `creationKey` gives the assistant that it made the first time.
 */
export async function createAssistant(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: CreateAssistantInput,
): Promise<{ assistantId: number }> {
  const workspace = await readWorkspace(deps.db, input.workspaceId);
  if (!workspace) throw new Refusal('not_allowed', { doing: 'create assistants here', roles: [] });
  const { voice: usual } = standardAssistant(workspace.defaultCountry);
  const checked = checkAssistant({ ...input, voice: input.voice ?? usual }, workspace.defaultCountry);
  if (!checked.ok) throw new Refusal('settings_invalid', { problems: checked.problems });
  const voice = checked.settings.voice ?? usual;
  const name = checked.settings.name ?? input.name;
  const now = deps.clock.now();
  const creationKey = `${workspace.id}:${input.creationKey}`;
  return deps.db.transaction(async (tx) => {
    const made = await insertAssistant(tx, {
      ...checked.settings,
      name,
      voice,
      language: checked.settings.language ?? VOICES[voice].language,
      workspaceId: workspace.id,
      creationKey,
      createdBy: actorText(input.actor),
      createdAt: now,
      updatedAt: now,
    });
    if (!made) {
      const known = await assistantByCreationKey(tx, creationKey);
      if (!known) throw new Refusal('assistant_name_taken', { name });
      return { assistantId: known.id };
    }
    await recordCampaignEvent(tx, {
      workspaceId: workspace.id,
      actor: actorText(input.actor),
      kind: 'assistant_created',
      details: { assistantId: made.id, name },
      createdAt: now,
    });
    return { assistantId: made.id };
  });
}
