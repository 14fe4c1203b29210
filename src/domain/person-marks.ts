import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * By what a person is found in texts of any kind: the digits of their number without country code, and those of their names
 * that hardly anybody shares. `calledNames` are all of them: “Ann” alone tells nobody apart.
 */
export type PersonMarks = { phoneNumber: string; digits: string; names: string[]; calledNames: string[] };

/** The marks of a person with this number and these names. */
export function personMarks(phoneNumber: string, names: readonly string[]): PersonMarks {
  const national = parsePhoneNumberFromString(phoneNumber)?.nationalNumber ?? '';
  const all = phoneNumber.replace(/\D/g, '');
  const calledNames = [...new Set(names.map((name) => name.trim()).filter((name) => name.length > 1))];
  const isTelling = (name: string) => name.length > 5 && /[\s@]/.test(name);
  return {
    phoneNumber,
    digits: national.length >= 7 ? national : all,
    names: calledNames.filter(isTelling),
    calledNames,
  };
}

/** Whether a text names the person: their number however it is written, or one of their names as whole words. */
export function mentions(text: string, { digits, names }: PersonMarks): boolean {
  if (text.replace(/\D/g, '').includes(digits)) return true;
  return names.some((name) => hasWords(text, name));
}

/** Whether a text of ours names the person by the masked number and, where they have one, a name beside it. */
export function mentionsMasked(text: string, masked: string, { calledNames }: PersonMarks): boolean {
  if (!text.includes(masked)) return false;
  return calledNames.length === 0 || calledNames.some((name) => hasWords(text, name));
}

/** Whether one cell of a table is theirs: their number alone, or a name that hardly anybody shares. */
export function isAbout(cell: string, marks: PersonMarks): boolean {
  const own = cell.trim().toLowerCase();
  return (
    cell.replace(/\D/g, '').endsWith(marks.digits) || marks.names.some((name) => name.toLowerCase() === own)
  );
}

/**
 * How what stands in place of a number begins once its person was erased: it is nobody's number, so nobody is reached by it.
 */
export const ERASED = 'erased:';

function hasWords(text: string, name: string): boolean {
  const isLetter = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!isLetter(text[at - 1]) && !isLetter(text[at + name.length])) return true;
  return false;
}
