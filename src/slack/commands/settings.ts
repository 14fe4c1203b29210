import { openWorkspaceSettings } from '#slack/modals/workspace-settings.ts';
import type { WordsCommand } from './command.ts';

export const settings: WordsCommand = {
  name: 'settings',
  usage: '',
  summary: 'What holds for every campaign of this workspace; for admins',
  right: 'administer',
  runs: 'now',
  takes: 'words',
  run: (entry) => openWorkspaceSettings(entry),
};
