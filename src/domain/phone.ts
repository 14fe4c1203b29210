import { type CountryCode, validatePhoneNumberLength } from 'libphonenumber-js/max';
import { type ParsedPhone, parsePhone } from './phone-fast.ts';
import { type LineType, planOf } from './phone-plan.ts';
import {
  countDigits,
  isScientific,
  isSpelled,
  plainText,
  splitNumbers,
  withoutNumberFormat,
  withPlus,
} from './phone-text.ts';

/** Why a cell is no number that a campaign may reach, each with the sentence a person gets. */
export const PHONE_PROBLEMS = {
  missing: 'There is no phone number in this row.',
  scientific_notation:
    'The spreadsheet turned this number into scientific notation and lost its last digits. Format the column as Text, enter the number again and save the file as CSV.',
  several_numbers: 'This cell holds several phone numbers. Keep one number per row.',
  extension:
    'This number has an extension, which cannot be dialed. Give a direct number, or remove the extension to reach the main line.',
  vanity: 'This number is written with letters. Write it in digits, for example 1-800-356-9377.',
  premium_rate: 'This is a premium-rate number; campaigns never call or text those.',
  short_number: 'Short numbers such as 911 or 72345 cannot be reached by a campaign. Give the full number.',
  too_short: 'This number has too few digits. Check that the area code is there.',
  too_long:
    'This number has too many digits. If it is from another country, put + and the country code in front.',
  unknown_country_code: 'No country has the code that this number starts with.',
  not_in_use:
    'No such number exists. Check the digits; a number from another country needs + and its country code in front.',
  not_a_number: 'This is not a phone number.',
} as const;

/** A code of `PHONE_PROBLEMS`. */
export type PhoneProblem = keyof typeof PHONE_PROBLEMS;

/** A number ready to be stored, or why the cell is none. `country` is null for codes that no country owns. */
export type PhoneResult =
  | { ok: true; phoneNumber: string; country: CountryCode | null; lineType: LineType | null }
  | { ok: false; reason: PhoneProblem };

/**
 * Normalises one cell to E.164 in the country that numbers without a country code are from. Valid is what
 * libphonenumber-js/max calls valid, and the area code 555 of +1, which the reference's own examples use
 * (campaign-api.md §7.5). Refused although the library would take them: premium-rate numbers, numbers with an
 * extension, and cells with several different numbers, because nobody can say which one was meant.
 */
export function toE164(raw: string, defaultCountry: string): PhoneResult {
  if (raw.length > LONGEST_CELL) return { ok: false, reason: 'not_a_number' };
  const quick = DECIMALS.test(raw) ? null : accepted(parsePhone(raw, defaultCountry));
  if (quick?.ok) return quick;
  const text = withoutNumberFormat(plainText(raw));
  return (
    hopeless(text) ?? single(text, defaultCountry) ?? { ok: false, reason: explain(text, defaultCountry) }
  );
}

const LONGEST_TEXT = 250;
// What is left out of a cell around its number takes some room; a page of text is no number.
const LONGEST_CELL = 1000;
// A spreadsheet's `.0` would be read as one digit more, and some countries' numbers are of any length.
const DECIMALS = /[.,]0{1,2}$/;

function hopeless(text: string): PhoneResult | null {
  if (text === '') return { ok: false, reason: 'missing' };
  if (text.length > LONGEST_TEXT || countDigits(text) === 0) return { ok: false, reason: 'not_a_number' };
  return isScientific(text) ? { ok: false, reason: 'scientific_notation' } : null;
}

/** The one number in a text, or a refusal that outranks any other explanation. */
function single(text: string, defaultCountry: string): PhoneResult | null {
  const marked = /[;|,\n]/.test(text) ? oneOfSeveral(text, defaultCountry) : null;
  if (marked) return marked;
  const whole = readNumber(text, defaultCountry);
  if (whole?.extension) return { ok: false, reason: 'extension' };
  return accepted(whole) ?? oneOfSeveral(text, defaultCountry);
}

/** Also understands the international prefix 00, which is not dialed everywhere but written everywhere. */
function readNumber(text: string, defaultCountry: string): ParsedPhone | null {
  const parsed = parsePhone(text, defaultCountry);
  if (parsed?.lineType) return parsed;
  const written = withPlus(text);
  const international = written === text ? null : parsePhone(written, defaultCountry);
  return international?.lineType ? international : parsed;
}

/** Null when a text does not split into numbers. One number and words besides is that number. */
function oneOfSeveral(text: string, defaultCountry: string): PhoneResult | null {
  for (const pieces of splitNumbers(text)) {
    const withDigits = pieces.filter((piece) => countDigits(piece) > 0);
    const valid = withDigits.flatMap((piece) => accepted(readNumber(piece, defaultCountry)) ?? []);
    const numbers = new Set(valid.map((result) => (result.ok ? result.phoneNumber : '')));
    if (numbers.size > 1) return { ok: false, reason: 'several_numbers' };
    if (valid[0] && valid.length === withDigits.length) return valid[0];
  }
  return null;
}

/** Null when the numbering plan does not know the number. */
function accepted(parsed: ParsedPhone | null): PhoneResult | null {
  if (!parsed || parsed.extension) return null;
  if (parsed.lineType === 'premium_rate') return { ok: false, reason: 'premium_rate' };
  if (parsed.lineType) {
    return { ok: true, phoneNumber: parsed.number, country: parsed.country, lineType: parsed.lineType };
  }
  if (!REFERENCE_EXAMPLE.test(parsed.number)) return null;
  return { ok: true, phoneNumber: parsed.number, country: 'US', lineType: null };
}

// Area code 555 of +1 is nobody's: the API reference writes all its examples with it.
const REFERENCE_EXAMPLE = /^\+1555\d{7}$/;

function explain(text: string, defaultCountry: string): PhoneProblem {
  if (isSpelled(text)) return 'vanity';
  if (/[\p{L}*#_?]/u.test(text)) return 'not_a_number';
  if (!text.startsWith('+') && countDigits(text) <= 6) return 'short_number';
  const country = planOf(defaultCountry)?.country ?? undefined;
  return LENGTH_PROBLEMS[validatePhoneNumberLength(withPlus(text), country) ?? 'POSSIBLE'];
}

const LENGTH_PROBLEMS: Record<
  NonNullable<ReturnType<typeof validatePhoneNumberLength>> | 'POSSIBLE',
  PhoneProblem
> = {
  POSSIBLE: 'not_in_use',
  TOO_SHORT: 'too_short',
  TOO_LONG: 'too_long',
  INVALID_LENGTH: 'not_in_use',
  INVALID_COUNTRY: 'unknown_country_code',
  NOT_A_NUMBER: 'not_a_number',
};
