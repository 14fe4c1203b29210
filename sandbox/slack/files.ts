/** Files: what they are, where they are shared, who may see them, and how the API shows them (slack.md §4.1). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import type { SlackContext } from './context.ts';
import { newId } from './ids.ts';
import { type FileMode, isBotMember, type StoredFile } from './workspace.ts';

const TYPES: Record<string, { mimetype: string; filetype: string; pretty: string }> = {
  csv: { mimetype: 'text/csv', filetype: 'csv', pretty: 'CSV' },
  tsv: { mimetype: 'text/tab-separated-values', filetype: 'tsv', pretty: 'TSV' },
  txt: { mimetype: 'text/plain', filetype: 'text', pretty: 'Plain Text' },
  json: { mimetype: 'application/json', filetype: 'json', pretty: 'JSON' },
  html: { mimetype: 'text/html', filetype: 'html', pretty: 'HTML' },
  pdf: { mimetype: 'application/pdf', filetype: 'pdf', pretty: 'PDF' },
  png: { mimetype: 'image/png', filetype: 'png', pretty: 'PNG' },
  jpg: { mimetype: 'image/jpeg', filetype: 'jpg', pretty: 'JPEG' },
  gif: { mimetype: 'image/gif', filetype: 'gif', pretty: 'GIF' },
  zip: { mimetype: 'application/zip', filetype: 'zip', pretty: 'Zip' },
  xls: { mimetype: 'application/vnd.ms-excel', filetype: 'xls', pretty: 'Excel Spreadsheet' },
  xlsx: {
    mimetype: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    filetype: 'xlsx',
    pretty: 'Excel Spreadsheet',
  },
};
const UNKNOWN_TYPE = { mimetype: 'application/octet-stream', filetype: 'binary', pretty: 'Binary' };

export type NewFile = {
  id?: string;
  name: string;
  title?: string;
  userId: string;
  bytes: Uint8Array | ReadableStream<Uint8Array> | null;
  mode?: FileMode;
  externalUrl?: string | null;
  altText?: string;
  isGivenToBot?: boolean;
};

export async function addFile(slack: SlackContext, file: NewFile): Promise<StoredFile> {
  const id = file.id ?? newId('F');
  const size = await slack.files.write(id, file.bytes);
  return registerFile(slack, { ...file, id, size });
}

/** The same for a file whose bytes are already in the store. */
export function registerFile(
  slack: SlackContext,
  file: Omit<NewFile, 'bytes'> & { id: string; size: number },
): StoredFile {
  const type = typeOf(file.name);
  const stored: StoredFile = {
    id: file.id,
    name: file.name,
    title: file.title ?? file.name,
    size: file.size,
    mimetype: type.mimetype,
    filetype: type.filetype,
    userId: file.userId,
    createdAt: slack.options.productClock.now(),
    mode: file.mode ?? 'hosted',
    altText: file.altText ?? '',
    externalUrl: file.externalUrl ?? null,
    shares: [],
    isGivenToBot: file.isGivenToBot ?? false,
  };
  slack.workspace.files.set(stored.id, stored);
  return stored;
}

/** The bot sees its own files, files in conversations it is in, and files handed to it in a form. */
export function canBotSee({ workspace }: SlackContext, file: StoredFile): boolean {
  if (file.userId === workspace.app.botUserId || file.isGivenToBot) return true;
  return file.shares.some(({ channelId }) => {
    const channel = workspace.channels.get(channelId);
    return channel !== undefined && isBotMember(workspace, channel);
  });
}

export function isDownloadable(file: StoredFile): boolean {
  return file.mode === 'hosted' || file.mode === 'snippet';
}

/** The file as `files.info` shows it. */
export function toFileObject(slack: SlackContext, file: StoredFile): JsonObject {
  const { options, workspace } = slack;
  if (file.mode === 'tombstone')
    return { id: file.id, mode: 'tombstone', date_deleted: seconds(options.clock.now()) };
  if (file.mode === 'hidden_by_limit') return { id: file.id, mode: 'hidden_by_limit', date_delete: 0 };
  const uploader = workspace.users.get(file.userId);
  const at = `${options.baseUrl}/files-pri/${workspace.team.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  const isExternal = file.mode === 'external';
  return {
    id: file.id,
    created: seconds(file.createdAt),
    timestamp: seconds(file.createdAt),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: isExternal ? 'gsheet' : file.filetype,
    pretty_type: isExternal ? 'Google Sheet' : typeOf(file.name).pretty,
    user: file.userId,
    user_team: uploader?.teamId ?? workspace.team.id,
    editable: file.mode === 'snippet',
    size: file.size,
    mode: file.mode,
    is_external: isExternal,
    external_type: isExternal ? 'gdrive' : '',
    is_public: publicShares(slack, file).length > 0,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: file.externalUrl ?? `${at}/${name}`,
    ...(isDownloadable(file) && { url_private_download: `${at}/download/${name}` }),
    permalink: `${options.baseUrl}/files/${file.userId}/${file.id}/${name}`,
    alt_txt: file.altText,
    comments_count: 0,
    is_starred: false,
    has_more_shares: false,
    file_access: 'visible',
    ...whereShared(slack, file),
  };
}

/** The file as events and messages show it: of strangers only a stub, which `files.info` completes. */
export function toFileInEvent(slack: SlackContext, file: StoredFile): JsonObject {
  const uploader = slack.workspace.users.get(file.userId);
  if (!uploader?.isStranger) return toFileObject(slack, file);
  return {
    id: file.id,
    created: 0,
    timestamp: 0,
    user: '',
    mode: 'file_access',
    file_access: 'check_file_info',
  };
}

function typeOf(name: string): { mimetype: string; filetype: string; pretty: string } {
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? UNKNOWN_TYPE;
}

function visibleShares({ options }: SlackContext, file: StoredFile) {
  return file.shares.filter(({ visibleAt }) => visibleAt <= options.clock.now());
}

function publicShares(slack: SlackContext, file: StoredFile) {
  return visibleShares(slack, file).filter(({ channelId }) => kindOf(slack, channelId) === 'public');
}

function whereShared(slack: SlackContext, file: StoredFile): JsonObject {
  const shares = visibleShares(slack, file);
  const inKind = (kind: string) => [
    ...new Set(
      shares.filter((share) => kindOf(slack, share.channelId) === kind).map((share) => share.channelId),
    ),
  ];
  const details = (channelIds: string[]): JsonObject =>
    Object.fromEntries(
      channelIds.map((channelId) => [
        channelId,
        shares
          .filter((share) => share.channelId === channelId)
          .map((share) => ({
            ts: share.ts,
            ...(share.threadTs && { thread_ts: share.threadTs }),
            channel_name: slack.workspace.channels.get(channelId)?.name ?? '',
            team_id: slack.workspace.team.id,
            share_user_id: file.userId,
            reply_users: [],
            reply_users_count: 0,
            reply_count: 0,
          })),
      ]),
    );
  const [open, closed, direct] = [inKind('public'), inKind('private'), inKind('im')];
  return {
    channels: open,
    groups: closed,
    ims: direct,
    shares: {
      ...(open.length > 0 && { public: details(open) }),
      ...(closed.length + direct.length > 0 && { private: details([...closed, ...direct]) }),
    },
  };
}

function kindOf({ workspace }: SlackContext, channelId: string): string | undefined {
  return workspace.channels.get(channelId)?.kind;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
