import { type CampaignStatus, canImport } from '#domain/lifecycle.ts';
import type { ImportTransaction } from './copy-contacts.ts';

export type Channel = 'voice' | 'sms';

/** A row that had passed every check but those of the database. */
export type RefusedRow = {
  reason: 'do_not_call' | 'already_in_campaign';
  line_number: number;
  phone_number: string;
  variable_values: Record<string, string>;
  custom_fields: Record<string, string>;
};

/**
 * Sets aside the rows of people who are not to be reached on any channel that the campaign uses. Returns how many. The
 * smaller side leads: the list of suppressions is looked up in the contacts, or the contacts in the list.
 */
export async function refuseSuppressed(
  tx: ImportTransaction,
  input: {
    workspaceId: number;
    campaignId: number;
    importId: number;
    channels: readonly Channel[];
    rows: number;
  },
  place: 'contacts' | 'import_rows',
): Promise<number> {
  const { workspaceId, campaignId, channels } = input;
  const [{ entries, ranges }] = await tx<[{ entries: number; ranges: number }]>`
    select (select count(*)::int from (
        select from suppressions where workspace_id = ${workspaceId} and lifted_at is null limit ${input.rows + 1}) s) as entries,
      (select count(*)::int from suppression_prefixes
        where workspace_id = ${workspaceId} and lifted_at is null) as ranges`;
  if (entries + ranges === 0) return 0;
  // A campaign of calls and texts leaves out only whom it may reach on neither.
  const isSuppressed = (phoneNumber: ReturnType<typeof tx>) =>
    channels.map(
      (channel) => tx`and (exists (
        select from suppressions s where s.workspace_id = ${workspaceId} and s.phone_number = ${phoneNumber}
          and s.lifted_at is null and s.only_campaign_id is null and s.channel in ('all', ${channel}))
        or exists (
        select from suppressions s where s.only_campaign_id = ${campaignId} and s.phone_number = ${phoneNumber}
          and s.lifted_at is null and s.channel in ('all', ${channel}))
        ${ranges === 0 ? tx`` : inRange(tx, { workspaceId, campaignId, channel, phoneNumber })})`,
    );
  const ours =
    place === 'contacts'
      ? tx`r.campaign_id = ${input.campaignId} and r.import_id = ${input.importId}`
      : tx`true`;
  const narrowed =
    place === 'contacts' && entries <= input.rows && ranges === 0
      ? tx`and r.phone_number = any (array(
          select phone_number from suppressions where workspace_id = ${workspaceId} and lifted_at is null))`
      : tx``;
  const moved = await tx`
    with gone as (
      delete from ${tx(place)} r where ${ours} ${narrowed} ${isSuppressed(tx`r.phone_number`)}
      returning line_number, phone_number, variable_values, custom_fields)
    insert into import_refused (reason, line_number, phone_number, variable_values, custom_fields)
    select 'do_not_call', * from gone`;
  return moved.count;
}

function inRange(
  tx: ImportTransaction,
  about: {
    workspaceId: number;
    campaignId: number;
    channel: Channel;
    phoneNumber: ReturnType<ImportTransaction>;
  },
) {
  return tx`or exists (
    select from suppression_prefixes p where p.workspace_id = ${about.workspaceId} and p.lifted_at is null
      and (p.only_campaign_id is null or p.only_campaign_id = ${about.campaignId})
      and p.channel in ('all', ${about.channel}) and starts_with(${about.phoneNumber}, p.prefix))`;
}

/** Locks the campaign until the commit; false when it may not take contacts any more. */
export async function holdCampaign(tx: ImportTransaction, campaignId: number): Promise<boolean> {
  const [row] = await tx<{ status: CampaignStatus }[]>`
    select status from campaigns where id = ${campaignId} for no key update`;
  return row !== undefined && canImport(row.status);
}

type Loading = { campaignId: number; importId: number; now: string };

/**
 * Deletes what earlier files brought and nobody was contacted for (campaign-api.md §7.6), but for contacts with whose values
 * somebody tried the campaign on themselves: the ledger holds on to them. Those are locked, because what is done to them
 * next comes after the counts.
 */
export async function deleteUntouched(tx: ImportTransaction, campaignId: number): Promise<void> {
  await tx`
    select from contacts c where ${isUntouched(tx, campaignId)}
      and c.id in (select contact_id from attempts where campaign_id = ${campaignId})
    order by c.id for no key update`;
  await tx`
    delete from contacts c where ${isUntouched(tx, campaignId)}
      and not exists (select from attempts a where a.contact_id = c.id)`;
}

/**
 * Gives contacts that had to stay what the file says of their numbers, as if they were new; of those that it replaces, or
 * of those alone that an earlier file replaced. Returns how many.
 */
export async function renewReplaced(
  tx: ImportTransaction,
  { campaignId, importId, now, mode }: Loading & { mode: 'append' | 'replace' },
): Promise<number> {
  const renewed = await tx`
    update contacts c set import_id = ${importId}::int, line_number = r.line_number, variable_values = r.variable_values,
      custom_fields = r.custom_fields, own_zones = r.own_zones, own_region = r.own_region, status = 'pending',
      skip_reason = null, wait_reason = null, next_attempt_at = ${now}::timestamptz, created_at = ${now}::timestamptz
    from import_rows r
    where ${isUntouched(tx, campaignId)} and c.phone_number = r.phone_number
      ${mode === 'replace' ? tx`` : tx`and c.status = 'skipped' and c.skip_reason = 'replaced'`}`;
  return renewed.count;
}

