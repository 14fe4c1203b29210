import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { toE164 } from '#domain/phone.ts';
import { parseByLibrary, parsePhone, parseQuickly } from '#domain/phone-fast.ts';
import { type BenchRow, contactLines } from './contact-rows.ts';

const FUZZED = 500_000;
const PAIRS = 5;
const SPEED_BAR = 5;
const CORPUS_ROWS = 40_000;

/** The fast phone path against libphonenumber-js/max: differences in fuzzed numbers of every country, and speed. */
export async function phoneExact(): Promise<BenchRow[]> {
  const { differences, quick, example } = compare();
  const { ratio, perSecond } = race();
  return [
    {
      id: 'phone-exact',
      value: differences,
      unit: 'differences',
      bar: '= 0',
      pass: differences === 0,
      detail: `${FUZZED} fuzzed numbers of ${COUNTRIES.length} countries, ${quick} decided by the fast path${example}`,
    },
    {
      id: 'phone-exact-speed',
      value: Number(ratio.toFixed(1)),
      unit: 'x of the library',
      bar: `>= ${SPEED_BAR}`,
      pass: ratio >= SPEED_BAR,
      detail: `${Math.round(perSecond)} numbers per CPU-second, mixed formats with 2 % junk, refusals explained`,
    },
  ];
}

const COUNTRIES = getCountries();
const SEPARATORS = [' ', '-', '.', '/', ' (', ') ', ' - ', '--', '+', '\u00A0', ' x'];

type Random = () => number;

function compare() {
  const random = createRandom(20_261_122);
  let differences = 0;
  let quick = 0;
  let example = '';
  for (let index = 0; index < FUZZED; index += 1) {
    const text = fuzzedNumber(random);
    const country = random() < 0.3 ? 'US' : pick(random, COUNTRIES);
    const fast = parsePhone(text, country);
    if (parseQuickly(text, country) !== undefined) quick += 1;
    if (JSON.stringify(fast) === JSON.stringify(parseByLibrary(text, country))) continue;
    differences += 1;
    example ||= `; first: ${JSON.stringify(text)} in ${country}`;
  }
  return { differences, quick, example };
}

/** Both sides over the phone cells of the import bench, in turn; medians of CPU time. */
function race(): { ratio: number; perSecond: number } {
  const cells = [...contactLines(CORPUS_ROWS)].slice(1).map((line) => line.slice(0, line.indexOf(',')));
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    ours.push(cpuMs(() => cells.forEach((cell) => void toE164(cell, 'US'))));
    theirs.push(cpuMs(() => cells.forEach((cell) => void parseByLibrary(cell, 'US'))));
  }
  // The first round warms up both and is not counted.
  const [fast, library] = [median(ours.slice(1)), median(theirs.slice(1))];
  return { ratio: library / fast, perSecond: (cells.length / fast) * 1000 };
}

function fuzzedNumber(random: Random): string {
  const country = pick(random, COUNTRIES);
  const code = getCountryCallingCode(country);
  const national = random() < 0.5 ? digits(random, 3 + Math.floor(random() * 12)) : mutated(random, country);
  const written = pick(random, [
    `+${code}${national}`,
    `+${code}${national}`,
    national,
    national,
    `${code}${national}`,
    `0${national}`,
    `1${national}`,
    `8${national}`,
    `+${code}0${national}`,
    `00${code}${national}`,
    `011${code}${national}`,
    `+${digits(random, 12)}`,
  ]);
  if (random() < 0.5) return written;
  return [...written].map((sign) => (random() < 0.2 ? sign + pick(random, SEPARATORS) : sign)).join('');
}

/** A number like a real one: the country's example with a few digits changed, one missing or one too many. */
function mutated(random: Random, country: CountryCode): string {
  const example = getExampleNumber(country, examples)?.nationalNumber ?? '2125550123';
  const signs: string[] = [...example];
  const changes = Math.floor(random() * 5);
  for (let change = 0; change < changes; change += 1) {
    signs[Math.floor(random() * signs.length)] = digits(random, 1);
  }
  if (random() < 0.1) signs.pop();
  if (random() < 0.1) signs.push(digits(random, 1));
  return signs.join('');
}

function digits(random: Random, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 10)).join('');
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** A repeatable source of chance (mulberry32). */
function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
