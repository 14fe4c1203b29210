import { activeAssistants, readAssistant } from '#db/assistants.ts';
import { readCampaign } from '#db/campaigns.ts';
import { countMissing, firstContacts } from '#db/contacts.ts';
import { standardAssistant } from '#domain/assistant.ts';
import {
  type CallPreview,
  previewCall as composePreview,
  type SpokenTemplates,
  spokenNeeds,
} from '#domain/call-preview.ts';
import { asSpoken } from '#domain/campaign-templates.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

const EXAMPLES = 3;

/** What stands in for what is saved while somebody is writing. */
export type CallPreviewInput = {
  campaignId: number;
  templates?: SpokenTemplates;
  fallbackValues?: Record<string, string>;
  assistantId?: number | null;
};

/**
 * A campaign's calls as its first three contacts would hear them: the fixed first words, then every text that is written,
 * with what would be missing for how many. Throws `campaign_not_found`.
 */
export async function previewCall(deps: Pick<Deps, 'db'>, input: CallPreviewInput): Promise<CallPreview> {
  const row = await readCampaign(deps.db, input.campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${input.campaignId}` });
  const { campaign, workspace } = row;
  const speaker = await speakerOf(deps, workspace, input.assistantId ?? campaign.assistantId);
  const written: SpokenTemplates = {
    welcomeMessageTemplate: campaign.welcomeMessageTemplate,
    agendaTemplate: campaign.agendaTemplate,
    endCallMessageTemplate: campaign.endCallMessageTemplate,
    voicemailMessage:
      campaign.enableVoicemailDetection && campaign.leaveVoicemail ? campaign.voicemailMessage : null,
    ...input.templates,
  };
  const templates = asSpoken(
    { welcomeMessageTemplate: null, endCallMessageTemplate: null, ...written },
    speaker,
  );
  const contacts = await firstContacts(deps.db, campaign.id, EXAMPLES);
  const missing = await countMissing(deps.db, campaign.id, spokenNeeds(templates));
  return composePreview({
    templates,
    assistantName: speaker.name,
    companyName: workspace.companyName,
    caller: workspace.companyName ?? workspace.name,
    isRecording: speaker.isRecording,
    language: speaker.language,
    fallbackValues: input.fallbackValues ?? campaign.fallbackValues,
    contacts: contacts.map(({ variableValues, phoneNumber }) => ({
      name: variableValues.name ?? null,
      phoneNumber,
      values: variableValues,
    })),
    variablesAvailable: campaign.availableVariables,
    missingCounts: Object.fromEntries(missing.map(({ name, contacts: count }) => [name, count])),
  });
}

/** Who would speak: the one that is chosen, else the workspace's first, else the one it would get. */
async function speakerOf(
  deps: Pick<Deps, 'db'>,
  workspace: { id: number; defaultCountry: string },
  assistantId: number | null,
) {
  const chosen = assistantId === null ? null : await readAssistant(deps.db, workspace.id, assistantId);
  const [oldest] = chosen ? [chosen] : await activeAssistants(deps.db, workspace.id);
  return (
    oldest ?? {
      ...standardAssistant(workspace.defaultCountry),
      isRecording: false,
      welcomeMessage: null,
      endCallMessage: null,
    }
  );
}
