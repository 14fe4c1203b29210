import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import postgres from 'postgres';

/**
 * The SQL of an import, for a worker thread. It uses the driver alone: loading drizzle would cost the thread more time
 * and memory than the import itself (performance.md §1).
 */
export type ImportTransaction = postgres.TransactionSql;

/** What a COPY of contacts needs to know that is the same for every row. */
export type CopyConstants = { campaignId: number; importId: number; now: string };

/** A row as COPY wants it; the two JSON texts hold no raw line ends or tabs. */
export type CopyRow = {
  line: number;
  phoneNumber: string;
  variableValues: string;
  customFields: string;
  roles: CopyRoles | null;
};

/** What a row says about where somebody is and what they consented to. */
export type CopyRoles = {
  place: { ownZones: readonly string[] | null; ownRegion: string | null } | null;
  consent: { channel: string; givenAt: string | null; method: string; wording: string | null } | null;
};

/** Which of these the file has columns for: the others are not copied at all. */
export type CopiedRoles = { hasPlaces: boolean; hasConsents: boolean };

/** Streams rows into a table, some ten thousand per statement. */
export type Copier = {
  /** Hands over rows in COPY's text format; resolves when the driver has taken them. Throws `CopyFailed`. */
  write(text: string): Promise<void>;
  /** Ends the statement that is under way, if any, so that others can be made. Throws `CopyFailed`. */
  close(): Promise<void>;
  /** Gives the statement up after an error elsewhere; the transaction is lost. */
  abandon(): void;
};

/** PostgreSQL refused copied rows; `cause` says why, when it said so before the last row. */
export class CopyFailed extends Error {
  override name = 'CopyFailed';
}

/** One connection, one transaction: everything of an import or nothing. */
export async function inImportTransaction<T>(
  databaseUrl: string,
  work: (tx: ImportTransaction) => Promise<T>,
): Promise<T> {
  const sql = postgres(databaseUrl, {
    max: 1,
    fetch_types: false,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: {
      application_name: 'ringmaster import',
      // Longer than the silence after which a download is given up.
      idle_in_transaction_session_timeout: 120_000,
    },
  });
  try {
    return (await sql.begin(work)) as T;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Waits for other imports into the campaign, and tells whether it has no contacts yet. Two imports at once would
 * otherwise both copy, and the later one meet the earlier one's numbers only at its end.
 */
export async function openCampaignForImport(
  tx: ImportTransaction,
  campaignId: number,
): Promise<{ isEmpty: boolean }> {
  await tx`select pg_advisory_xact_lock(${IMPORT_LOCK}, ${campaignId})`;
  const [row] = await tx<[{ is_empty: boolean }]>`
    select not exists (select from contacts where campaign_id = ${campaignId}) as is_empty`;
  return { isEmpty: row.is_empty };
}

/** Makes the tables in which rows wait for their verdict; they vanish with the transaction. */
export async function createWaitingTables(tx: ImportTransaction): Promise<void> {
  await tx`create temp table import_rows (
    line_number integer, phone_number text, variable_values jsonb, custom_fields jsonb, own_zones text[],
    own_region text, consent_channel text, consent_at timestamptz(3), consent_method text, consent_wording text)
    on commit drop`;
  await tx`create temp table import_refused (
    id integer generated always as identity, reason text, line_number integer, phone_number text, variable_values jsonb, custom_fields jsonb) on commit drop`;
}

/** Has the planner look at the waiting rows: left to guess, it walked the table once per row (performance.md §2c). */
export async function analyzeWaiting(tx: ImportTransaction): Promise<void> {
  await tx`analyze import_rows`;
}

/** Copies straight into `contacts`: twice as fast as by way of another table, and only right in an empty campaign. */
export function copyIntoContacts(tx: ImportTransaction, roles: CopiedRoles): Copier {
  return createCopier(
    tx,
    () => tx`copy contacts (phone_number, line_number, variable_values, custom_fields${roleColumns(tx, roles)},
      campaign_id, import_id, next_attempt_at, created_at) from stdin`,
  );
}

/** Copies into the waiting table, from where the rows that are new go on. */
export function copyIntoWaiting(tx: ImportTransaction, roles: CopiedRoles): Copier {
  return createCopier(
    tx,
    () => tx`copy import_rows (phone_number, line_number, variable_values, custom_fields${roleColumns(tx, roles)})
      from stdin`,
  );
}

function roleColumns(tx: ImportTransaction, { hasPlaces, hasConsents }: CopiedRoles) {
  const places = hasPlaces ? tx`, own_zones, own_region` : tx``;
  const consents = hasConsents ? tx`, consent_channel, consent_at, consent_method, consent_wording` : tx``;
  return tx`${places}${consents}`;
}

/** Rows as COPY's text format, with the columns that every contact of the import shares, or without. */
export function copyText(
  rows: readonly CopyRow[],
  constants: CopyConstants | null,
  roles: CopiedRoles,
): string {
  const shared = constants
    ? `\t${constants.campaignId}\t${constants.importId}\t${constants.now}\t${constants.now}\n`
    : '\n';
  const hasRoles = roles.hasPlaces || roles.hasConsents;
  let text = '';
  for (const row of rows) {
    const own = hasRoles ? roleText(row.roles, roles) : '';
    text += `${row.phoneNumber}\t${row.line}\t${escaped(row.variableValues)}\t${escaped(row.customFields)}${own}${shared}`;
  }
  return text;
}

function roleText(said: CopyRoles | null, { hasPlaces, hasConsents }: CopiedRoles): string {
  const { place = null, consent = null } = said ?? {};
  const zones = place?.ownZones ? `{${place.ownZones.map((zone) => `"${zone}"`).join(',')}}` : null;
  const cells = [
    ...(hasPlaces ? [zones, place?.ownRegion] : []),
    ...(hasConsents ? [consent?.channel, consent?.givenAt, consent?.method, consent?.wording] : []),
  ];
  return cells.map((cell) => `\t${cell == null ? NULL : plainCell(cell)}`).join('');
}

const NULL = '\\N';

/** Text as people wrote it, which may hold anything. */
function plainCell(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

const IMPORT_LOCK = 0x696d70;

/** JSON text has no raw control characters, so the backslash is all that COPY would misread. */
function escaped(json: string): string {
  return json.includes('\\') ? json.replaceAll('\\', '\\\\') : json;
}

function createCopier(tx: ImportTransaction, statement: () => postgres.PendingQuery<postgres.Row[]>): Copier {
  let stream: Writable | null = null;
  let failure: unknown = null;
  const open = async () => {
    const opened = await statement().writable();
    opened.on('error', (error) => {
      failure ??= error;
    });
    return opened;
  };
  return {
    async write(text) {
      stream ??= await open();
      const target = stream;
      await new Promise<void>((resolve, reject) => {
        target.write(text, (error) =>
          error ? reject(new CopyFailed('', { cause: failure ?? error })) : resolve(),
        );
      });
      if (failure) throw new CopyFailed('', { cause: failure });
    },
    async close() {
      if (!stream) return;
      const closing = stream;
      stream = null;
      closing.end();
      // The driver forgets a COPY whose rows are all sent, and never tells of an error that comes after: only the
      // next statement of the transaction does. The stream lets go of the connection one turn after its end.
      await nextTurn();
      try {
        await tx`select 1`;
      } catch (error) {
        throw new CopyFailed('', { cause: failure ?? error });
      }
    },
    abandon() {
      stream?.destroy(new Error('the import was given up'));
      stream = null;
    },
  };
}
