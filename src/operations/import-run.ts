import {
  analyzeWaiting,
  type Copier,
  type CopyConstants,
  type CopyRow,
  copyIntoContacts,
  copyIntoWaiting,
  copyText,
  createWaitingTables,
  type ImportTransaction,
  openCampaignForImport,
} from '#db/copy-contacts.ts';
import {
  completeImport,
  deleteUntouched,
  holdCampaign,
  insertWaiting,
  leaveOutReplaced,
  readRefused,
  refuseExisting,
  refuseSuppressed,
  renewReplaced,
} from '#db/finish-import.ts';
import { noteConsents } from '#db/import-consents.ts';
import { FILE_LIMITS, FileRefused } from '#domain/contact-import/file-problems.ts';
import type { FileSample } from '#domain/contact-import/file-sample.ts';
import type { ColumnMapping } from '#domain/contact-import/mapping.ts';
import { createRowJudge, type RowJudge, type RowVerdict } from '#domain/contact-import/row-judge.ts';
import { type RoleColumns, roleColumns } from '#domain/contact-import/row-roles.ts';
import type { ImportCounts, ImportJob, ImportResult } from './import-protocol.ts';
import { createRejectKeeper, type RejectKeeper, rejectedByDatabase } from './import-rejects.ts';
import type { RowBatch, SourceRow } from './import-rows.ts';

/** What a run of an import hears and asks while it goes on. */
export type ImportWatcher = {
  onProgress(counts: ImportCounts): void;
  /** The instant at which the import ends; asked for when nothing but the commit is left. */
  completedAt(): Promise<string>;
};

/** The campaign began while the file was loading. */
export class CampaignStarted extends Error {
  override name = 'CampaignStarted';
}

/** The import was given up elsewhere while it ran. */
export class ImportSuperseded extends Error {
  override name = 'ImportSuperseded';
}

/**
 * Loads the rows of a file in one transaction: each is judged, the good ones are copied, and what only the database knows
 * (do-not-call entries, numbers in the campaign) is settled at the end. Straight into `contacts` when the campaign has
 * none, by way of a waiting table otherwise (performance.md §2c). Throws `FileRefused`, `CampaignStarted`,
 * `ImportSuperseded` or `CopyFailed`; nothing is loaded then.
 */
export async function runImport(
  tx: ImportTransaction,
  job: ImportJob,
  sample: FileSample,
  batches: AsyncIterable<RowBatch>,
  watcher: ImportWatcher,
): Promise<ImportResult> {
  const { isEmpty } = await openCampaignForImport(tx, job.campaignId);
  await createWaitingTables(tx);
  const roles = roleColumns(job.mapping);
  // Consents go on from the waiting table to a table of their own.
  const isDirect = isEmpty && job.mayCopyDirectly && !roles.hasConsents;
  const run: Run = {
    tx,
    job,
    isDirect,
    roles,
    judge: createRowJudge(job.mapping, job.defaultCountry, new Date(job.now)),
    copier: isDirect ? copyIntoContacts(tx, roles) : copyIntoWaiting(tx, roles),
    rejects: createRejectKeeper(tx, job.importId, sample.headers),
    counts: { rows: 0, loaded: 0, duplicates: 0, existing: 0, invalid: 0, suppressed: 0 },
    copied: 0,
  };
  try {
    await copyAll(run, batches, watcher);
  } catch (error) {
    run.copier.abandon();
    throw error;
  }
  await settle(run);
  return finish(run, await watcher.completedAt());
}

type Run = {
  tx: ImportTransaction;
  job: ImportJob;
  isDirect: boolean;
  roles: RoleColumns;
  judge: RowJudge;
  copier: Copier;
  rejects: RejectKeeper;
  counts: ImportCounts;
  /** Rows in the COPY statement that is under way. */
  copied: number;
};

// One statement for a million rows would have the counting trigger keep them all a second time.
const ROWS_PER_COPY = 50_000;

async function copyAll(run: Run, batches: AsyncIterable<RowBatch>, watcher: ImportWatcher): Promise<void> {
  const { counts, rejects } = run;
  for await (const { rows, newColumns } of batches) {
    for (const header of newColumns) run.judge.addColumn(header);
    const good = judgeRows(run, rows);
    const constants = run.isDirect ? constantsOf(run) : null;
    if (good.length > 0) await run.copier.write(copyText(good, constants, run.roles));
    run.copied += good.length;
    watcher.onProgress(counts);
    if (run.copied < ROWS_PER_COPY && !rejects.isFull()) continue;
    await run.copier.close();
    run.copied = 0;
    await rejects.flush();
  }
  await run.copier.close();
}

