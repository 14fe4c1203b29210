import { eq } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { imports } from '#db/import-schema.ts';
import { campaignCounts, campaigns, contacts, suppressions, workspaces } from '#db/schema.ts';
import type { Encoding } from '#domain/contact-import/encoding.ts';
import type { ColumnMapping } from '#domain/contact-import/mapping.ts';
import type { Deps } from '#operations/deps.ts';
import type { Chat } from '#ports/chat.ts';
import { FileUnavailable } from '#ports/chat.ts';

/** A text as a spreadsheet would save it. */
export function encode(text: string, encoding: Encoding, hasBom = false): Uint8Array {
  const marked = hasBom ? `\uFEFF${text}` : text;
  if (encoding === 'utf-8') return new TextEncoder().encode(marked);
  if (encoding === 'windows-1252') return Uint8Array.from(text, (character) => windows1252(character));
  const wide = Buffer.from(marked, 'utf16le');
  return new Uint8Array(encoding === 'utf-16be' ? wide.swap16() : wide);
}

/** Rows as CSV, every cell quoted that needs it. */
export function csv(rows: readonly (readonly string[])[], delimiter = ',', newline = '\n'): string {
  const cell = (text: string) =>
    /["\r\n]|^\s|\s$/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(cell).join(delimiter) + newline).join('');
}

/** Valid mobile-like US numbers, all different. */
export function usNumber(index: number): string {
  const area = ['212', '305', '415', '503', '617', '713', '808', '917'][index % 8];
  const rest = 2_000_000 + ((index >> 3) % 7_999_999);
  return `+1${area}${rest}`;
}

/** A file in the chat: its bytes in pieces, or an error on the way. */
export type ChatFileFixture = { name?: string; pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

/** A chat that can do nothing but hand out these files; every download starts anew. */
export function chatWithFiles(files: Record<string, Uint8Array | string | (() => ChatFileFixture)>): Chat {
  const downloadFile: Chat['downloadFile'] = async (fileId) => {
    const file = files[fileId];
    if (file === undefined) throw new FileUnavailable('This file was deleted. Upload it again.');
    if (typeof file === 'function') {
      const { name = fileId, pieces } = file();
      return { name, size: 0, stream: asAsync(pieces) };
    }
    const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
    return { name: fileId, size: bytes.length, stream: asAsync(inPieces(bytes, 64 * 1024)) };
  };
  return { downloadFile } as Chat;
}

/** Bytes in pieces of one size. */
export function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A collaborator bag for imports: the real database, a moving clock, and files. */
export function importDeps(db: Database, databaseUrl: string, chat: Chat): Deps & { logged: string[] } {
  const logged: string[] = [];
  const log = (fields: object, message: string) => {
    const { err } = fields as { err?: Error };
    logged.push(err ? `${message}: ${err.stack}` : message);
  };
  const clock = {
    now: () => new Date(),
    realDelay: (ms: number) => new Date(Date.now() + ms),
    toReal: (at: Date) => at,
  };
  return {
    db,
    databaseUrl,
    chat,
    clock,
    log: { debug: log, info: log, warn: log, error: log },
    logged,
  } as unknown as Deps & { logged: string[] };
}

export type CampaignSeed = { workspaceId: number; campaignId: number };

/** A workspace with one campaign, as the verbs would leave them. */
export async function seedCampaign(
  db: Database,
  given: {
    status?: 'draft' | 'running' | 'paused';
    campaignType?: 'call' | 'sms' | 'mixed';
    defaultCountry?: string;
  } = {},
): Promise<CampaignSeed> {
  const now = new Date();
  const [workspace] = await db
    .insert(workspaces)
    .values({
      slackTeamId: `T${crypto.randomUUID()}`,
      name: 'Harbor Dental',
      createdAt: now,
      defaultCountry: given.defaultCountry ?? 'US',
    })
    .returning({ id: workspaces.id });
  return {
    workspaceId: workspace?.id ?? 0,
    campaignId: await seedNextCampaign(db, workspace?.id ?? 0, given),
  };
}

/** One more campaign in a workspace. */
export async function seedNextCampaign(
  db: Database,
  workspaceId: number,
  given: { status?: 'draft' | 'running' | 'paused'; campaignType?: 'call' | 'sms' | 'mixed' } = {},
): Promise<number> {
  const now = new Date();
  const [campaign] = await db
    .insert(campaigns)
    .values({
      workspaceId,
      name: 'Spring check-ups',
      campaignType: given.campaignType ?? 'sms',
      status: given.status ?? 'draft',
      timeZone: 'America/New_York',
      createdBy: 'slack:U1',
      createdAt: now,
      updatedAt: now,
    })
    .returning({ id: campaigns.id });
  const campaignId = campaign?.id ?? 0;
  await db.insert(campaignCounts).values({ campaignId });
  return campaignId;
}

/** An import that waits to be run. */
export async function seedImport(
  db: Database,
  { workspaceId, campaignId }: CampaignSeed,
  given: { fileId?: string; mode?: 'append' | 'replace'; mapping?: ColumnMapping[] } = {},
): Promise<number> {
  const [row] = await db
    .insert(imports)
    .values({
      workspaceId,
      campaignId,
      status: 'pending',
      mode: given.mode ?? 'append',
      fileId: given.fileId ?? 'clients.csv',
      fileName: given.fileId ?? 'clients.csv',
      mapping: given.mapping ?? [],
      requestedBy: 'slack:U1',
      createdAt: new Date(),
    })
    .returning({ id: imports.id });
  return row?.id ?? 0;
}

/** Puts a number on the do-not-call list. */
export async function suppressNumber(
  db: Database,
  workspaceId: number,
  phoneNumber: string,
  channel: 'all' | 'voice' | 'sms' = 'all',
): Promise<void> {
  await db.insert(suppressions).values({
    workspaceId,
    phoneNumber,
    channel,
    reason: 'asked to be left alone',
    source: 'manual',
    actor: 'slack:U1',
    createdAt: new Date(),
  });
}

/** The contacts of a campaign in the order of their lines. */
export async function contactsOf(db: Database, campaignId: number) {
  return db.select().from(contacts).where(eq(contacts.campaignId, campaignId)).orderBy(contacts.lineNumber);
}

/** The row of an import. */
export async function importRow(db: Database, importId: number) {
  const [row] = await db.select().from(imports).where(eq(imports.id, importId));
  if (!row) throw new Error(`there is no import ${importId}`);
  return row;
}

async function* asAsync(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield piece;
}

// The printable characters that Windows-1252 keeps where Latin-1 has control characters.
const UPPER_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function windows1252(character: string): number {
  const upper = UPPER_1252.indexOf(character);
  const code = upper >= 0 ? 0x80 + upper : character.charCodeAt(0);
  if (code > 0xff) throw new Error(`Windows-1252 has no ${character}`);
  return code;
}
