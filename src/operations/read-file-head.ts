import { readColumnMapping } from '#db/imports.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { headerFingerprint } from '#domain/contact-import/columns.ts';
import type { Delimiter } from '#domain/contact-import/csv-splitter.ts';
import type { Encoding } from '#domain/contact-import/encoding.ts';
import {
  FILE_LIMITS,
  type FileProblem,
  FileRefused,
  fileSentence,
} from '#domain/contact-import/file-problems.ts';
import {
  type FileBeginning,
  type FileSample,
  HEAD_BYTES,
  readSample,
} from '#domain/contact-import/file-sample.ts';
import { type ColumnMapping, suggestMapping } from '#domain/contact-import/mapping.ts';
import { FileUnavailable } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/**
 * What the first bytes of a file tell about it. `problem` says why it cannot be loaded; with `no_phone_column` the rest
 * is there all the same, so that a person can choose the column.
 */
export type FileHead = {
  fileName: string;
  kind: 'csv' | 'json' | 'ndjson' | null;
  encoding: Encoding | null;
  delimiter: Delimiter | null;
  hasHeader: boolean;
  headers: string[];
  sampleRows: string[][];
  /** As confirmed for the same headers before, else as guessed. */
  mapping: ColumnMapping[];
  isRemembered: boolean;
  fingerprint: string;
  problem: { code: FileProblem | 'unavailable'; sentence: string } | null;
};

/**
 * Looks at the beginning of a file in the chat and suggests what its columns are. Never throws for what is wrong with the
 * file; throws `ChatUnavailable` when the chat cannot be asked.
 */
export async function readFileHead(
  deps: Pick<Deps, 'db' | 'chat'>,
  { workspaceId, fileId }: { workspaceId: number; fileId: string },
): Promise<FileHead> {
  try {
    const { name, size, stream } = await deps.chat.downloadFile(fileId);
    if (size > FILE_LIMITS.bytes)
      return unreadable({ code: 'too_large', sentence: fileSentence('too_large') });
    const beginning = await takeHead(stream);
    return await understandFile(deps, { workspaceId, fileName: name, beginning, isRememberedWanted: true });
  } catch (error) {
    if (error instanceof FileUnavailable) return unreadable({ code: 'unavailable', sentence: error.message });
    throw error;
  }
}

/**
 * What the first bytes of a file tell. `isRememberedWanted`: columns are what somebody confirmed them to be for the same
 * headers before, when anybody did. Never throws for what is wrong with the file.
 */
export async function understandFile(
  deps: Pick<Deps, 'db'>,
  file: { workspaceId: number; fileName: string; beginning: FileBeginning; isRememberedWanted?: boolean },
): Promise<FileHead> {
  const { workspaceId, fileName, beginning, isRememberedWanted = false } = file;
  const workspace = await readWorkspace(deps.db, workspaceId);
  const defaultCountry = workspace?.defaultCountry ?? 'US';
  try {
    const sample = readSample(beginning, defaultCountry);
    const fingerprint = headerFingerprint(sample.headers);
    const remembered = isRememberedWanted ? await readColumnMapping(deps.db, workspaceId, fingerprint) : null;
    const mapping = suggestMapping(sample.headers, sample.rows, defaultCountry, remembered);
    return {
      ...describe(fileName, sample),
      mapping,
      isRemembered: remembered !== null,
      fingerprint,
      problem: phoneProblem(mapping),
    };
  } catch (error) {
    if (error instanceof FileRefused) return unreadable({ code: error.code, sentence: error.message });
    throw error;
  }
}

const SHOWN_ROWS = 5;

async function takeHead(stream: AsyncIterable<Uint8Array>): Promise<FileBeginning> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    pieces.push(piece);
    length += piece.length;
    if (length >= HEAD_BYTES) return { bytes: Buffer.concat(pieces), isWhole: false };
  }
  return { bytes: Buffer.concat(pieces), isWhole: true };
}

function describe(fileName: string, { decoding, format, headers, rows }: FileSample) {
  const isLines = format.kind === 'json' && format.shape === 'lines';
  return {
    fileName,
    kind: isLines ? ('ndjson' as const) : format.kind,
    encoding: decoding.encoding,
    delimiter: format.kind === 'csv' ? format.delimiter : null,
    hasHeader: format.kind === 'csv' && format.hasHeader,
    headers,
    sampleRows: rows.slice(0, SHOWN_ROWS),
  };
}

function phoneProblem(mapping: readonly ColumnMapping[]): FileHead['problem'] {
  if (mapping.some((column) => column.target === 'phone_number')) return null;
  return { code: 'no_phone_column', sentence: fileSentence('no_phone_column') };
}

function unreadable(problem: NonNullable<FileHead['problem']>): FileHead {
  return {
    fileName: '',
    kind: null,
    encoding: null,
    delimiter: null,
    hasHeader: false,
    headers: [],
    sampleRows: [],
    mapping: [],
    isRemembered: false,
    fingerprint: '',
    problem,
  };
}
