import { FILE_PROBLEMS } from '#domain/contact-import/file-problems.ts';
import type { ChatFile } from '#ports/chat.ts';

const LISTS = /\.(csv|tsv|json|jsonl|ndjson)$/i;
const LIST_TYPES = new Set(['csv', 'tsv', 'json']);
const TEXTS = /\.txt$/i;

/** What a file is by its name, which is all that is known before it is read. */
export type FileNature = 'list' | 'maybe' | { sentence: string } | 'other';

/**
 * Judges a file by its name and the chat's own guess: a list is offered, a spreadsheet gets the sentence with the fix, and
 * anything else is nobody's business unless we were asked about it.
 */
export function natureOf({ name, fileType }: Pick<ChatFile, 'name' | 'fileType'>): FileNature {
  if (/\.(xlsx|xlsm|xlsb|xls)$/i.test(name)) return { sentence: FILE_PROBLEMS.excel_workbook };
  if (/\.(ods|numbers)$/i.test(name)) return { sentence: FILE_PROBLEMS.spreadsheet_document };
  if (LISTS.test(name) || LIST_TYPES.has(fileType)) return 'list';
  return TEXTS.test(name) ? 'maybe' : 'other';
}
