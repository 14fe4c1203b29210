import type { ColumnMapping } from '#domain/contact-import/mapping.ts';
import type { RowProblem } from '#domain/contact-import/row-judge.ts';

/** What a worker thread is told when it starts. Instants are ISO texts: the clock is not in the thread. */
export type ImportJob = {
  databaseUrl: string;
  importId: number;
  workspaceId: number;
  campaignId: number;
  fileName: string;
  mode: 'append' | 'replace';
  channels: ('voice' | 'sms')[];
  defaultCountry: string;
  /** What a person confirmed; empty to take the suggestion. */
  mapping: ColumnMapping[];
  startedAt: string;
  /** When contacts count as created, and from when on they are due. */
  now: string;
  /** Whether rows may be copied straight into an empty campaign; not after that failed once. */
  mayCopyDirectly: boolean;
};

/** How far an import is. The five verdicts add up to `rows`, blank rows not counted. */
export type ImportCounts = {
  rows: number;
  loaded: number;
  duplicates: number;
  existing: number;
  invalid: number;
  suppressed: number;
};

/** What came of an import that reached its end. */
export type ImportResult = {
  counts: ImportCounts;
  errors: { line: number; value: string; reason: RowProblem }[];
  reasons: { reason: string; rows: number }[];
};

/** How a run of the worker ended. `refused`: nothing was loaded, `sentence` says why. `superseded`: somebody gave it up. */
export type ImportEnd =
  | { kind: 'completed'; result: ImportResult }
  | { kind: 'refused'; sentence: string }
  | { kind: 'copy_failed'; cause: string }
  | { kind: 'superseded' };

/** From the thread. `pull` asks for one more piece of the file, `ready` for the instant to commit at. */
export type FromWorker =
  | { kind: 'pull' }
  | { kind: 'progress'; counts: ImportCounts }
  | { kind: 'ready' }
  | { kind: 'end'; end: ImportEnd };

/** To the thread. `broken`: the file stopped coming, `sentence` is for the person. */
export type ToWorker =
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'finished' }
  | { kind: 'broken'; sentence: string }
  | { kind: 'commit'; at: string };

/** How many pieces of the file may be on their way to the thread. */
export const PIECES_AHEAD = 6;
