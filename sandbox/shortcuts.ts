import type { ShortcutHelp } from './page-protocol.ts';

/** What manifest.yml registers; the page offers these. */
export const SHORTCUTS: ShortcutHelp[] = [
  {
    callbackId: 'campaign_new',
    name: 'New campaign',
    description: 'Set up a new text or call campaign',
    type: 'global',
  },
  {
    callbackId: 'contacts_from_message',
    name: 'Import contacts',
    description: 'Use the file on this message as contacts for a campaign',
    type: 'message',
  },
];
