import { exportCampaign } from '#slack/export.ts';
import { openImport } from '#slack/modals/import-file.ts';
import { openNewCampaign } from '#slack/modals/new-campaign.ts';
import type { CampaignCommand, WordsCommand } from './command.ts';
import { resolveCampaign } from './resolve.ts';

export const create: WordsCommand = {
  name: 'new',
  usage: '[name]',
  summary: 'Make a campaign of texts, calls, or both',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  run: (entry, words) => openNewCampaign(entry, { name: words }),
};

/** Without a name it asks for the campaign together with the file. */
export const importContacts: WordsCommand = {
  name: 'import',
  usage: '[name or number]',
  summary: 'Load a CSV or JSON file of contacts into a campaign',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    if (!words) return openImport(entry, null);
    const campaign = await resolveCampaign(entry, words, { name: 'import', offers: [] });
    if (campaign) await openImport(entry, campaign.id);
  },
};

export const exportResults: CampaignCommand = {
  name: 'export',
  usage: '<name or number>',
  summary: 'Put the results as CSV into the campaign’s thread',
  right: 'export',
  runs: 'stored',
  takes: 'campaign',
  offers: ['running', 'paused', 'completed', 'cancelled', 'failed', 'draft'],
  run: exportCampaign,
};
