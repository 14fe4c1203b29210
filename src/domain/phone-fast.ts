import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import {
  type CallingCode,
  callingCodeOf,
  isLongEnough,
  isTooLong,
  type LineType,
  lineTypeOf,
  ownerOf,
  type Plan,
  planOf,
} from './phone-plan.ts';

/** A number as its numbering plan reads it. `lineType` is null exactly when the number is not valid. */
export type ParsedPhone = {
  number: string;
  country: CountryCode | null;
  lineType: LineType | null;
  extension: string | null;
};

/**
 * Reads one number exactly as libphonenumber-js/max does, several times faster: digits with the usual punctuation are
 * decided on the library's own patterns, compiled once (performance.md §2b); everything else goes to the library.
 * Null when there is no number in the text.
 */
export function parsePhone(text: string, defaultCountry: string): ParsedPhone | null {
  const quick = parseQuickly(text, defaultCountry);
  return quick === undefined ? parseByLibrary(text, defaultCountry) : quick;
}

/** The library's own answer: the measure of the fast path. */
export function parseByLibrary(text: string, defaultCountry: string): ParsedPhone | null {
  const country = planOf(defaultCountry)?.country ?? undefined;
  const parsed = parsePhoneNumberFromString(text, country);
  if (!parsed) return null;
  return {
    number: parsed.number,
    country: parsed.country ?? null,
    lineType: (parsed.getType()?.toLowerCase() as LineType | undefined) ?? null,
    extension: parsed.ext ?? null,
  };
}

/** The fast path alone: undefined when the text is not of the shapes it can decide. */
export function parseQuickly(text: string, defaultCountry: string): ParsedPhone | null | undefined {
  const digits = digitsOf(text);
  if (digits === null) return undefined;
  return digits.startsWith('+') ? international(digits.slice(1)) : national(digits, planOf(defaultCountry));
}

const LONGEST_TEXT = 40;
const PLUS = 43;
// The library's punctuation that can also lead an extension or a carrier's code is not in this list.
const PUNCTUATION = new Set([...' ()-./'].map((character) => character.charCodeAt(0)));

/** The digits of a plainly written number, with a leading `+` if it has one; null for any other text. */
function digitsOf(text: string): string | null {
  if (text.length < 3 || text.length > LONGEST_TEXT) return null;
  let digits = '';
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      digits += text[index];
      count += 1;
    } else if (code === PLUS && digits === '') digits = '+';
    else if (!PUNCTUATION.has(code)) return null;
  }
  return count < 3 ? null : digits;
}

function international(digits: string): ParsedPhone | null | undefined {
  const code = callingCodeOf(digits);
  if (!code) return null;
  const rest = digits.slice(code.code.length);
  return rest === '' ? null : significant(rest, code.main, code, null);
}

function national(digits: string, plan: Plan | null): ParsedPhone | null | undefined {
  if (!plan || plan.idd?.test(digits)) return undefined;
  const code = callingCodeOf(plan.callingCode);
  if (!code) return undefined;
  if (digits.startsWith(plan.callingCode)) {
    const shorter = withoutPrefix(digits.slice(plan.callingCode.length), plan, code);
    const whole = withoutPrefix(digits, plan, code);
    if (shorter === undefined || whole === undefined) return undefined;
    const wasMeant = !plan.national.test(whole) && plan.national.test(shorter);
    if (wasMeant || isTooLong(whole, plan)) return international(digits);
  }
  return significant(digits, plan, code, plan);
}

/** What is left of a number once its national prefix is taken off, judged under the plan of the country that owns it. */
function significant(
  digits: string,
  plan: Plan,
  code: CallingCode,
  fallback: Plan | null,
): ParsedPhone | null | undefined {
  const rest = withoutPrefix(digits, plan, code);
  if (rest === undefined) return undefined;
  if (rest.length < 2 || rest.length > 17) return null;
  const owner = ownerOf(rest, code) ?? fallback;
  return {
    number: `+${code.code}${rest}`,
    country: owner?.country ?? null,
    lineType: lineTypeOf(rest, owner ?? code.main),
    extension: null,
  };
}

/** Undefined when the prefix carries a carrier code or rewrites the number: rare, and left to the library. */
function withoutPrefix(digits: string, plan: Plan, code: CallingCode): string | undefined {
  const match = plan.nationalPrefix?.exec(digits);
  if (!match) return digits;
  if (match.length > 1 && match.at(-1)) return undefined;
  const rest = digits.slice(match[0].length);
  if (rest === digits) return digits;
  if (plan.national.test(digits) && !plan.national.test(rest)) return digits;
  return isLongEnough(rest, ownerOf(rest, code) ?? plan) ? rest : digits;
}
