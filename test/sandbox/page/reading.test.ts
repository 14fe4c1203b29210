import { describe, expect, it } from 'vitest';
import { sortRows } from '#sandbox/page/blocks/table-order.ts';
import { describeChart, niceTicks, readChart } from '#sandbox/page/charts/chart-data.ts';
import { type Choice, matching } from '#sandbox/page/elements/choices.ts';
import { fieldProblem, withIds } from '#sandbox/page/elements/fields.ts';
import { createForm } from '#sandbox/page/elements/form.ts';
import { secondsAtWallTime, wallTimeAt } from '#sandbox/page/elements/zoned-time.ts';
import { prettyExchange } from '#sandbox/page/inspector/pretty.ts';
import { formatNumber, typedNumber } from '#sandbox/page/phones/phone-book.ts';
import { commandOf, completionAt } from '#sandbox/page/slack/completion.ts';
import { formatBytes } from '#sandbox/page/text/bytes.ts';
import { formatSlackDate } from '#sandbox/page/text/dates.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ada, ben, bot, general, outreach, tuesdayTenMs } from './people.ts';

describe('dates in messages', () => {
  const reader = { timeZone: 'America/New_York', nowMs: tuesdayTenMs };
  const seconds = tuesdayTenMs / 1000;

  it.each([
    [0, '{date_num} {time}', '24/11/2026 05:00'],
    [0, '{date} {time_secs}', '24 November 2026 05:00:00'],
    [0, '{date_short_pretty} at {time}', 'today at 05:00'],
    [-86_400, '{date_pretty}', 'yesterday'],
    [86_400, '{date_long_pretty}', 'tomorrow'],
    [-6 * 3600, '{date_short_pretty}', 'yesterday'],
    [-3 * 86_400, '{date_long_pretty}', 'Saturday 21 November 2026'],
    [-90, '{ago}', '1 minute ago'],
    [0, '{unknown} x', '{unknown} x'],
  ])('%i seconds from now as %s', (later, format, expected) => {
    // Whether a comma follows the weekday depends on the runtime's data.
    expect(formatSlackDate(seconds + later, format, reader).replace('day,', 'day')).toBe(expected);
  });
});

describe('wall times', () => {
  it.each([
    ['2026-07-01T09:30', 'Europe/London', '2026-07-01T08:30:00Z'],
    ['2026-01-15T09:30', 'America/New_York', '2026-01-15T14:30:00Z'],
    ['2026-06-01T12:00', 'Asia/Kathmandu', '2026-06-01T06:15:00Z'],
    // The clocks go back at 02:00 on 1 November: the second 01:30 is taken.
    ['2026-11-01T03:00', 'America/New_York', '2026-11-01T08:00:00Z'],
    // The clocks skip 02:00–03:00 on 8 March.
    ['2026-03-08T01:59', 'America/New_York', '2026-03-08T06:59:00Z'],
    ['2026-03-08T03:00', 'America/New_York', '2026-03-08T07:00:00Z'],
  ])('%s in %s is %s, and back', (wallTime, timeZone, instant) => {
    expect(secondsAtWallTime(wallTime, timeZone)).toBe(Date.parse(instant) / 1000);
    expect(wallTimeAt(Date.parse(instant) / 1000, timeZone)).toBe(wallTime);
  });

  it('an hour that the clocks skip becomes one that exists', () => {
    const seconds = secondsAtWallTime('2026-03-08T02:30', 'America/New_York');
    expect(seconds).not.toBeNull();
    expect(['2026-03-08T01:30', '2026-03-08T03:30']).toContain(wallTimeAt(seconds ?? 0, 'America/New_York'));
  });

  it('nothing typed is no time', () => {
    expect(secondsAtWallTime('', 'UTC')).toBeNull();
  });
});

