import fc from 'fast-check';
import nunjucks from 'nunjucks';
import { afterEach, describe, expect, test } from 'vitest';
import { FILTERS } from '#domain/filters.ts';
import {
  checkTemplate,
  compileTemplate,
  previewTemplate,
  renderTemplate,
  templateContext,
} from '#domain/template.ts';
import { buildRenderer, MAX_RENDERED } from '#domain/template-render.ts';
import { parseTemplate, TemplateRefused } from '#domain/template-syntax.ts';

const RUN = 'globalThis.breached = true';
const world = globalThis as { breached?: boolean };

afterEach(() => {
  world.breached = undefined;
});

/** Each of these runs code in plain nunjucks; a test below proves it, so none can go stale unnoticed. */
const CODE = [
  `{{ ''.constructor.constructor('${RUN}')() }}`,
  `{{ 'a'['constructor']['constructor']('${RUN}')() }}`,
  `{{ (5).constructor.constructor('${RUN}')() }}`,
  `{{ [].constructor.constructor('${RUN}')() }}`,
  `{{ {}.constructor.constructor('${RUN}')() }}`,
  `{{ name.constructor.constructor('${RUN}')() }}`,
  `{{ constructor.constructor('${RUN}')() }}`,
  `{{ toString.constructor('${RUN}')() }}`,
  `{{ range.constructor('${RUN}')() }}`,
  `{{ cycler.constructor('${RUN}')() }}`,
  `{{ joiner.constructor('${RUN}')() }}`,
  `{{ joiner(',').constructor('${RUN}')() }}`,
  `{{ ('a'|upper).constructor.constructor('${RUN}')() }}`,
  `{{ ('a'|safe).constructor.constructor('${RUN}')() }}`,
  `{{ (1).toFixed.constructor('${RUN}')() }}`,
  `{{ r/a/g.constructor.constructor('${RUN}')() }}`,
  `{{ ''['const' + 'ructor'].constructor('${RUN}')() }}`,
  `{{ ''['const' ~ 'ructor'].constructor('${RUN}')() }}`,
  `{{ ''[['constructor']].constructor('${RUN}')() }}`,
  `{{ ''['\\constructor'].constructor('${RUN}')() }}`,
  `{% if ''.constructor.constructor('${RUN}')() %}x{% endif %}`,
  `{{ 'x' if range.constructor('${RUN}')() else 'y' }}`,
  `{% set f = range.constructor %}{{ f('${RUN}')() }}`,
  `{% for f in [range] %}{{ f.constructor('${RUN}')() }}{% endfor %}`,
  `{% macro m() %}{{ range.constructor('${RUN}')() }}{% endmacro %}{{ m() }}`,
  `{% filter upper %}{{ range.constructor('${RUN}')() }}{% endfilter %}`,
  `{% call range.constructor('${RUN}')() %}{% endcall %}{{ range.constructor('${RUN}')() }}`,
  `{% switch range.constructor('${RUN}')() %}{% case 1 %}{% endswitch %}`,
  `{% block b %}{{ range.constructor('${RUN}')() }}{% endblock %}`,
  `{{ name|default(range.constructor('${RUN}')()) }}{{ range.constructor('${RUN}')() }}`,
  `{{ [range]|first|string }}{{ [range][0].constructor('${RUN}')() }}`,
  // Names reach the source text that nunjucks generates unescaped: no call, no member, and no run-time guard helps.
  '{{ a"&Function`globalThis\\x2ebreached\\x3dtrue```&"b }}',
  '{{ \'a\'|upper"&Function`globalThis\\x2ebreached\\x3dtrue```&"b }}',
  '{% if a"&Function`globalThis\\x2ebreached\\x3dtrue```&"b %}{% endif %}',
  '{{ {k: a"&Function`globalThis\\x2ebreached\\x3dtrue```&"b} }}',
];

