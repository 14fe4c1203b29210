/** Every modal, by the name under which its submission comes back. */
export const MODAL_NAMES = [
  'notice',
  'new_campaign',
  'campaign_message',
  'campaign_calls',
  'campaign_settings',
  'assistant',
  'calls',
  'call',
  'columns',
  'import_file',
  'dnc_import',
  'consent',
  'erase_person',
  'preflight',
  'raise_budget',
  'schedule',
  'approval_request',
  'approval_review',
  'approval_reject',
  'role',
  'workspace_settings',
  'law_override',
  'token',
  'webhook',
  'reply',
  'test_on_me',
] as const;

export type ModalName = (typeof MODAL_NAMES)[number];

export function parseModalName(text: string | undefined): ModalName | null {
  return MODAL_NAMES.find((name) => name === text) ?? null;
}
