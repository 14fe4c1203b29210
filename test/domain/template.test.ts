import fc from 'fast-check';
import nunjucks from 'nunjucks';
import { describe, expect, test } from 'vitest';
import { variableName } from '#domain/contact-import/columns.ts';
import {
  checkTemplate,
  compileTemplate,
  previewTemplate,
  renderTemplate,
  type TemplateSource,
  templateContext,
} from '#domain/template.ts';
import { TemplateRefused } from '#domain/template-syntax.ts';

function render(text: string, source: Partial<TemplateSource> = {}) {
  return renderTemplate(compileTemplate(text), templateContext({ values: {}, ...source }));
}

function problemOf(text: string, known?: string[]) {
  const check = checkTemplate(text, known);
  return check.ok ? null : check.problem;
}

describe('the template preview of the reference', () => {
  test.each([
    [
      "Hi {{name|title_case}}, this is {{assistant_name}} from {{company}}. I'm calling about your appointment on {{appointment_date}}.",
      {
        name: 'john smith',
        assistant_name: 'Sarah',
        company: 'Acme Healthcare',
        appointment_date: 'February 15th',
      },
      "Hi John Smith, this is Sarah from Acme Healthcare. I'm calling about your appointment on February 15th.",
    ],
    [
      "Hi {{name|default('there')}}, your appointment is on {{appointment_date|default('your scheduled date')}}.",
      { name: 'John' },
      'Hi John, your appointment is on your scheduled date.',
    ],
  ])('renders %s', (template, values, expected) => {
    expect(previewTemplate(template, { values })).toEqual({ ok: true, text: expected });
  });

  test('answers a syntax error with its reason and the original template', () => {
    expect(previewTemplate('Hi {{name', { values: {} })).toEqual({
      ok: false,
      text: '[Template Error: This “{{” is never closed.] Hi {{name',
    });
  });
});

describe('what a variable becomes', () => {
  const everything = {
    values: { city: 'Paris' },
    fallbackValues: { city: 'your city', offer: 'our offer' },
    companyName: 'Acme',
    assistantName: 'Sarah',
  };

  test.each<[string, Partial<TemplateSource>, string, string[]]>([
    ["{{ city|default('town') }}", everything, 'Paris', []],
    ["{{ offer|default('a gift') }}", everything, 'a gift', []],
    ['{{ offer }}', everything, 'our offer', []],
    ['{{ name }}', everything, 'there', []],
    ['{{ date }}', everything, '', ['date']],
    ['{{ company }}', { values: { company: 'Contact Ltd' }, companyName: 'Acme' }, 'Contact Ltd', []],
    ['{{ company }}', { fallbackValues: { company: 'the shop' }, companyName: 'Acme' }, 'the shop', []],
    ['{{ company }}', { companyName: 'Acme' }, 'Acme', []],
    ['{{ company }}', { companyName: ' ' }, 'our company', []],
    ['{{ company }}', { companyName: null }, 'our company', []],
    ['{{ assistant_name }}', everything, 'Sarah', []],
    ['{{ assistant_name }}', {}, 'your assistant', []],
    ['{{ name }}', { fallbackValues: { name: 'friend' } }, 'friend', []],
    ['{{ name }}', { values: { name: '  \n' } }, 'there', []],
    ['{{ date }}', { values: { date: '\u00a0' } }, '', ['date']],
    ['{{ date }}{{ date }}{{ time }}', {}, '', ['date', 'time']],
    ["{{ date|default('') }}", { fallbackValues: { date: 'soon' } }, '', []],
    ['{{ nick|default(name) }}', { values: { name: 'Ann' } }, 'Ann', []],
    ['{{ nick|default(name) }}', {}, 'there', []],
    ['{{ nick|default(date) }}', { fallbackValues: { nick: 'pal' } }, 'pal', []],
    ['{{ nick|default(date) }}', {}, '', ['nick']],
    ["{{ nick|default(date)|default('x') }}", {}, 'x', []],
    ["{{ name|upper|d('x') }}", { values: { name: 'Ann' } }, 'ANN', []],
    ["{{ date|upper|default('soon')|capitalize }}", {}, 'Soon', []],
    ["{{ date|default('x', true) }}", { values: { date: '' } }, 'x', []],
    ['{{ nick or name }}', { values: { name: 'Ann' } }, 'Ann', []],
    ['{{ nick or name }}', {}, 'there', []],
    ['{{ phone_number|phone_format }}', { phoneNumber: '+15551234567' }, '(555) 123-4567', []],
    ['{{ points }}', { values: { points: 0 } }, '0', []],
    ['{{ price }}', { values: { price: 12.5 } }, '12.5', []],
    ['{{ price }}', { values: { price: Number.NaN } }, '', ['price']],
    ['{{ x }}', { values: { x: null } }, '', ['x']],
    ["{{ name }} & O'Neil <b>", { values: { name: "O'Neil & <Sons>" } }, "O'Neil & <Sons> & O'Neil <b>", []],
    ['{{ name }}', { values: { name: '{{ company }} {% if' } }, '{{ company }} {% if', []],
    ['a\\n"b"\t{ } % # é 🙂\r\n', {}, 'a\\n"b"\t{ } % # é 🙂\r\n', []],
    ["{{ '{{' }}{{ '}}' }}{{ \"it's\" }}{{ 'a\\nb' }}", {}, "{{}}it'sa\nb", []],
    ['{{ 5 }}{{ 2.50 }}{{ true }}{{ none }}{{ -5 }}', {}, '52.5true-5', []],
    ['', {}, '', []],
  ])('%s with %j', (template, source, text, missing) => {
    expect(render(template, source)).toEqual({ text, missing });
  });
});

