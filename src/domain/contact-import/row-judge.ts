import { PHONE_PROBLEMS, type PhoneProblem, toE164 } from '#domain/phone.ts';
import { type ColumnMapping, laterColumn } from './mapping.ts';
import { createRoleReader, type RowRoles } from './row-roles.ts';
import { createSeenNumbers } from './seen-numbers.ts';

/** Why a row is not loaded. */
export type RowProblem = PhoneProblem | 'duplicate' | 'already_in_campaign' | 'do_not_call' | 'unreadable';

/** Why a row is not loaded, each with the sentence a person gets. */
export const ROW_PROBLEMS: Record<RowProblem, string> = {
  ...PHONE_PROBLEMS,
  duplicate: 'The same number stands higher up in the file; the first of them counts.',
  already_in_campaign: 'This number is already in the campaign.',
  do_not_call: 'This number is on the do-not-call list.',
  unreadable: 'This entry is not a JSON object with the fields of a contact.',
};

/** What should be known about rows that are loaded all the same. */
export const ROW_REMARKS = {
  extra_cells: 'Loaded, but without the cells that stand beyond the last column of the header.',
  place_unreadable:
    'Loaded, but where they are cannot be read from the row, so nobody contacts them. Mend the column and load the row again.',
  consent_unreadable: 'Loaded without consent: what the row says about it is neither a day nor a yes or no.',
  consent_refused: 'Loaded without consent: the row says no.',
  consent_noted: 'Consent noted, as the row says.',
} as const;

/** A code of `ROW_REMARKS`. */
export type RowRemark = keyof typeof ROW_REMARKS;

/** The sentence for a code of `ROW_PROBLEMS` or `ROW_REMARKS`, as an import stores them. */
export function reasonSentence(code: string): string {
  const sentences: Record<string, string> = { ...ROW_PROBLEMS, ...ROW_REMARKS };
  return Object.hasOwn(sentences, code) ? (sentences[code] ?? code) : code;
}

/**
 * What becomes of one row. `variableValues` and `customFields` are JSON texts. A blank row counts for nothing. `hasExtra`
 * marks a row with more cells than columns: it is judged by those that have one.
 */
export type RowVerdict =
  | {
      kind: 'loaded';
      line: number;
      phoneNumber: string;
      variableValues: string;
      customFields: string;
      hasExtra: boolean;
      /** What columns about place and consent say; null when the file has none. */
      roles: RowRoles | null;
    }
  | { kind: 'rejected'; reason: RowProblem; sentence: string; value: string }
  | { kind: 'blank' };

/** Judges the rows of one file in their order. */
export type RowJudge = {
  /** `line` is where the row starts, or its place in a JSON list; `cells` is null when the entry could not be read. */
  judge(line: number, cells: readonly string[] | null): RowVerdict;
  /** Takes on a column that only turned up now, as a variable. */
  addColumn(header: string): void;
  /** The columns as they are by now. */
  mapping(): readonly ColumnMapping[];
};

/**
 * A judge for one file: normalises the phone number, keeps the first of several rows with one number, and stores every
 * mapped value that is not blank. A first and a last name make a name when no column holds one. `now` bounds the days on
 * which somebody can have consented.
 */
export function createRowJudge(
  mapping: readonly ColumnMapping[],
  defaultCountry: string,
  now: Date,
): RowJudge {
  const columns = [...mapping];
  const phoneIndex = columns.find((column) => column.target === 'phone_number')?.index ?? -1;
  const values = createWriter(columns.filter((column) => !NOT_A_VALUE.has(column.target)));
  const customs = createWriter(columns.filter((column) => column.target === 'custom_field'));
  const nameOf = nameWriter(columns);
  const rolesOf = createRoleReader(columns, defaultCountry, now);
  const seen = createSeenNumbers();
  let width = columns.length;

  return {
    judge(line, cells) {
      if (cells === null) return rejected('unreadable', '');
      if (cells.every(isBlank)) return BLANK;
      const value = cells[phoneIndex] ?? '';
      const phone = toE164(value, defaultCountry);
      if (!phone.ok) return rejected(phone.reason, value);
      const first = seen.firstLineOf(phone.phoneNumber, line);
      if (first !== null) {
        return {
          ...rejected('duplicate', value),
          sentence: `The same number stands in line ${first}, which counts.`,
        };
      }
      return {
        kind: 'loaded',
        line,
        phoneNumber: phone.phoneNumber,
        variableValues: values.write(cells, nameOf(cells)),
        customFields: customs.write(cells, ''),
        roles: rolesOf?.(cells, phone.country) ?? null,
        hasExtra: cells.length > width && cells.slice(width).some((cell) => !isBlank(cell)),
      };
    },
    addColumn(header) {
      const column = laterColumn(header, columns.length, columns);
      columns.push(column);
      values.add(column);
      width = columns.length;
    },
    mapping: () => columns,
  };
}

const BLANK = { kind: 'blank' } as const;
const NOT_A_VALUE = new Set(['phone_number', 'custom_field', 'ignore']);
const LONGEST_VALUE = 200;

function rejected(reason: RowProblem, value: string) {
  return {
    kind: 'rejected',
    reason,
    sentence: ROW_PROBLEMS[reason],
    // The cut may halve a character, which the database does not store.
    value: value.slice(0, LONGEST_VALUE).toWellFormed(),
  } as const;
}

function isBlank(cell: string): boolean {
  return cell === '' || cell.trim() === '';
}

/** Writes cells as the text of a JSON object: keys are quoted once, and no object with a stranger's keys ever exists. */
function createWriter(columns: readonly ColumnMapping[]) {
  const fields = columns.flatMap(fieldOf);
  return {
    write(cells: readonly string[], start: string): string {
      let text = start;
      for (const { index, key } of fields) {
        const value = cells[index]?.trim();
        if (value) text += (text === '' ? key : `,${key}`) + jsonText(value);
      }
      return `{${text}}`;
    },
    add: (column: ColumnMapping) => fields.push(...fieldOf(column)),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON has to escape.
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/;

/** The same as `JSON.stringify`, which costs several times more and finds nothing to do in most cells. */
function jsonText(value: string): string {
  return NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`;
}

function fieldOf({ index, variable }: ColumnMapping): { index: number; key: string }[] {
  return variable === null ? [] : [{ index, key: `${JSON.stringify(variable)}:` }];
}

/** The `name` field of the JSON text when only first and last names have columns, else nothing. */
function nameWriter(columns: readonly ColumnMapping[]): (cells: readonly string[]) => string {
  const parts = (['first_name', 'last_name'] as const).flatMap((target) =>
    columns.filter((column) => column.target === target),
  );
  if (parts.length === 0 || columns.some((column) => column.variable === 'name')) return () => '';
  return (cells) => {
    const name = parts
      .map((column) => cells[column.index]?.trim() ?? '')
      .filter((part) => part !== '')
      .join(' ');
    return name === '' ? '' : `"name":${JSON.stringify(name)}`;
  };
}