describe('fields', () => {
  const element = (type: string, rest: JsonObject = {}) => ({ type, action_id: 'a', ...rest });
  const problem = (field: JsonObject, state: JsonObject) =>
    fieldProblem({ blockId: 'b', actionId: 'a', element: field, isInput: true, isOptional: false }, state);

  it.each([
    [
      element('number_input', { is_decimal_allowed: false }),
      { value: '1.5' },
      'Please enter a whole number.',
    ],
    [element('number_input', { is_decimal_allowed: true }), { value: '1.5' }, null],
    [
      element('number_input', { is_decimal_allowed: true }),
      { value: 'many' },
      'Please enter a number, in digits.',
    ],
    [
      element('number_input', { is_decimal_allowed: false, min_value: '0' }),
      { value: '-1' },
      'Please enter 0 or more.',
    ],
    [
      element('plain_text_input', { min_length: 2 }),
      { value: 'a' },
      'Please use at least 2 characters; there are 1 so far.',
    ],
    [element('plain_text_input'), { value: '   ' }, 'Please complete this required field.'],
    [element('checkboxes'), { selected_options: [] }, 'Please complete this required field.'],
    [element('datetimepicker'), { selected_date_time: 0 }, null],
    [element('url_text_input'), { value: 'ftp://x' }, 'Please enter a whole link, like https://example.com.'],
  ])('%j holding %j: %s', (field, state, expected) => {
    expect(problem(field, state)).toBe(expected);
  });

  it('without ids get ids that follow from their place, nested ones too', () => {
    const [, container] = withIds([
      { type: 'divider' },
      {
        type: 'container',
        child_blocks: [
          { type: 'actions', elements: [{ type: 'button' }, { type: 'datepicker', action_id: 'd' }] },
        ],
      },
    ]);
    expect(container).toMatchObject({
      block_id: 'block-1',
      child_blocks: [{ block_id: 'block-1-0', elements: [{ action_id: 'action-0' }, { action_id: 'd' }] }],
    });
  });

  it('are collected from sections, actions, inputs and containers, but not buttons', () => {
    const blocks = withIds([
      { type: 'section', block_id: 's', accessory: element('users_select', { initial_user: 'U1' }) },
      {
        type: 'actions',
        block_id: 'x',
        elements: [element('button'), element('datepicker', { action_id: 'd' })],
      },
      {
        type: 'container',
        block_id: 'c',
        child_blocks: [{ type: 'input', block_id: 'i', element: element('plain_text_input') }],
      },
      {
        type: 'input',
        block_id: 'conv',
        element: element('conversations_select', { default_to_current_conversation: true }),
      },
    ]);
    expect(createForm('C9').values(blocks)).toEqual({
      s: { a: { type: 'users_select', selected_user: 'U1' } },
      x: { d: { type: 'datepicker', selected_date: null } },
      i: { a: { type: 'plain_text_input', value: null } },
      conv: { a: { type: 'conversations_select', selected_conversation: 'C9' } },
    });
  });

  it('forget their value once they were gone', () => {
    const form = createForm(null);
    const field = element('plain_text_input', { initial_value: 'one' });
    const blocks = [{ type: 'input', block_id: 'b', element: field }];
    form.state('b', field).value = { value: 'typed' };
    form.keepOnly(blocks);
    expect(form.values(blocks)).toEqual({ b: { a: { type: 'plain_text_input', value: 'typed' } } });
    form.keepOnly([]);
    expect(form.values(blocks)).toEqual({ b: { a: { type: 'plain_text_input', value: 'one' } } });
  });
});

describe('choices', () => {
  const choice = (label: string, detail = ''): Choice => ({ key: label, label, detail, value: label });

  it('are narrowed by every word, those that begin with it first', () => {
    const groups = [
      { label: 'all', choices: [choice('New England'), choice('England', 'old'), choice('Wales')] },
    ];
    expect(matching(groups, 'engl')[0]?.choices.map((one) => one.label)).toEqual(['England', 'New England']);
    expect(matching(groups, 'engl old')[0]?.choices.map((one) => one.label)).toEqual(['England']);
    expect(matching(groups, 'nowhere')).toEqual([]);
    expect(matching(groups, ' ')).toBe(groups);
  });
});

describe('completion', () => {
  const known = {
    commands: [{ command: '/campaign', description: 'd', usageHint: '[new]' }],
    users: [ada, ben, bot],
    channels: [general, outreach],
  };

  it.each([
    ['/', 1, ['/campaign [new]']],
    ['/campaign new', 13, undefined],
    ['hello /camp', 11, undefined],
    ['@ok', 3, ['Ada Okafor']],
    ['mail a@ok', 9, undefined],
    ['in #out now', 7, ['#outreach']],
    ['@nobody', 7, undefined],
  ])('of %j at %i is %j', (text, caret, expected) => {
    expect(completionAt(text, caret, known)?.suggestions.map((suggestion) => suggestion.label)).toEqual(
      expected,
    );
  });

  it('knows the command that is typed out', () => {
    expect(commandOf('/campaign new x', known.commands)?.command).toBe('/campaign');
    expect(commandOf('/camp', known.commands)).toBeUndefined();
  });
});