describe('conditions', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['{% if vip %}a{% else %}b{% endif %}', { vip: 'yes' }, 'a'],
    ['{% if vip %}a{% else %}b{% endif %}', {}, 'b'],
    ['{% if vip %}a{% endif %}', { vip: ' ' }, ''],
    ['{% if company %}a{% else %}b{% endif %}', {}, 'b'],
    ["{% if plan == 'gold' %}G{% elif plan == 'silver' %}S{% else %}-{% endif %}", { plan: 'silver' }, 'S'],
    ["{% if plan == 'gold' %}G{% elif plan == 'silver' %}S{% else %}-{% endif %}", { plan: 'Gold' }, '-'],
    ["{% if plan != 'gold' %}a{% endif %}", {}, 'a'],
    ['{% if age >= 18 %}a{% else %}b{% endif %}', { age: '21' }, 'a'],
    ['{% if age >= 18 %}a{% else %}b{% endif %}', { age: '9' }, 'b'],
    ['{% if age < 18 %}a{% else %}b{% endif %}', {}, 'b'],
    ['{% if age <= 18 %}a{% else %}b{% endif %}', {}, 'b'],
    ['{% if age > 9 %}a{% else %}b{% endif %}', { age: 10 }, 'a'],
    ['{% if 1 < age < 10 %}a{% else %}b{% endif %}', { age: '12' }, 'b'],
    ['{% if age == 18 %}a{% endif %}', { age: '18.0' }, 'a'],
    ['{% if age === 18 %}a{% endif %}{% if age !== 18 %}b{% endif %}', { age: '18' }, 'a'],
    ['{% if vip == true %}a{% endif %}', { vip: 'TRUE' }, 'a'],
    ['{% if date == none %}a{% endif %}', {}, 'a'],
    ["{% if date > '2026-01-01' %}a{% endif %}", { date: '2026-02-15' }, 'a'],
    ['{% if balance > -5 %}a{% endif %}', { balance: '-4' }, 'a'],
    ["{% if vip and not (plan == 'none' or late) %}a{% endif %}", { vip: '1', plan: 'gold' }, 'a'],
    ["{% if vip and not (plan == 'none' or late) %}a{% endif %}", { vip: '1', plan: 'gold', late: 'y' }, ''],
    ["{{ 'Dr ' if doctor }}{{ name }}", { doctor: 'x', name: 'Ann' }, 'Dr Ann'],
    ["{{ 'today' if soon else 'later' }}", {}, 'later'],
    ['{{ date if date else name }}', {}, 'there'],
    ["{% if name|upper == 'ANN' %}a{% endif %}", { name: 'ann' }, 'a'],
    ['{% if a %}{% if b %}1{% else %}2{% endif %}{% else %}3{% endif %}', { a: 'x' }, '2'],
  ])('%s with %j says %s', (template, values, expected) => {
    expect(render(template, { values }).text).toBe(expected);
  });

  test('a variable that is only asked about is not counted as missing', () => {
    expect(render('{% if date %}On {{ date }}{% else %}Soon{% endif %}').missing).toEqual([]);
  });
});