/** Leaves out, without what was known of them, those who had to stay and whom the file does not name. */
export async function leaveOutReplaced(
  tx: ImportTransaction,
  { campaignId, importId }: Pick<Loading, 'campaignId' | 'importId'>,
): Promise<void> {
  await tx`
    update contacts c set status = 'skipped', skip_reason = 'replaced', wait_reason = null, next_attempt_at = null,
      line_number = null, variable_values = '{}', custom_fields = '{}', own_zones = null, own_region = null
    where ${isUntouched(tx, campaignId)} and c.import_id is distinct from ${importId}
      and c.skip_reason is distinct from 'replaced'`;
}

function isUntouched(tx: ImportTransaction, campaignId: number) {
  return tx`c.campaign_id = ${campaignId} and c.status in ('pending', 'skipped') and c.attempts = 0 and c.last_n = 0`;
}

/** Makes contacts of the waiting rows; numbers that are there already stay as they are. Returns how many are new. */
export async function insertWaiting(tx: ImportTransaction, input: Loading): Promise<number> {
  const inserted = await tx`
    insert into contacts (campaign_id, import_id, phone_number, line_number, variable_values, custom_fields,
      own_zones, own_region, next_attempt_at, created_at)
    select ${input.campaignId}::int, ${input.importId}::int, phone_number, line_number, variable_values, custom_fields,
      own_zones, own_region, ${input.now}::timestamptz, ${input.now}::timestamptz
    from import_rows
    on conflict (campaign_id, phone_number) do nothing`;
  return inserted.count;
}

/** Sets aside the waiting rows whose number was in the campaign before. */
export async function refuseExisting(
  tx: ImportTransaction,
  campaignId: number,
  importId: number,
): Promise<void> {
  await tx`
    insert into import_refused (reason, line_number, phone_number, variable_values, custom_fields)
    select 'already_in_campaign', r.line_number, r.phone_number, r.variable_values, r.custom_fields
    from import_rows r join contacts c on c.campaign_id = ${campaignId} and c.phone_number = r.phone_number
    where c.import_id is distinct from ${importId}`;
}

/** The rows that were set aside, a page at a time, in the order of the file. */
export async function* readRefused(tx: ImportTransaction): AsyncGenerator<RefusedRow[]> {
  await tx`create index on import_refused (line_number, id)`;
  for (let after = { line_number: -1, id: -1 }; ; ) {
    const page = await tx<(RefusedRow & { id: number })[]>`
      select * from import_refused where (line_number, id) > (${after.line_number}::int, ${after.id}::int)
      order by line_number, id limit 2000`;
    const last = page.at(-1);
    if (!last) return;
    after = last;
    yield page;
  }
}

/** Keeps a piece of the file of rejected rows. */
export async function saveRejects(
  tx: ImportTransaction,
  importId: number,
  seq: number,
  csv: string,
): Promise<void> {
  await tx`insert into import_rejects (import_id, seq, csv) values (${importId}, ${seq}, ${csv})`;
}

export type FinishedImport = {
  importId: number;
  campaignId: number;
  /** When this run of the import began: the token that a run which was given up no longer holds. */
  startedAt: string;
  completedAt: string;
  fileName: string;
  counts: {
    rows: number;
    loaded: number;
    duplicates: number;
    existing: number;
    invalid: number;
    suppressed: number;
  };
  errors: { line: number; value: string; reason: string }[];
  reasons: { reason: string; rows: number }[];
  mappings: Record<string, string>;
  variables: string[];
};

/**
 * Writes the end of the import in the transaction of its contacts, so that both are there or neither. False when the
 * import was given up in the meantime, and the transaction has to be rolled back.
 */
export async function completeImport(tx: ImportTransaction, done: FinishedImport): Promise<boolean> {
  const { counts } = done;
  const finished = await tx`
    update imports set status = 'completed', row_count = ${counts.rows}, imported_count = ${counts.loaded},
      duplicate_count = ${counts.duplicates}, existing_count = ${counts.existing}, invalid_count = ${counts.invalid},
      suppressed_count = ${counts.suppressed}, errors = ${tx.json(done.errors)}, reasons = ${tx.json(done.reasons)},
      lease_until = null, completed_at = ${done.completedAt}
    where id = ${done.importId} and status = 'processing' and started_at = ${done.startedAt}`;
  if (finished.count !== 1) return false;
  await tx`
    update campaigns set last_import_file_name = ${done.fileName}, last_import_at = ${done.completedAt},
      last_import_row_count = ${counts.loaded}, updated_at = ${done.completedAt},
      variable_mappings = variable_mappings || ${tx.json(done.mappings)},
      available_variables = (
        select coalesce(array_agg(name order by first_at), '{}') from (
          select name, min(position) as first_at
          from unnest(available_variables || array(select jsonb_array_elements_text(${tx.json(done.variables)})))
            with ordinality as u(name, position)
          group by name) names)
    where id = ${done.campaignId}`;
  return true;
}
