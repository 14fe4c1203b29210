import { foldHeader } from './columns.ts';
import { type ColumnMapping, type ColumnTarget, FIELD_NAMES, NAMED_FIELDS, storedName } from './mapping.ts';

/** A mapping as a client sends it: header → field or variable (campaign-api §2.1). */
export type GivenMapping = Readonly<Record<string, string>>;

/**
 * Puts a client's mapping over the suggested one. A header is found as it stands in the file or, failing that, however
 * its words are joined. A value that is one of our fields means that field, `ignore` or nothing leaves the column out,
 * `custom_fields.x` sets it aside as `x`, and any other value is the name of a variable. A column that is not mentioned
 * stays as suggested, but gives way: its field to the column that was given it, its name to one that was chosen.
 * `problems` are sentences; the mapping cannot be used when there are any.
 */
export function applyGivenMapping(
  suggested: readonly ColumnMapping[],
  given: GivenMapping,
): { mapping: ColumnMapping[]; problems: string[] } {
  const { choices, problems } = findColumns(suggested, given);
  const targets = targetsOf(suggested, choices);
  const taken = new Set<string>(NAMED_FIELDS);
  for (const { variable } of choices.values()) if (variable !== null) taken.add(variable);
  const mapping = suggested.map((column) => {
    const target = targets.get(column.index) ?? column.target;
    const variable = choices.get(column.index)?.variable ?? storedName(column, target, taken);
    if (variable !== null) taken.add(variable);
    return { ...column, target, variable };
  });
  return { mapping, problems };
}

/** What was said of a column; a `variable` of null takes the field's own name, or the header's. */
type Choice = { target: ColumnTarget; variable: string | null };

function findColumns(suggested: readonly ColumnMapping[], given: GivenMapping) {
  const choices = new Map<number, Choice>();
  const problems: string[] = [];
  for (const [header, value] of Object.entries(given)) {
    const column =
      suggested.find((one) => one.header === header.trim()) ??
      suggested.find((one) => foldHeader(one.header) === foldHeader(header));
    if (!column) problems.push(`The file has no column “${header}”; ${headersOf(suggested)}`);
    else if (choices.has(column.index))
      problems.push(`The column “${column.header}” is mapped twice; keep one.`);
    else choices.set(column.index, choiceOf(value.trim()));
  }
  return { choices, problems };
}

const SHOWN_HEADERS = 20;

function headersOf(columns: readonly ColumnMapping[]): string {
  const shown = columns.slice(0, SHOWN_HEADERS).map(({ header }) => `“${header}”`);
  const rest = columns.length - shown.length;
  return `it has ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

const ASIDE = 'custom_fields.';

function choiceOf(value: string): Choice {
  if (value === '' || value === 'ignore') return { target: 'ignore', variable: null };
  if (Object.hasOwn(FIELD_NAMES, value)) return { target: value as ColumnTarget, variable: null };
  if (value.startsWith(ASIDE)) return { target: 'custom_field', variable: value.slice(ASIDE.length) };
  return { target: 'variable', variable: value };
}

/** A field belongs to one column, and how somebody consented says nothing without whether they did. */
function targetsOf(suggested: readonly ColumnMapping[], choices: ReadonlyMap<number, Choice>) {
  const claimed = new Set([...choices.values()].map(({ target }) => target));
  const targets = new Map(
    suggested.map((column): [number, ColumnTarget] => {
      const chosen = choices.get(column.index)?.target;
      const isOutdone = Object.hasOwn(FIELD_NAMES, column.target) && claimed.has(column.target);
      return [column.index, chosen ?? (isOutdone ? 'variable' : column.target)];
    }),
  );
  const said = new Set(targets.values());
  if (said.has('consent_at') || said.has('consent_given')) return targets;
  for (const [index, target] of targets)
    if (target.startsWith('consent_') && !choices.has(index)) targets.set(index, 'variable');
  return targets;
}