describe('what a template needs', () => {
  test.each<[string, string[], string[]]>([
    ['Hi', [], []],
    ['{{ name }} {{ date }} {{ name }}', ['name', 'date'], ['name', 'date']],
    ["{{ date|default('soon') }}", ['date'], []],
    ['{% if date %}{{ date }}{% endif %}', ['date'], []],
    ['{% if date %}{{ date }}{% else %}{{ time }}{% endif %}', ['date', 'time'], ['time']],
    ['{% if date and time %}{{ time }}{% endif %}', ['date', 'time'], []],
    ['{% if date or time %}{{ time }}{% endif %}', ['date', 'time'], ['time']],
    ['{% if not date %}{{ date }}{% endif %}', ['date'], ['date']],
    ['{{ nick or name }}', ['nick', 'name'], ['name']],
    ['{{ date if date else time }}', ['date', 'time'], ['time']],
    ['{{ nick|default(name) }}', ['nick', 'name'], ['name']],
    ["{{ a|replace(b, 'x') }}", ['a', 'b'], ['a', 'b']],
  ])('%s', (template, variables, needed) => {
    expect(checkTemplate(template)).toEqual({ ok: true, variables, needed });
  });
});

describe('a template that cannot be saved says why and where', () => {
  test.each<[string, number, number, string]>([
    ['Hi {{ Name }}', 1, 7, 'There is no variable “Name”. Did you mean “name”?'],
    [
      'Hi {{ appointment_dat }}',
      1,
      7,
      'There is no variable “appointment_dat”. Did you mean “appointment_date”?',
    ],
    ["{{ nmae|default('x') }}", 1, 4, 'There is no variable “nmae”. Did you mean “name”?'],
    [
      '{{ zzzzzz }}',
      1,
      4,
      'There is no variable “zzzzzz”. Available are name, company, assistant_name, phone_number, appointment_date.',
    ],
    ['line one\nand {{ name|uper }}', 2, 13, 'There is no filter “uper”. Did you mean “upper”?'],
    [
      '{{ name|shout }}',
      1,
      9,
      'There is no filter “shout”. Those there are: default, phone_format, title_case, upper, lower, trim, capitalize, title, truncate, replace, round.',
    ],
    ['Hi {name}!', 1, 4, '“{name}” would be sent as it stands. Write {{ name }} with two braces.'],
    ['Hi\n{ name }!', 2, 1, '“{name}” would be sent as it stands. Write {{ name }} with two braces.'],
    ['{{ name|default(‘there’) }}', 1, 17, "Use straight quotes around a text: {{ name|default('there') }}."],
    [
      '{{ contact.name }}',
      1,
      11,
      'Only plain variables can be used: {{ company }}, not {{ contact.company }}.',
    ],
    ['{{ name|truncate }}', 1, 9, '“truncate” is written like this: {{ note|truncate(40) }}.'],
    ["{{ name|truncate('4') }}", 1, 18, '“truncate” needs a whole number from 1 to 1600.'],
    ["{{ name|upper('x') }}", 1, 9, '“upper” is written like this: {{ code|upper }}.'],
    ["{{ name|replace('', 'x') }}", 1, 17, '“replace” needs a text to look for between the quotes.'],
    [
      '{{ name name }}',
      1,
      9,
      'What stands between “{{” and “}}” must be one value, such as {{ name }} or {{ name|upper }}.',
    ],
    ['{{ }}', 1, 4, 'Nothing stands between these braces. Name a variable.'],
    [
      '{% for x in y %}{% endfor %}',
      1,
      4,
      '{% for %} is not available. A message can use {% if %}, {% elif %}, {% else %} and {% endif %}.',
    ],
    ['{% if name %}a{% elseif name %}b{% endif %}', 1, 18, 'Write {% elif … %} instead of {% elseif … %}.'],
    ['{% if name %}a', 1, 4, 'This {% if %} is never closed. Write {% endif %} where it ends.'],
    [
      '{% if name %}{% else %}{% else %}{% endif %}',
      1,
      27,
      'This {% else %} stands after {% else %}, which must be the last.',
    ],
    ['a{% endif %}', 1, 5, 'This {% endif %} has no {% if %} before it.'],
    ["{% if name = 'x' %}{% endif %}", 1, 12, "To compare, write two equals signs: {% if plan == 'gold' %}."],
    ['{% if !name %}{% endif %}', 1, 7, 'To turn a condition round, write “not”: {% if not vip %}.'],
    ['{{ name + 1 }}', 1, 4, 'Templates cannot calculate. Put the finished value into a column of the file.'],
    ['{{ if }}', 1, 4, '“if” is a word of the template language, not a variable.'],
    ['a #} b', 1, 1, 'The signs “{#” and “#}” mark comments, which a message cannot have. Take them out.'],
    ['{{ name|default("x) }}', 1, 17, 'The quote that starts here is never closed.'],
    ["{{ name|default('x' }}", 1, 21, 'A bracket “(” before this place is never closed.'],
    ['x'.repeat(10_001), 1, 1, 'The template has 10001 characters, 10000 are allowed. Shorten it.'],
  ])('%s', (template, line, column, message) => {
    expect(problemOf(template, ['appointment_date'])).toEqual({ message, line, column });
  });

  test('a name nobody has may stand when it brings its own default', () => {
    expect(checkTemplate("{{ voucher|default('none') }}", [])).toMatchObject({ ok: true });
  });

  test('every column of a file can be said in a template', () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('constructor', '__proto__', 'If', '3rd ٣', 'Ｎａｍｅ'),
    );
    fc.assert(
      fc.property(header, fc.constantFrom('', 'x'.repeat(70), '1'.repeat(70)), (start, end) => {
        const name = variableName(start + end, 0);
        expect(checkTemplate(`{{ ${name} }}`, [name])).toMatchObject({ ok: true, variables: [name] });
      }),
      { numRuns: 1000 },
    );
  });

  test('without known variables any name may stand', () => {
    expect(checkTemplate('{{ voucher }} {voucher} {{ prénom }}')).toMatchObject({ ok: true });
  });

  test('a long list of variables is cut in the sentence', () => {
    const known = Array.from({ length: 30 }, (_, index) => `column_${index}`);
    expect(problemOf('{{ zzzzzz }}', known)?.message).toMatch(/column_7 and 22 more\.$/);
  });
});

