import type { CountryCode, MetadataJson } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

/** What kind of line a number is, as far as its numbering plan tells. */
export type LineType =
  | 'fixed_line'
  | 'fixed_line_or_mobile'
  | 'mobile'
  | 'premium_rate'
  | 'toll_free'
  | 'shared_cost'
  | 'voip'
  | 'personal_number'
  | 'pager'
  | 'uan'
  | 'voicemail';

/** One country's numbering plan with its patterns compiled once. `country` is null for codes that no country owns. */
export type Plan = {
  country: CountryCode | null;
  callingCode: string;
  lengths: number[];
  national: RegExp;
  idd: RegExp | null;
  nationalPrefix: RegExp | null;
  leadingDigits: RegExp | null;
  fixedLine: TypePattern | null;
  mobile: TypePattern | null;
  others: TypePattern[];
};
type TypePattern = { type: LineType; pattern: RegExp; lengths: number[] };

/** All countries behind one calling code; the first one's plan stands for the whole code. */
export type CallingCode = { code: string; main: Plan; plans: Plan[] };

/** The plan of a country, or null when there is no such country. */
export function planOf(country: string): Plan | null {
  const known = plans.get(country);
  if (known) return known;
  if (!Object.hasOwn(countries, country)) return null;
  const plan = compile(countries[country] as RawPlan, country as CountryCode);
  plans.set(country, plan);
  return plan;
}

/** The calling code that a number without its `+` starts with, or null when no country has one like it. */
export function callingCodeOf(digits: string): CallingCode | null {
  for (let length = 1; length <= 3; length += 1) {
    const found = callingCode(digits.slice(0, length));
    if (found) return found;
  }
  return null;
}

/** The line type of a national number under a plan, or null when it is not valid there. */
export function lineTypeOf(national: string, plan: Plan): LineType | null {
  if (!plan.national.test(national)) return null;
  if (fits(national, plan.fixedLine)) {
    return !plan.mobile || fits(national, plan.mobile) ? 'fixed_line_or_mobile' : 'fixed_line';
  }
  if (fits(national, plan.mobile)) return 'mobile';
  for (const other of plan.others) if (fits(national, other)) return other.type;
  return null;
}

/** Which of the countries that share a calling code a national number belongs to, or null when none claims it. */
export function ownerOf(national: string, code: CallingCode): Plan | null {
  if (code.plans.length === 1) return code.main.country ? code.main : null;
  for (const plan of code.plans) {
    if (plan.leadingDigits ? plan.leadingDigits.test(national) : lineTypeOf(national, plan)) return plan;
  }
  return null;
}

/** Whether a national number has a length that the plan knows, or is longer than all of them. */
export function isLongEnough(national: string, plan: Plan): boolean {
  const longest = plan.lengths.at(-1) ?? 0;
  return plan.lengths.includes(national.length) || national.length > longest;
}

/** Whether a national number is longer than any of the plan. */
export function isTooLong(national: string, plan: Plan): boolean {
  return national.length > (plan.lengths.at(-1) ?? 0);
}

// libphonenumber-js packs a country into an array; positions as in its metadata.js, format version 4.
type RawType = [pattern: string, lengths?: number[]] | 0 | undefined;
type RawPlan = {
  0: string;
  1: string | 0;
  2: string;
  3: number[];
  5?: string | 0;
  7?: string | 0;
  10?: string | 0;
  11: RawType[];
};
const raw = metadata as unknown as MetadataJson & { nonGeographic: Record<string, RawPlan> };
const countries = raw.countries as unknown as Record<string, RawPlan>;
const countriesByCode = raw.country_calling_codes as unknown as Record<string, CountryCode[]>;

// Positions of the types in the packed array, in the order in which the library tries them after fixed lines and mobiles.
const OTHER_TYPES: [LineType, number][] = [
  ['premium_rate', 3],
  ['toll_free', 2],
  ['shared_cost', 9],
  ['voip', 8],
  ['personal_number', 4],
  ['pager', 7],
  ['uan', 6],
  ['voicemail', 5],
];

const plans = new Map<string, Plan>();
const callingCodes = new Map<string, CallingCode | null>();

function callingCode(code: string): CallingCode | null {
  const known = callingCodes.get(code);
  if (known !== undefined) return known;
  const found = compileCallingCode(code);
  callingCodes.set(code, found);
  return found;
}

function compileCallingCode(code: string): CallingCode | null {
  if (Object.hasOwn(countriesByCode, code)) {
    const owners = (countriesByCode[code] ?? []).flatMap((country) => planOf(country) ?? []);
    const main = owners[0];
    return main ? { code, main, plans: owners } : null;
  }
  if (!Object.hasOwn(raw.nonGeographic, code)) return null;
  const plan = compile(raw.nonGeographic[code] as RawPlan, null);
  return { code, main: plan, plans: [plan] };
}

function compile(packed: RawPlan, country: CountryCode | null): Plan {
  const types = packed[11];
  const typed = (type: LineType, position: number): TypePattern | null => {
    const [pattern, lengths] = types[position] || [];
    return pattern ? { type, pattern: entire(pattern), lengths: lengths ?? packed[3] } : null;
  };
  const prefix = packed[7] || packed[5];
  return {
    country,
    callingCode: packed[0],
    lengths: packed[3],
    national: entire(packed[2]),
    idd: packed[1] ? new RegExp(`^(?:${packed[1]})`) : null,
    nationalPrefix: prefix ? new RegExp(`^(?:${prefix})`) : null,
    leadingDigits: packed[10] ? new RegExp(`^(?:${packed[10]})`) : null,
    fixedLine: typed('fixed_line', 0),
    mobile: typed('mobile', 1),
    others: OTHER_TYPES.flatMap(([type, position]) => typed(type, position) ?? []),
  };
}

function entire(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function fits(national: string, type: TypePattern | null): boolean {
  return type?.lengths.includes(national.length) === true && type.pattern.test(national);
}
