import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { nearestWord } from './nearest-word.ts';

/** What a template computes with. A missing value is the empty text. */
export type TemplateValue = string | number | boolean;

/** What a filter may know beside its value: the contact's own number, for its country. */
export type FilterSetting = { phoneNumber?: string };

/** An argument as the checker sees it: any value, or a whole number written in the template between two bounds. */
export type FilterArgument =
  | { name: string; kind: 'value'; optional?: true; refusesEmpty?: true }
  | { name: string; kind: 'number'; optional?: true; min: number; max: number };

/**
 * One filter of campaign-api §7.9. `apply` gets a text that is never blank, except when `fillsMissing`, and must be
 * total: the checker has seen the arguments, but the renderer trusts nothing.
 */
export type Filter = {
  does: string;
  example: string;
  aliases?: readonly string[];
  arguments: readonly FilterArgument[];
  fillsMissing?: true;
  apply(text: string, args: readonly TemplateValue[], setting: FilterSetting): string;
};

/**
 * The longest text a filter takes or gives, in UTF-16 code units. More than any text message holds, and little enough
 * that a template full of filters stays quick; chained replacements would otherwise grow without end.
 */
export const MAX_FILTERED = 2_000;

/** Every filter by name; checker, renderer and help derive from it, so one entry here adds one. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  default: {
    does: 'what to say when the contact has no value',
    example: "{{ name|default('there') }}",
    aliases: ['d'],
    arguments: [
      { name: 'text', kind: 'value' },
      { name: 'also when blank', kind: 'value', optional: true },
    ],
    fillsMissing: true,
    apply: (text, [fallback = '']) => (isBlank(text) ? String(fallback) : text),
  },
  phone_format: {
    does: 'a phone number as people write it in its country',
    example: '{{ phone_number|phone_format }}',
    arguments: [],
    apply: (text, _, setting) => formatPhone(text, setting.phoneNumber),
  },
  title_case: {
    does: 'a name with capitals: john o’neil becomes John O’Neil, McDonald stays',
    example: '{{ name|title_case }}',
    arguments: [],
    apply: titleCase,
  },
  upper: {
    does: 'ALL CAPITALS',
    example: '{{ code|upper }}',
    arguments: [],
    apply: (text) => text.toUpperCase(),
  },
  lower: {
    does: 'all small letters',
    example: '{{ email|lower }}',
    arguments: [],
    apply: (text) => text.toLowerCase(),
  },
  trim: {
    does: 'without blanks at both ends',
    example: '{{ name|trim }}',
    arguments: [],
    apply: (text) => text.trim(),
  },
  capitalize: {
    does: 'first letter large, all others small',
    example: '{{ city|capitalize }}',
    arguments: [],
    apply: capitalize,
  },
  title: {
    does: 'every word with a large first letter, all others small',
    example: '{{ product|title }}',
    arguments: [],
    apply: (text) => text.replace(/\S+/gu, capitalize),
  },
  truncate: {
    does: 'at most that many characters, ended by three dots',
    example: '{{ note|truncate(40) }}',
    arguments: [{ name: 'length', kind: 'number', min: 1, max: 1600 }],
    apply: (text, [length]) => truncate(text, Number(length)),
  },
  replace: {
    does: 'one text replaced by another, wherever it stands',
    example: "{{ date|replace('/', '.') }}",
    arguments: [
      { name: 'from', kind: 'value', refusesEmpty: true },
      { name: 'to', kind: 'value' },
    ],
    apply: (text, [from = '', to = '']) => replaceAll(text, String(from), String(to)),
  },
  round: {
    does: 'a number rounded to that many decimals',
    example: '{{ price|round(2) }}',
    arguments: [{ name: 'decimals', kind: 'number', optional: true, min: 0, max: 10 }],
    apply: (text, [decimals = 0]) => round(text, Number(decimals)),
  },
};

/** The filter with this name or alias, or undefined. Only what the registry itself lists counts. */
export function findFilter(name: string): Filter | undefined {
  return BY_NAME.get(name);
}

/** The filter a mistyped name most likely means. */
export function nearestFilter(name: string): string | undefined {
  return nearestWord(name, BY_NAME.keys());
}

