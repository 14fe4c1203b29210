import { toE164 } from '#domain/phone.ts';
import { columnHeader, foldHeader, freeName, isVariableName, variableName } from './columns.ts';
import { HEADER_ALIASES, type KnownField, NEIGHBOUR_ALIASES } from './header-aliases.ts';
import { isRejectColumn } from './reject-csv.ts';
import { consentRole, fitsRole } from './role-guess.ts';

/** What becomes of a column: a field with a meaning, a variable for templates, kept aside, or left out. */
export type ColumnTarget = KnownField | 'variable' | 'custom_field' | 'ignore';

/** One column of a file. `variable` is the name under which its values are stored; null when they are not. */
export type ColumnMapping = {
  index: number;
  header: string;
  target: ColumnTarget;
  variable: string | null;
  /** The first three values that are not blank. */
  samples: string[];
};

/** What a person confirmed for a column earlier. */
export type RememberedColumn = Pick<ColumnMapping, 'header' | 'target' | 'variable'>;

/**
 * Guesses what each column is: as confirmed for the same headers before, else by the header's name, else, for phone
 * numbers and addresses, by what stands in the column. Every other column is a variable (campaign-api.md §7.7).
 */
export function suggestMapping(
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[],
  defaultCountry: string,
  remembered: readonly RememberedColumn[] | null = null,
): ColumnMapping[] {
  const columns = headers.map((header, index) => ({ index, header, values: valuesOf(sampleRows, index) }));
  const targets =
    remembered && isSameHeader(headers, remembered)
      ? remembered.map((column) => ({ target: column.target, variable: column.variable }))
      : guessTargets(columns, defaultCountry);
  return columns.map(({ index, header, values }) => ({
    index,
    header,
    target: targets[index]?.target ?? 'variable',
    variable: targets[index]?.variable ?? null,
    samples: values.slice(0, 3),
  }));
}

/** What the mapping of a column that turns up later (a new key in a JSON file) is: a variable with a free name. */
export function laterColumn(header: string, index: number, mapping: readonly ColumnMapping[]): ColumnMapping {
  const taken = new Set(mapping.flatMap((column) => column.variable ?? []));
  return {
    index,
    header,
    target: 'variable',
    variable: freeName(variableName(header, index), taken),
    samples: [],
  };
}

/** What is wrong with a mapping that a person put together, each a sentence; empty when it can be used. */
export function mappingProblems(mapping: readonly ColumnMapping[]): string[] {
  const problems: string[] = [];
  for (const field of SINGLE_FIELDS) {
    const count = mapping.filter((column) => column.target === field).length;
    if (count > 1) problems.push(`${count} columns are mapped to ${FIELD_NAMES[field]}; keep one.`);
  }
  if (!mapping.some((column) => column.target === 'phone_number')) {
    problems.push('Choose the column that holds the phone numbers.');
  }
  const hasConsent = mapping.some(({ target }) => target === 'consent_at' || target === 'consent_given');
  if (!hasConsent && mapping.some((column) => column.target.startsWith('consent_'))) {
    problems.push(
      'Choose the column that says whether or when they consented, or leave the others as variables.',
    );
  }
  const names = mapping.flatMap((column) => (isNamed(column.target) ? (column.variable ?? '') : []));
  for (const name of names) {
    if (!isVariableName(name) || isNamedField(name)) {
      problems.push(
        `"${name}" cannot be the name of a variable. Use letters, digits and _, starting with a letter.`,
      );
    }
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`Two columns are named "${twice}"; give each its own name.`);
  return problems;
}

