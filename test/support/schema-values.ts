import fc from 'fast-check';

/** JSON Schema as OpenAPI 3.1 documents have it, as far as values are made from it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  format?: string;
  example?: unknown;
  minimum?: number;
  maximum?: number;
};

const DEEPEST = 5;

/** Texts that have broken something somewhere, and such as a reader of the reference would send. */
const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'b\udfff',
  '\u202e\ufeff',
  'İ٣',
  'x'.repeat(6_000),
  'null',
  'NaN',
  '-1',
  '1e400',
  '0x10',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00%ff',
  '\\',
  "'; drop table contacts; --",
  '=HYPERLINK("x")',
  '{{ name }}',
  '{{ name|default("there") }}',
  '{{ name',
  '{% for x in y %}x{% endfor %}',
  '{{ "".constructor.constructor("return 1")() }}',
  'Hello {{name}}, it is {{company}}.',
  '+12125550101',
  '5551234567',
  '12:99',
  '09:00',
  '2027-02-15T09:00:00Z',
  '2027-02-15T09:00:00',
  '2027-02-30',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01T00:00:00Z',
  'America/New_York',
  'Mars/Olympus',
  'https://example.com/hook',
  'http://169.254.169.254/',
  'file:///etc/passwd',
];
const NUMBERS = [
  0, -0, 1, -1, 2, 3, 1.5, 0.1, 30, 1_000, 2_147_483_647, 2_147_483_648, 9_007_199_254_740_991, 1e21, 1e308,
  -1e308, 5e-324,
];

export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
);

const number: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Anything that JSON can say. */
export const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** What somebody who has read the reference would send under such a name. */
const USUAL: [RegExp, readonly string[]][] = [
  [/phone/, ['+12125550142', '+13105550177', '5551234567', '+4930123456']],
  [/zone/, ['America/New_York', 'Europe/Berlin', 'UTC']],
  [/_at$|^date_/, ['2027-02-15T09:00:00Z', '2026-12-24T18:00:00Z', '2026-11-01T00:00:00Z']],
  [/given_at/, ['2026-01-02T03:04:05Z']],
  [/url/, ['https://hooks.example.com/in']],
  [/template|message|prompt/, ['Hello {{name}}, this is {{company}}.', 'Goodbye.']],
  [/^start$|^time$/, ['09:00', '10:30']],
  [/^end$/, ['17:00', '20:00']],
  [/days/, ['monday', 'tuesday', 'friday']],
  [/dates/, ['2026-12-24', '2027-01-01']],
  [/places/, ['US', 'DE']],
  [/events/, ['contact_updated', 'reply_received', 'opt_out']],
  [/scopes/, ['read', 'write']],
  [/column_mappings/, ['{}', '{"phone_number":"phone_number"}']],
  [/^mode$/, ['append', 'replace']],
  [/file_name/, ['people.csv']],
  [/status/, ['pending', 'running', 'completed']],
  [/schedule_type/, ['immediate', 'scheduled']],
  [/contact_selection/, ['all', 'failed_only']],
];

/** `proper`: as the schema and the reference would have it. `wild`: what has to be refused for, here and there. */
export type Taste = { kind: 'proper' | 'wild'; resolve: (ref: string) => Schema };

/** Values of a schema; `name` is what they are sent under. */
export function valuesOf(schema: Schema, taste: Taste, name = '', depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref) return valuesOf(taste.resolve(schema.$ref), taste, name, depth);
  if (depth > DEEPEST) return taste.kind === 'wild' ? anything : fc.constant(null);
  const proper = properValues(schema, taste, { name, depth });
  const example = schema.example === undefined ? [] : [{ weight: 4, arbitrary: fc.constant(schema.example) }];
  const strange = taste.kind === 'wild' ? [{ weight: 1, arbitrary: anything }] : [];
  return fc.oneof({ weight: 8, arbitrary: proper }, ...strange, ...example);
}

type Place = { name: string; depth: number };

function properValues(schema: Schema, taste: Taste, { name, depth }: Place): fc.Arbitrary<unknown> {
  const make: Make = (inner, as = name) => valuesOf(inner, taste, as, depth + 1);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const among = schema.anyOf ?? schema.oneOf;
  if (among) return fc.oneof(...among.map((one) => make(one)));
  if (schema.allOf)
    return fc.tuple(...schema.allOf.map((one) => make(one))).map((parts) => Object.assign({}, ...parts));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => properValues({ ...schema, type }, taste, { name, depth })));
  return (BY_TYPE[schema.type ?? ''] ?? untyped)(schema, taste, { name, make });
}

type Make = (schema: Schema, name?: string) => fc.Arbitrary<unknown>;
type Maker = (schema: Schema, taste: Taste, how: { name: string; make: Make }) => fc.Arbitrary<unknown>;

const BY_TYPE: Record<string, Maker> = {
  string: strings,
  object: objects,
  array: ({ items }, _, { make }) => fc.array(make(items ?? {}), { minLength: 1, maxLength: 3 }),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  integer: numbers,
  number: numbers,
};

function untyped(_: Schema, { kind }: Taste, { name }: { name: string }): fc.Arbitrary<unknown> {
  return (kind === 'proper' && usualFor(name)) || anything;
}

function numbers(schema: Schema, { kind }: Taste): fc.Arbitrary<number> {
  return kind === 'wild' ? fc.oneof(within(schema), number) : within(schema);
}

function strings({ format }: Schema, { kind }: Taste, { name }: { name: string }): fc.Arbitrary<string> {
  const proper = format === 'date-time' ? instants : usualFor(name);
  if (kind === 'wild') return fc.oneof(text, proper ?? text);
  return proper ?? fc.constantFrom('Ada', 'Spring reminders', 'They wrote to us.');
}

function usualFor(name: string): fc.Arbitrary<string> | null {
  const found = USUAL.filter(([shape]) => shape.test(name)).at(-1);
  return found ? fc.constantFrom(...found[1]) : null;
}

/** Few of what may be left out: with all of it at once, something is always wrong with one or the other. */
function objects(
  { properties = {}, required = [], additionalProperties }: Schema,
  { kind }: Taste,
  { make }: { make: Make },
): fc.Arbitrary<object> {
  const known = Object.entries(properties).map(([name, inner]): [string, fc.Arbitrary<unknown>] => {
    const value = make(inner, name);
    if (required.includes(name) && kind === 'proper') return [name, value];
    const present = required.includes(name) ? 9 : 1;
    return [
      name,
      fc.oneof({ weight: present, arbitrary: value }, { weight: 4, arbitrary: fc.constant(undefined) }),
    ];
  });
  const others = typeof additionalProperties === 'object' ? make(additionalProperties) : anything;
  const keys = kind === 'wild' ? text : fc.constantFrom('name', 'company', 'appointment_date');
  const isOpen = typeof additionalProperties === 'object' || kind === 'wild';
  const more = isOpen ? fc.dictionary(keys, others, { maxKeys: 2 }) : fc.constant({});
  return fc
    .tuple(fc.record(Object.fromEntries(known)), fc.oneof(fc.constant({}), more))
    .map(([record, extra]) => ({ ...extra, ...record }));
}

const instants = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());

function within({ minimum = 0, maximum = 100 }: Schema): fc.Arbitrary<number> {
  return fc.integer({ min: Math.max(minimum, -1e9), max: Math.max(minimum, Math.min(maximum, 1e9)) });
}