/** Judges rows in their order, counts the verdicts, sets the rejected ones aside and returns those to be copied. */
function judgeRows({ judge, counts, rejects }: Run, rows: readonly SourceRow[]): CopyRow[] {
  const good: CopyRow[] = [];
  for (const { line, cells } of rows) {
    const verdict = judge.judge(line, cells);
    if (verdict.kind === 'blank') continue;
    counts.rows += 1;
    if (counts.rows > FILE_LIMITS.rows) throw new FileRefused('too_many_rows');
    if (verdict.kind === 'loaded') {
      counts.loaded += 1;
      noteRemarks(rejects, verdict);
      good.push(verdict);
      continue;
    }
    if (verdict.reason === 'duplicate') counts.duplicates += 1;
    else counts.invalid += 1;
    const { reason, sentence, value } = verdict;
    rejects.add({ line, reason, sentence, value, cells: cells ?? [] });
  }
  return good;
}

function noteRemarks(rejects: RejectKeeper, { hasExtra, roles }: RowVerdict & { kind: 'loaded' }): void {
  if (hasExtra) rejects.note('extra_cells');
  for (const remark of roles?.remarks ?? []) rejects.note(remark);
}

function constantsOf({ job }: Run): CopyConstants {
  return { campaignId: job.campaignId, importId: job.importId, now: job.now };
}

/** What the database knows and the file does not: who must not be reached, who is there, whether the campaign is open. */
async function settle(run: Run): Promise<void> {
  const { tx, job, counts, isDirect, rejects } = run;
  const place = isDirect ? 'contacts' : 'import_rows';
  if (!isDirect) await analyzeWaiting(tx);
  counts.suppressed = await refuseSuppressed(tx, { ...job, rows: counts.loaded }, place);
  counts.loaded -= counts.suppressed;
  if (!(await holdCampaign(tx, job.campaignId))) throw new CampaignStarted();
  if (!isDirect) {
    const isReplacing = job.mode === 'replace';
    if (isReplacing) await deleteUntouched(tx, job.campaignId);
    const renewed = await renewReplaced(tx, job);
    if (isReplacing) await leaveOutReplaced(tx, job);
    const loaded = renewed + (await insertWaiting(tx, job));
    counts.existing = counts.loaded - loaded;
    counts.loaded = loaded;
    if (counts.existing > 0) await refuseExisting(tx, job.campaignId, job.importId);
  }
  if (run.roles.hasConsents)
    rejects.note('consent_noted', await noteConsents(tx, { ...job, sourceColumn: consentColumn(job) }));
  await keepRefused(run);
}

function consentColumn({ mapping }: ImportJob): string {
  const header = (field: string) => mapping.find(({ target }) => target === field)?.header;
  return header('consent_given') ?? header('consent_at') ?? '';
}

async function keepRefused({ tx, counts, rejects, judge }: Run): Promise<void> {
  if (counts.suppressed + counts.existing > 0) {
    for await (const page of readRefused(tx)) {
      for (const row of page) rejects.add(rejectedByDatabase(row, judge.mapping()));
      if (rejects.isFull()) await rejects.flush();
    }
  }
  await rejects.flush();
}

async function finish({ tx, job, counts, rejects, judge }: Run, completedAt: string): Promise<ImportResult> {
  const mapped = judge.mapping().filter((column) => column.variable !== null);
  const result = { counts, ...rejects.summary() };
  const isOurs = await completeImport(tx, {
    ...job,
    ...result,
    completedAt,
    mappings: Object.fromEntries(mapped.map((column) => [column.header, column.variable ?? ''])),
    variables: variablesOf(mapped),
  });
  if (!isOurs) throw new ImportSuperseded();
  return result;
}

/** What templates may say about the contacts of this file (campaign-api.md §1.3). */
function variablesOf(mapped: readonly ColumnMapping[]): string[] {
  const names = mapped
    .filter(({ target }) => target !== 'custom_field' && target !== 'ignore')
    .map(({ variable }) => variable ?? '');
  const hasNameParts = mapped.some(({ target }) => target === 'first_name' || target === 'last_name');
  return [...new Set([...names, 'phone_number', ...(hasNameParts ? ['name'] : [])])];
}