/** These run nothing in plain nunjucks, but read, loop, hide or fill memory; none may be saved. */
const OTHERS = [
  "{{ 'a'|center(300000000)|length }}",
  '{% for i in range(1000000000) %}x{% endfor %}',
  '{{ range(1000000000)|join }}',
  "{{ 'a'|list|join(',')|batch(2) }}",
  '{{ name.length }}',
  "{{ name['length'] }}",
  '{{ this }}{{ self.x }}',
  '{{ __proto__ }}',
  '{{ constructor }}',
  '{{ hasOwnProperty }}',
  '{{ __defineGetter__ }}',
  '{{ prototype }}',
  '{{ name|constructor }}',
  '{{ name|__proto__ }}',
  '{{ name|toString }}',
  '{{ name|hasOwnProperty }}',
  '{{ name|safe }}',
  '{{ name|dump }}',
  '{{ name|groupby("constructor") }}',
  '{% set name = "x" %}{{ name }}',
  '{% include "/etc/passwd" %}',
  '{% import "x" as y %}',
  '{% from "x" import y %}',
  '{% extends "/etc/passwd" %}',
  '{% raw %}{{ name }}{% endraw %}',
  '{% verbatim %}x{% endverbatim %}',
  '{% asyncEach a in b %}{% endeach %}',
  '{% asyncAll a in b %}{% endall %}',
  '{% ifAsync name %}{% endif %}',
  '{{ caller() }}',
  '{{ super() }}',
  '{{ r/(a+)+$/.test(name) }}',
  '{{ name is callable }}',
  "{{ 'constructor' in name }}",
  '{{ 9 ** 9 ** 9 }}',
  '{{ name ~ name }}',
  '{{ name + name }}',
  '{{ -name }}',
  '{{ name, company }}',
  '{{ (name, company) }}',
  '{{ (name] }}',
  '{{ [name] }}',
  '{{ {"a": name} }}',
  '{# hidden #}',
  '{{- name -}}',
  '{%- if name -%}x{%- endif -%}',
  '{{ name|truncate(99999999) }}',
  '{{ name|truncate(-1) }}',
  '{{ name|round(1000) }}',
  "{{ name|replace('', 'x') }}",
  '{{ name|replace(r/a/g, "b") }}',
  '{{ name|default(value="x") }}',
  '{{ name|truncate(10)(20) }}',
  '{{ na\u200bme }}',
  '{{ na\u2028me }}',
  "{{ name|default('x }}",
  '{{ name',
  '{% if name %}',
  `${'('.repeat(2000)}`.replace(/^/, '{{ ').concat('name', ')'.repeat(2000), ' }}'),
  `{{ ${'not '.repeat(3000)}name }}`,
  `{{ ${'-'.repeat(5000)}1 }}`,
  `{{ name${'|upper'.repeat(1000)} }}`,
  '{% if name %}'.repeat(700),
  `${'{% if name %}'.repeat(300)}${'{% endif %}'.repeat(300)}`,
  `{% if name %}${'{% elif name %}'.repeat(500)}{% endif %}`,
  'a'.repeat(100_000),
  '{{name}}'.repeat(12_500),
  '{{'.repeat(5000),
  '{'.repeat(20_001),
];

