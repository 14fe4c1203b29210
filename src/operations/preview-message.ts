import { readCampaign } from '#db/campaigns.ts';
import { countMissing, firstContacts } from '#db/contacts.ts';
import { previewMessage as composePreview, type MessagePreview } from '#domain/message-preview.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkTemplate } from '#domain/template.ts';
import { assistantOf } from './check-launch.ts';
import type { Deps } from './deps.ts';

const EXAMPLES = 3;

export type PreviewInput = { campaignId: number; template?: string; fallbackValues?: Record<string, string> };

/**
 * A campaign's text rendered for its first three contacts, with segments, encoding and what would be missing for how many.
 * `template` and `fallbackValues` stand in for the saved ones while somebody is writing. Throws `campaign_not_found`.
 */
export async function previewMessage(deps: Pick<Deps, 'db'>, input: PreviewInput): Promise<MessagePreview> {
  const row = await readCampaign(deps.db, input.campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${input.campaignId}` });
  const template = input.template ?? row.campaign.smsMessageTemplate ?? '';
  const check = checkTemplate(template);
  const needed = check.ok ? check.needed : [];
  const contacts = await firstContacts(deps.db, input.campaignId, EXAMPLES);
  const missing = await countMissing(deps.db, input.campaignId, needed);
  const assistant = await assistantOf(deps, row.campaign);
  return composePreview({
    template,
    assistantName: assistant?.name,
    fallbackValues: input.fallbackValues ?? row.campaign.fallbackValues,
    companyName: row.workspace.companyName,
    contacts: contacts.map((contact) => ({
      name: contact.variableValues.name ?? null,
      phoneNumber: contact.phoneNumber,
      values: contact.variableValues,
    })),
    variablesAvailable: row.campaign.availableVariables,
    missingCounts: Object.fromEntries(missing.map(({ name, contacts: count }) => [name, count])),
  });
}