describe('a compiled template', () => {
  test('is made once per text', () => {
    expect(compileTemplate('Hi {{ name }}')).toBe(compileTemplate('Hi {{ name }}'));
  });

  test('is forgotten when hundreds of others came after it', () => {
    const first = compileTemplate('first {{ name }}');
    for (let index = 0; index < 400; index += 1) compileTemplate(`${index} {{ name }}`);
    expect(compileTemplate('first {{ name }}')).not.toBe(first);
  });

  test('refuses what saving would refuse', () => {
    expect(() => compileTemplate('{{ name')).toThrow(TemplateRefused);
  });

  test('keeps nothing of one contact for the next', () => {
    const template = compileTemplate('{{ name }} {{ date }}');
    const first = renderTemplate(template, templateContext({ values: { date: 'Monday' } }));
    const second = renderTemplate(template, templateContext({ values: { name: 'Ann' } }));
    expect(first).toEqual({ text: 'there Monday', missing: [] });
    expect(second).toEqual({ text: 'Ann ', missing: ['date'] });
  });
});

test('says what plain nunjucks says wherever both know the template', () => {
  const environment = new nunjucks.Environment([], { autoescape: false });
  const value = fc.stringMatching(/^[a-z][a-z '<&]{0,8}[a-z]$/);
  const name = fc.constantFrom('a', 'b', 'c');
  const filter = fc.constantFrom(
    '',
    '|upper',
    '|lower|trim',
    '|capitalize',
    '|title',
    "|replace('a', 'xy')",
    "|default('z')",
  );
  const shown = fc.tuple(name, filter).map((pair) => pair.join(''));
  const condition = fc.oneof(
    name,
    fc.tuple(name, fc.constantFrom('==', '!=', '<', '>='), name).map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('not ', ''), name, fc.constantFrom(' and ', ' or '), name)
      .map((parts) => parts.join('')),
  );
  const piece = fc.oneof(
    fc.constantFrom('Hi ', '"\\', '\n', ' } '),
    shown.map((text) => `{{ ${text} }}`),
    fc.tuple(shown, condition, shown).map(([yes, test_, no]) => `{{ ${yes} if ${test_} else ${no} }}`),
    fc
      .tuple(condition, shown, condition, shown)
      .map(
        ([first, yes, second, other]) =>
          `{% if ${first} %}{{ ${yes} }}{% elif ${second} %}x{% else %}{{ ${other} }}{% endif %}`,
      ),
  );
  const templates = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(templates, fc.record({ a: value, b: value, c: value }), (template, values) => {
      expect(render(template, { values }).text).toBe(environment.renderString(template, values));
    }),
    { numRuns: 1000 },
  );
});