describe('the fence at save', () => {
  test.each([...CODE, ...OTHERS].map((text) => [text.slice(0, 90), text]))('refuses %s', (_, text) => {
    const check = checkTemplate(text);
    expect(check.ok).toBe(false);
    if (check.ok) return;
    expect(check.problem.message).toMatch(/^[“{A-Z].*[.]$/u);
    expect(check.problem.line).toBeGreaterThanOrEqual(1);
    expect(check.problem.column).toBeGreaterThanOrEqual(1);
    expect(world.breached).toBeUndefined();
  });

  test.each(CODE)('is needed: plain nunjucks runs %s', (text) => {
    renderWithPlainNunjucks(text);
    expect(world.breached).toBe(true);
  });

  test('alone is enough: what it lets through runs no code even in plain nunjucks', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fragments, (text) => {
        if (!checkTemplate(text).ok) return;
        accepted += 1;
        renderWithPlainNunjucks(text);
        expect(world.breached).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('the fence at render', () => {
  test.each([...CODE, ...OTHERS].map((text) => [text.slice(0, 90), text]))('alone disarms %s', (_, text) => {
    const rendered = renderUnchecked(text);
    expect(world.breached).toBeUndefined();
    expect(rendered.length).toBeLessThanOrEqual(MAX_RENDERED);
    expect(rendered).not.toMatch(/native code|function|\[object/);
  });

  test.each([
    ['{{ constructor }}', ''],
    ['{{ __proto__ }}', ''],
    ['{{ toString }}', ''],
    ['{{ secret }}', ''],
    ['{{ run }}', ''],
    ['{{ list }}', ''],
  ])('alone reads nothing but texts and numbers with %s', (text, expected) => {
    const values = {
      secret: { toString: () => 'leaked' },
      run: () => 'ran',
      list: ['leaked'],
      flag: Symbol('x'),
    };
    expect(renderUnchecked(text, values)).toBe(expected);
  });

  test('alone never runs code, whatever the fragments', () => {
    fc.assert(
      fc.property(fragments, (text) => {
        expect(renderUnchecked(text).length).toBeLessThanOrEqual(MAX_RENDERED);
        expect(world.breached).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('finds a column called like a property of objects only in the contact itself', () => {
    const values = JSON.parse('{"__proto__": "from the file", "constructor": "from the file"}') as object;
    expect(renderUnchecked('{{ constructor }}', { ...values })).toBe('from the file');
    expect(renderUnchecked('{{ __proto__ }}', values as Record<string, unknown>)).toBe('from the file');
  });
});

describe('both fences together', () => {
  test('refuse or render any text, and throw nothing', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fragments);
    fc.assert(
      fc.property(anything, fc.dictionary(fc.string(), fc.string()), (text, values) => {
        const preview = previewTemplate(text, { values });
        if (!preview.ok) expect(preview.text).toMatch(/^\[Template Error: .+\] /s);
        expect(world.breached).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('compile only what the check accepts', () => {
    for (const text of [...CODE, ...OTHERS]) expect(() => compileTemplate(text)).toThrow(TemplateRefused);
  });

  test.each([
    ['conditions', '{% if x|title_case == y|title_case %}{% endif %}'.repeat(75)],
    ['growing replacements', `{{ x${"|replace('o', 'oooooooooooooooooooooooooooooo')".repeat(75)} }}`],
    ['deep defaults', `{{ a${'|default(b|default(c|default(d|default(e))))'.repeat(20)} }}`],
    ['a chain of defaults', `{{ a${'|default(b)'.repeat(110)} }}`],
    ['phone numbers', '{% if p|phone_format == x|phone_format %}{% endif %}'.repeat(75)],
    ['many values', '{{x}}'.repeat(300)],
    ['negations', `{{ ${'not '.repeat(110)}x }}`],
  ])('keep the worst template of %s bounded', (_, text) => {
    expect(checkTemplate(text)).toMatchObject({ ok: true });
    const long = "o'neil mc-donald ".repeat(2000);
    const context = templateContext({
      values: { x: long, y: long, p: '+44 7911 123456' },
      phoneNumber: '+15551234567',
    });
    const compiled = compileTemplate(text);
    for (let round = 0; round < 20; round += 1) {
      expect(renderTemplate(compiled, context).text.length).toBeLessThanOrEqual(MAX_RENDERED);
    }
  });
});

/** Pieces of templates and of attacks, thrown together. */
const fragments = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{%',
        '%}',
        '{{ ',
        ' }}',
        '{% if ',
        ' %}',
        '{% endif %}',
        '{% else %}',
        '{{ name }}',
      ),
      fc.constantFrom(
        'name',
        'company',
        'constructor',
        '__proto__',
        'range',
        'a"&b',
        '.',
        '[',
        ']',
        '(',
        ')',
        '|',
        ',',
        ' ',
      ),
      fc.constantFrom(
        "'a'",
        '"b"',
        '1',
        '2.5',
        'none',
        'true',
        '==',
        '<',
        ' and ',
        ' or ',
        ' not ',
        ' if ',
        ' else ',
        '=',
      ),
      fc.constantFrom(
        ...Object.keys(FILTERS),
        'upper|',
        "|default('x')",
        `('${RUN}')()`,
        ".constructor('x')",
        '\\',
        '`',
        "'",
      ),
      fc.constantFrom(
        `Function\`globalThis\\x2ebreached\\x3dtrue\`\`\``,
        '"&',
        '&"',
        '{#',
        '#}',
        '{%-',
        '-}}',
        '\n',
        'r/x/',
      ),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''));

function renderUnchecked(
  text: string,
  values: Record<string, unknown> = { name: 'Ann', company: 'Acme' },
): string {
  try {
    return buildRenderer(parseTemplate(text))(templateContext({ values }), new Set());
  } catch (error) {
    if (error instanceof TemplateRefused) return '';
    throw error;
  }
}

/** Stock nunjucks with its own filters and globals, and ours where it has none of that name. */
function renderWithPlainNunjucks(text: string): void {
  const environment = new nunjucks.Environment([], { autoescape: false });
  for (const name of ['phone_format', 'title_case'])
    environment.addFilter(name, (value: unknown) => String(value));
  try {
    environment.renderString(text, { name: 'Ann', company: 'Acme' });
  } catch {
    // Many attacks break the template after they have run.
  }
}
