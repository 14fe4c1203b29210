/** Limits of one file. A larger one is refused as a whole, with the limit in the sentence. */
export const FILE_LIMITS = {
  bytes: 200 * 1024 * 1024,
  rows: 1_000_000,
  columns: 200,
  /** A page of a thousand contacts has to fit into memory many times over. */
  rowBytes: 64 * 1024,
} as const;

/** Why a whole file is refused, each with the sentence a person gets. `{line}` is the line where it was noticed. */
export const FILE_PROBLEMS = {
  empty: 'This file is empty.',
  header_only: 'This file has a header and no rows below it.',
  excel_workbook:
    'This is an Excel workbook. Save it as CSV UTF-8 (File > Save As > CSV UTF-8) and load that file.',
  spreadsheet_document:
    'This is a spreadsheet document. Export it as CSV (File > Export or Download > CSV) and load that file.',
  document: 'This is a text document. Save the list as CSV and load that file.',
  archive: 'This is a compressed archive. Unpack it and load the CSV file.',
  html: 'This is a web page and not a list of contacts. If it came from a download, sign in there and download the file again.',
  xml: 'This is an XML file. Export the list as CSV or JSON and load that file.',
  pdf: 'This is a PDF. Export the list as CSV from where it was made and load that file.',
  image: 'This is an image. Load the list as a CSV file.',
  vcard: 'These are contact cards (vCard). Export the contacts as CSV and load that file.',
  binary: 'This is not a text file. Save the list as CSV UTF-8 and load that file.',
  nul_bytes:
    'This file holds NUL bytes, so it is damaged or not a text file. Save the list as CSV UTF-8 and load it again.',
  not_decodable:
    'The text is UTF-8 up to about line {line}, and something else from there on. Save the list as CSV UTF-8 and load it again.',
  no_phone_column:
    'No column of this file holds phone numbers. Name the column with the numbers phone_number and load the file again.',
  no_phone_chosen: 'No column was chosen for the phone number. Choose one and load the file again.',
  row_too_large:
    'The row that starts at line {line} is larger than 64 KB. Look for a quotation mark there that is opened and never closed.',
  quote_not_closed: 'A quotation mark in the row that starts at line {line} is opened and never closed.',
  unsafe_column:
    'This file has a field named __proto__, which no list of contacts needs and which programs can be tricked with. Rename or remove it and load the file again.',
  too_many_columns: 'This file has more than 200 columns. Remove those that no message needs.',
  too_many_rows: 'This file has more than 1,000,000 rows. Split it and load the parts one after the other.',
  too_large: 'This file is larger than 200 MB. Split it and load the parts one after the other.',
  json_no_list:
    'This JSON holds no list of contacts. It should be a list of objects, {"contacts": [...]}, or one object per line.',
  json_malformed: 'This JSON breaks off or is malformed near line {line}. Export it again and load it.',
} as const;

/** A code of `FILE_PROBLEMS`. */
export type FileProblem = keyof typeof FILE_PROBLEMS;

/** The whole file is refused; nothing of it is loaded. `message` is the sentence for the person. */
export class FileRefused extends Error {
  override name = 'FileRefused';
  readonly code: FileProblem;

  constructor(code: FileProblem, line = 1) {
    super(fileSentence(code, line));
    this.code = code;
  }
}

/** The sentence for a refused file. */
export function fileSentence(code: FileProblem, line = 1): string {
  return FILE_PROBLEMS[code].replace('{line}', String(line));
}