describe('charts', () => {
  it.each([
    [
      [0, 60],
      [0, 20, 40, 60],
    ],
    [[3], [0, 1, 2, 3]],
    [
      [-5, 12],
      [-5, 0, 5, 10, 15],
    ],
    [
      [0, 0],
      [0, 1],
    ],
    [[0.002], [0, 0.0005, 0.001, 0.0015, 0.002]],
    [[123_456], [0, 50_000, 100_000, 150_000]],
  ])('values %j are measured by %j', (values, ticks) => {
    expect(niceTicks(values, 4)).toEqual(ticks);
  });

  it('are told in words, a missing point as nothing', () => {
    const chart = readChart({
      title: 'Texts',
      chart: {
        type: 'line',
        series: [
          { name: 'Sent', data: [{ label: 'Mon', value: 1200 }] },
          { name: 'Failed', data: [{ label: 'Tue', value: 3 }] },
        ],
        axis_config: { categories: ['Mon', 'Tue'] },
      },
    });
    expect(chart && describeChart(chart)).toBe(
      'Texts, a line chart. Sent: Mon 1,200, Tue 0. Failed: Mon 0, Tue 3.',
    );
  });

  it('of kinds we do not know are not charts', () => {
    expect(readChart({ chart: { type: 'radar' } })).toBeNull();
    expect(readChart({})).toBeNull();
  });
});

describe('tables', () => {
  const cell = (text: string) => ({ type: 'raw_text', text });
  const amount = (value: number) => ({ type: 'raw_number', value, text: `${value}` });
  const column = (rows: JsonObject[][]) => rows.map((row) => row[0]?.text);

  it('put numbers by value, words as people order them, and empty cells last either way', () => {
    const numbers = [[amount(10)], [amount(9)], [amount(100)]];
    expect(column(sortRows(numbers, { column: 0, isDescending: false }) as JsonObject[][])).toEqual([
      '9',
      '10',
      '100',
    ]);
    const named = [[cell('b10')], [cell('')], [cell('B2')], [cell('a')]];
    expect(column(sortRows(named, { column: 0, isDescending: false }) as JsonObject[][])).toEqual([
      'a',
      'B2',
      'b10',
      '',
    ]);
    expect(column(sortRows(named, { column: 0, isDescending: true }) as JsonObject[][])).toEqual([
      'b10',
      'B2',
      'a',
      '',
    ]);
    expect(sortRows(named, null)).toBe(named);
  });
});

describe('exchanges', () => {
  it.each([
    ['HTTP 200\n\n{"ok":true}', 'HTTP 200\n\n{\n  "ok": true\n}'],
    ['POST /x\nhost: a\n\na=1&b=%7B%22c%22%3A2%7D', 'POST /x\nhost: a\n\na = 1\nb = {\n  "c": 2\n}'],
    ['{"a":1}', '{\n  "a": 1\n}'],
    ['POST /x\n\n{broken', 'POST /x\n\n{broken'],
    ['two words = not a form', 'two words = not a form'],
    ['x\n\nline\n\nline', 'x\n\nline\n\nline'],
  ])('%j is shown as %j', (text, shown) => {
    expect(prettyExchange(text)).toBe(shown);
  });
});

describe('numbers and sizes', () => {
  it.each([
    ['+44 20 7946 0018', '+442079460018'],
    ['(415) 555-0133', null],
    ['+1 (415) 555-0133', '+14155550133'],
    ['+0123456789', null],
    ['sam', null],
  ])('%j typed is %j', (typed, number) => {
    expect(typedNumber(typed)).toBe(number);
  });

  it.each([
    ['+14155550133', '+1 415 555 0133'],
    ['+442079460018', '+442 079 460 018'],
  ])('%s is written %s', (number, written) => {
    expect(formatNumber(number)).toBe(written);
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [18_422, '18.4 kB'],
    [2_500_000, '2.5 MB'],
    [21_000_000_000, '21.0 GB'],
  ])('%i is %s', (size, written) => {
    expect(formatBytes(size)).toBe(written);
  });
});
