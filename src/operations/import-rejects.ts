import type { ImportTransaction } from '#db/copy-contacts.ts';
import { type RefusedRow, saveRejects } from '#db/finish-import.ts';
import type { ColumnMapping } from '#domain/contact-import/mapping.ts';
import { type RejectedRow, rejectHeader, rejectLine } from '#domain/contact-import/reject-csv.ts';
import { ROW_PROBLEMS, type RowProblem, type RowRemark } from '#domain/contact-import/row-judge.ts';
import type { ImportResult } from './import-protocol.ts';

/** Gathers the rows that are not loaded: a file of them, kept in pieces, the first few, and how many for each reason. */
export type RejectKeeper = {
  add(row: RejectedRow & { reason: RowProblem }): void;
  /** Counts rows that are loaded although something about them should be known. */
  note(remark: RowRemark, rows?: number): void;
  /** Whether enough has gathered that it should be written before more comes. */
  isFull(): boolean;
  /** Writes what has gathered; no COPY may be under way. */
  flush(): Promise<void>;
  summary(): Pick<ImportResult, 'errors' | 'reasons'>;
};

/** A keeper for one import; what it writes vanishes with the transaction. */
export function createRejectKeeper(
  tx: ImportTransaction,
  importId: number,
  headers: readonly string[],
): RejectKeeper {
  let csv = '';
  let seq = 0;
  const errors: ImportResult['errors'] = [];
  const rowsByReason = new Map<RowProblem | RowRemark, number>();
  return {
    add(row) {
      if (seq === 0 && csv === '') csv = rejectHeader(headers);
      csv += rejectLine(row);
      if (errors.length < FIRST_ERRORS) errors.push({ line: row.line, value: row.value, reason: row.reason });
      rowsByReason.set(row.reason, (rowsByReason.get(row.reason) ?? 0) + 1);
    },
    note(remark, rows = 1) {
      if (rows > 0) rowsByReason.set(remark, (rowsByReason.get(remark) ?? 0) + rows);
    },
    isFull: () => csv.length >= PIECE_LENGTH,
    async flush() {
      if (csv === '') return;
      const piece = csv;
      csv = '';
      await saveRejects(tx, importId, seq, piece);
      seq += 1;
    },
    summary: () => ({
      errors,
      reasons: [...rowsByReason]
        .map(([reason, rows]) => ({ reason, rows }))
        .sort((a, b) => b.rows - a.rows || a.reason.localeCompare(b.reason)),
    }),
  };
}

/** A row that only the database could refuse, put together again from what was stored of it. */
export function rejectedByDatabase(
  row: RefusedRow,
  mapping: readonly ColumnMapping[],
): RejectedRow & { reason: RowProblem } {
  return {
    line: row.line_number,
    value: row.phone_number,
    reason: row.reason,
    sentence: ROW_PROBLEMS[row.reason],
    cells: mapping.map(({ target, variable }) => {
      if (target === 'phone_number') return row.phone_number;
      if (variable === null) return '';
      return (target === 'custom_field' ? row.custom_fields : row.variable_values)[variable] ?? '';
    }),
  };
}

const FIRST_ERRORS = 20;
const PIECE_LENGTH = 256 * 1024;
