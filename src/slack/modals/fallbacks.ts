import { isVariableName } from '#domain/contact-import/columns.ts';

/** Fallback values as people type them: one `variable = text` a line. */
export function formatFallbacks(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, text]) => `${name} = ${text}`)
    .join('\n');
}

/** The values, or the sentence about the first line that is not understood. */
export function parseFallbacks(
  text: string,
): { ok: true; values: Record<string, string> } | { ok: false; problem: string } {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const match = /^\s*(?:\{\{)?\s*([^=:{}]+?)\s*(?:\}\})?\s*[=:]\s*(.+?)\s*$/.exec(line);
    const name = match?.[1]?.toLowerCase() ?? '';
    if (!match?.[2])
      return {
        ok: false,
        problem: `“${line.trim().slice(0, 60)}” is not understood. Write one a line, like: name = there`,
      };
    if (!isVariableName(name)) {
      return {
        ok: false,
        problem: `“${name.slice(0, 60)}” cannot be the name of a variable. Use letters, digits and _, like: first_name = there`,
      };
    }
    if (values.has(name)) return { ok: false, problem: `“${name}” has two values. Keep one.` };
    values.set(name, match[2]);
  }
  return { ok: true, values: Object.fromEntries(values) };
}
