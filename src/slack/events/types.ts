/** The events we listen to; the manifest subscribes to these and no others. */
export const EVENT_TYPES: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'channel_archive',
  'channel_deleted',
  'channel_id_changed',
  'channel_left',
  'file_shared',
  'group_archive',
  'group_deleted',
  'group_left',
  'member_joined_channel',
  'message',
  'tokens_revoked',
];