/** Whether a cell is an e-mail address. None is longer than 254 characters, and a longer cell would take seconds to judge. */
export function isEmail(cell: string): boolean {
  const text = cell.trim();
  return text.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

/** What people call the fields. */
export const FIELD_NAMES: Record<KnownField, string> = {
  phone_number: 'phone number',
  name: 'name',
  first_name: 'first name',
  last_name: 'last name',
  email: 'e-mail',
  company: 'company',
  time_zone: 'time zone',
  postcode: 'ZIP or postcode',
  state: 'state',
  country: 'country',
  consent_at: 'consent: date, or yes and no',
  consent_given: 'consent: yes or no',
  consent_method: 'consent: how it was given',
  consent_wording: 'consent: its wording',
  consent_channel: 'consent: calls, texts or both',
};

/** The fields under whose own names templates see a value, whatever the file calls its column. */
export const NAMED_FIELDS = ['phone_number', 'name', 'first_name', 'last_name', 'email', 'company'] as const;

/**
 * The name under which a column's values are stored. Columns about place and consent keep the name of the file, because a
 * message says `{{ zip }}` when the file does; the same goes for variables. Never one of `taken`.
 */
export function storedName(
  column: Pick<ColumnMapping, 'header' | 'index' | 'variable'>,
  target: ColumnTarget,
  taken: ReadonlySet<string>,
): string | null {
  if (target === 'ignore') return null;
  if (isNamedField(target)) return target;
  const kept = column.variable !== null && !isNamedField(column.variable) ? column.variable : null;
  return freeName(kept ?? variableName(column.header, column.index), taken);
}

type Column = { index: number; header: string; values: string[] };
type Target = { target: ColumnTarget; variable: string | null };

function isNamedField(target: string): boolean {
  return NAMED_FIELDS.some((field) => field === target);
}

const SINGLE_FIELDS = Object.keys(FIELD_NAMES) as KnownField[];
const FIELD_OF_ALIAS = new Map(
  SINGLE_FIELDS.flatMap((field) =>
    HEADER_ALIASES[field].map((alias, rank) => [foldHeader(alias), { field, rank }] as const),
  ),
);

function valuesOf(rows: readonly (readonly string[])[], index: number): string[] {
  return rows.map((row) => row[index]?.trim() ?? '').filter((value) => value !== '');
}

function isSameHeader(headers: readonly string[], remembered: readonly RememberedColumn[]): boolean {
  return (
    headers.length === remembered.length &&
    headers.every((header, index) => foldHeader(header) === foldHeader(remembered[index]?.header ?? ''))
  );
}

/** Whether the values are stored under a name that is not the field's. */
function isNamed(target: ColumnTarget): boolean {
  return target !== 'ignore' && !isNamedField(target);
}

function guessTargets(columns: readonly Column[], defaultCountry: string): Target[] {
  const fields = fieldsByHeader(columns, defaultCountry);
  const phone = bestPhoneColumn(columns, fields, defaultCountry);
  if (phone !== null) fields.set(phone, 'phone_number');
  if (![...fields.values()].includes('email')) {
    const email = columns.find((column) => !fields.has(column.index) && share(column, isEmail) > 0.5);
    if (email) fields.set(email.index, 'email');
  }
  if (columns.every((column) => column.header === columnHeader(column.index))) {
    const name = columns.find((column) => !fields.has(column.index) && share(column, isName) > 0.6);
    if (name) fields.set(name.index, 'name');
  }
  const taken = new Set<string>(NAMED_FIELDS);
  return columns.map(({ index, header, values }) => {
    const field = fields.get(index);
    const isLeftOut = isRejectColumn(header) || isVoid({ index, header, values });
    const target = field ?? (isLeftOut ? 'ignore' : 'variable');
    const variable = storedName({ index, header, variable: null }, target, taken);
    if (variable !== null) taken.add(variable);
    return { target, variable };
  });
}

/** The likeliest column for each field but the phone number, of which every candidate is kept for a closer look. */
function fieldsByHeader(columns: readonly Column[], defaultCountry: string): Map<number, KnownField> {
  const folded = columns.map((column) => foldHeader(column.header));
  const best = new Map<KnownField, { index: number; rank: number }>();
  folded.forEach((header, index) => {
    const neighbour = NEIGHBOUR_ALIASES.find(
      (alias) => alias.header === header && alias.beside.some((other) => folded.includes(other)),
    );
    const alias = neighbour ? { field: neighbour.field, rank: 0 } : FIELD_OF_ALIAS.get(header);
    if (!alias || alias.field === 'phone_number') return;
    const { values = [] } = columns[index] ?? {};
    const field = consentRole(alias.field, values, defaultCountry);
    if (!fitsRole(field, values, defaultCountry)) return;
    const rival = best.get(field);
    if (!rival || alias.rank < rival.rank) best.set(field, { index, rank: alias.rank });
  });
  const hasConsent = best.has('consent_at') || best.has('consent_given');
  const found = [...best].filter(([field]) => hasConsent || !field.startsWith('consent_'));
  return new Map(found.map(([field, { index }]) => [index, field]));
}

/** Among the columns named like a phone number the one with most of them; else the one that holds them. */
function bestPhoneColumn(
  columns: readonly Column[],
  fields: ReadonlyMap<number, KnownField>,
  defaultCountry: string,
): number | null {
  const isPhone = (value: string) => /\d{5}|(?:\d\D*){7}/.test(value) && toE164(value, defaultCountry).ok;
  const scored = columns
    .filter((column) => !fields.has(column.index) && !isRejectColumn(column.header))
    .map((column) => {
      const alias = FIELD_OF_ALIAS.get(foldHeader(column.header));
      const rank = alias?.field === 'phone_number' ? alias.rank : null;
      return { index: column.index, rank, share: share(column, isPhone) };
    });
  const named = scored.filter((column) => column.rank !== null);
  const byShare = (a: (typeof scored)[number], b: (typeof scored)[number]) =>
    b.share - a.share || (a.rank ?? 0) - (b.rank ?? 0) || a.index - b.index;
  const bestNamed = named.sort(byShare)[0];
  const bestFound = scored.filter((column) => column.share >= 0.5).sort(byShare)[0];
  if (bestNamed && (bestNamed.share > 0 || !bestFound)) return bestNamed.index;
  return bestFound?.index ?? null;
}

function share(column: Column, test: (value: string) => boolean): number {
  return column.values.length === 0 ? 0 : column.values.filter(test).length / column.values.length;
}

function isName(value: string): boolean {
  return /^\p{L}[\p{L}\p{M}.'’ -]{1,60}$/u.test(value);
}

/** A column that a spreadsheet wrote because a cell far right was touched once. */
function isVoid(column: Column): boolean {
  return foldHeader(column.header) === '' && column.values.length === 0;
}
