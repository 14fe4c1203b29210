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

/**
 * Values of a schema, most of them as it allows: what is left out, added, or of another type now and then is what a
 * request has to be refused for.
 */
export function valuesOf(schema: Schema, resolve: (ref: string) => Schema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref) return valuesOf(resolve(schema.$ref), resolve, depth);
  if (depth > DEEPEST) return anything;
  const proper = properValues(schema, (inner) => valuesOf(inner, resolve, depth + 1));
  const examples =
    schema.example === undefined ? [] : [{ weight: 4, arbitrary: fc.constant(schema.example) }];
  return fc.oneof({ weight: 12, arbitrary: proper }, { weight: 1, arbitrary: anything }, ...examples);
}

type Make = (schema: Schema) => fc.Arbitrary<unknown>;

function properValues(schema: Schema, make: Make): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const among = schema.anyOf ?? schema.oneOf;
  if (among) return fc.oneof(...among.map(make));
  if (schema.allOf) return fc.tuple(...schema.allOf.map(make)).map((parts) => Object.assign({}, ...parts));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => properValues({ ...schema, type }, make)));
  return BY_TYPE[schema.type ?? 'any']?.(schema, make) ?? anything;
}

const BY_TYPE: Record<string, (schema: Schema, make: Make) => fc.Arbitrary<unknown>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  string: ({ format }) => (format === 'date-time' ? fc.oneof(instants, text) : text),
  integer: (schema) => fc.oneof(within(schema), number),
  number: (schema) => fc.oneof(within(schema), number),
  array: ({ items }, make) => fc.array(items ? make(items) : anything, { maxLength: 3 }),
  object: ({ properties = {}, required = [], additionalProperties }, make) => {
    const known = Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, make(inner)]));
    const proper = fc.record(known, { requiredKeys: required.filter((key) => key in known) });
    const more =
      typeof additionalProperties === 'object'
        ? fc.dictionary(text, make(additionalProperties), { maxKeys: 3 })
        : fc.oneof(
            { weight: 6, arbitrary: fc.constant({}) },
            { weight: 1, arbitrary: fc.dictionary(text, anything, { maxKeys: 2 }) },
          );
    return fc.tuple(proper, more).map(([record, extra]) => ({ ...extra, ...record }));
  },
};

const instants = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());

function within({ minimum = 0, maximum = 100 }: Schema): fc.Arbitrary<number> {
  return fc.integer({ min: Math.max(minimum, -1e9), max: Math.max(minimum, Math.min(maximum, 1e9)) });
}
