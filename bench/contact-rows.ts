/** What a bench prints: one figure against its bar. */
export type BenchRow = {
  id: string;
  value: number;
  unit: string;
  bar: string;
  pass: boolean;
  detail: string;
};

/** Mixed-format rows as lists in the field have them: 7 columns, 2 % junk, 3 % duplicates, quoted cells. */
export function* contactLines(count: number, first = 0): Generator<string> {
  yield 'Phone,Full Name,E-mail,Company,City,Appointment Date,Note\n';
  for (let index = 0; index < count; index += 1) {
    const person = first + (index % 33 === 32 ? index - 32 : index);
    yield `${cellOf(person, index)},"Smith, ${person % 9973}",p${person}@example.com,Acme Corp ${person % 500},Springfield,2026-02-${String(1 + (person % 28)).padStart(2, '0')},"say ""hi"""\n`;
  }
}

/** The number of one person: distinct, and valid in the numbering plan. */
export function numberOf(person: number): string {
  const area = AREAS[person % AREAS.length] as string;
  return `${area}${2_000_000 + Math.floor(person / AREAS.length)}`;
}

const AREAS = ['212', '305', '415', '503', '617', '713', '808', '917'];
const FORMATS: ((digits: string) => string)[] = [
  (digits) => `+1${digits}`,
  (digits) => digits,
  (digits) => `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
  (digits) => `1-${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`,
  (digits) => `${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6)}`,
  (digits) => `+1 ${digits.slice(0, 3)} ${digits.slice(3)}`,
];
const JUNK = ['n/a', '4.47E+11', '911', ''];

function cellOf(person: number, index: number): string {
  if (index % 50 === 49) return JUNK[((index / 50) % JUNK.length) | 0] ?? '';
  return FORMATS[index % FORMATS.length]?.(numberOf(person)) ?? '';
}