/** Help texts, one per filter, in the order of the registry. */
export function describeFilters(): { name: string; does: string; example: string }[] {
  return Object.entries(FILTERS).map(([name, { does, example }]) => ({ name, does, example }));
}

/** Runs a filter and cuts what it gives to `MAX_FILTERED`. */
export function applyFilter(
  filter: Filter,
  text: string,
  args: readonly TemplateValue[],
  setting: FilterSetting,
): string {
  return filter.apply(text.slice(0, MAX_FILTERED), args, setting).slice(0, MAX_FILTERED);
}

/** Whether a value counts as missing (campaign-api §7.8). */
export function isBlank(text: string): boolean {
  return !/\S/u.test(text);
}

const BY_NAME: ReadonlyMap<string, Filter> = new Map(
  Object.entries(FILTERS).flatMap(([name, filter]): [string, Filter][] =>
    [name, ...(filter.aliases ?? [])].map((word) => [word, filter]),
  ),
);

const LONGEST_PHONE = 40;

/**
 * National form for a contact of the same country and for every +1 number, international form for other countries.
 * Text that is not entirely a phone number stays as it is.
 */
function formatPhone(text: string, contactNumber = ''): string {
  if (text.length > LONGEST_PHONE) return text;
  const home = parsePhoneNumberFromString(contactNumber)?.countryCallingCode ?? '1';
  const phone = parsePhoneNumberFromString(text.trim(), { defaultCallingCode: home, extract: false });
  if (!phone?.isPossible()) return text;
  const digits = phone.nationalNumber;
  if (phone.countryCallingCode === '1' && digits.length === 10 && phone.ext === undefined) {
    return `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`;
  }
  return phone.countryCallingCode === home || contactNumber === ''
    ? phone.formatNational()
    : phone.formatInternational();
}

/** Capitals also after a hyphen and after O’, D’ or L’; words with their own mix (McDonald) and II to IX stay. */
function titleCase(text: string): string {
  return text.replace(/\S+/gu, (word) => {
    const ownMix = word !== word.toLowerCase() && word !== word.toUpperCase();
    if (ownMix || ROMAN_NUMERAL.test(word)) return word;
    return word.toLowerCase().replace(WORD_START, (letters) => letters.toUpperCase());
  });
}

const ROMAN_NUMERAL = /^(?:II|III|IV|VI|VII|VIII|IX)$/;
const WORD_START = /(?<![\p{L}\p{N}'’])(?:\p{L}['’](?=\p{L}{2}))?\p{L}/gu;

function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Cuts at a blank when there is one, never inside a character. */
function truncate(text: string, length: number): string {
  if (!(length > 0)) return '';
  const characters = Array.from(text);
  if (characters.length <= length) return text;
  if (length <= 3) return characters.slice(0, length).join('');
  const kept = characters.slice(0, length - 3).join('');
  const wholeWord = characters[length - 3] === ' ' ? kept : kept.replace(/\s+\S*$/u, '');
  return `${(isBlank(wholeWord) ? kept : wholeWord).trimEnd()}...`;
}

/** Stops as soon as the result is long enough, so that it cannot be made to fill the memory. */
function replaceAll(text: string, from: string, to: string): string {
  if (from === '') return text;
  let result = '';
  let rest = 0;
  for (
    let at = text.indexOf(from);
    at !== -1 && result.length < MAX_FILTERED;
    at = text.indexOf(from, rest)
  ) {
    result += text.slice(rest, at) + to;
    rest = at + from.length;
  }
  return result + text.slice(rest);
}

/** Half goes away from zero, in decimal digits, so that 1.005 to two decimals is 1.01. Other text stays as it is. */
function round(text: string, decimals: number): string {
  if (!/^\s*[+-]?\d{1,15}(?:\.\d{1,30})?\s*$/.test(text)) return text;
  const value = Number(text);
  const shifted = Math.round(Number(`${Math.abs(value)}e${decimals}`));
  const rounded = Math.sign(value) * Number(`${shifted}e-${decimals}`);
  return Number.isFinite(rounded) ? String(rounded) : text;
}
