import { describe, expect, it } from 'vitest';
import {
  checkBlocks,
  checkRollout,
  checkView,
  isBlockTextTooLong,
  isViewTooLarge,
  toSlackMessage,
} from '#sandbox/slack/block-check.ts';
import type { Surface } from '#sandbox/slack/block-schema.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const letters = (count: number) => 'x'.repeat(count);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const section = (text = 'Hello') => ({ type: 'section', text: mrkdwn(text) });
const button = (extra: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const input = (element: object, extra: object = {}) => ({
  type: 'input',
  label: plain('Name'),
  element,
  ...extra,
});
const image = { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'A chart' };
const richText = {
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'Hi', style: { bold: true } },
        { type: 'user', user_id: 'U1' },
      ],
    },
    {
      type: 'rich_text_list',
      style: 'bullet',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }],
    },
  ],
};
const raw = (text: string) => ({ type: 'raw_text', text });
const dataTable = (rows: object[][], extra: object = {}) => ({
  type: 'data_table',
  caption: 'Results',
  rows,
  ...extra,
});
const pie = (segments: object[]) => ({
  type: 'data_visualization',
  title: 'Outcomes',
  chart: { type: 'pie', segments },
});
const bar = (series: object[], categories: string[]) => ({
  type: 'data_visualization',
  title: 'By day',
  chart: { type: 'bar', series, axis_config: { categories, x_label: 'Day', y_label: 'Texts' } },
});
const task = { type: 'task_card', task_id: 't1', title: 'Import', status: 'in_progress', details: richText };
const card = { type: 'card', title: mrkdwn('Spring'), body: mrkdwn('Running'), actions: [button()] };

describe('blocks that Slack takes', () => {
  const cases: [string, Surface, object][] = [
    ['a section with an accessory', 'message', { ...section(), accessory: button() }],
    ['a section of fields', 'home', { type: 'section', fields: times(10, () => mrkdwn('x')) }],
    ['a header with a level', 'modal', { type: 'header', text: plain('Title'), level: 2 }],
    ['a context of text and image', 'message', { type: 'context', elements: [mrkdwn('x'), image] }],
    [
      'buttons with confirm',
      'message',
      actions(
        button({
          confirm: {
            title: plain('Sure?'),
            text: mrkdwn('It dials'),
            confirm: plain('Yes'),
            deny: plain('No'),
            style: 'danger',
          },
        }),
      ),
    ],
    [
      'a select of options',
      'message',
      actions({ type: 'static_select', action_id: 's', options: [option('a')], initial_option: option('a') }),
    ],
    [
      'an overflow with a link',
      'message',
      actions({
        type: 'overflow',
        action_id: 'o',
        options: [{ ...option('a'), url: 'https://example.com' }],
      }),
    ],
    [
      'a file input',
      'modal',
      input({ type: 'file_input', action_id: 'f', filetypes: ['csv'], max_files: 1 }),
    ],
    [
      'a number input',
      'modal',
      input({
        type: 'number_input',
        action_id: 'n',
        is_decimal_allowed: false,
        min_value: '1',
        max_value: '9',
      }),
    ],
    [
      'a time picker with its zone',
      'modal',
      input({ type: 'timepicker', action_id: 't', initial_time: '09:00', timezone: 'Europe/Berlin' }),
    ],
    ['rich text', 'message', richText],
    ['an image', 'message', image],
    ['a divider', 'home', { type: 'divider' }],
    ['an alert', 'modal', { type: 'alert', text: mrkdwn('Careful'), level: 'warning' }],
    ['a card', 'home', card],
    ['a carousel', 'message', { type: 'carousel', elements: [card] }],
    [
      'a container',
      'message',
      {
        type: 'container',
        title: plain('Details'),
        child_blocks: [section()],
        is_collapsible: true,
        default_collapsed: true,
      },
    ],
    ['a plan of tasks', 'message', { type: 'plan', title: 'Launch', tasks: [task] }],
    ['a task card', 'message', task],
    ['markdown', 'message', { type: 'markdown', text: '**bold**' }],
    [
      'feedback buttons',
      'message',
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            action_id: 'fb',
            positive_button: { text: plain('Good'), value: '1' },
            negative_button: { text: plain('Bad'), value: '0' },
          },
        ],
      },
    ],
    [
      'a table',
      'message',
      {
        type: 'table',
        rows: [[raw('a'), { type: 'raw_number', value: 1, text: '1' }]],
        column_settings: [null, { align: 'right' }],
      },
    ],
    [
      'a data table',
      'message',
      dataTable([
        [raw('Outcome'), raw('Count')],
        [raw('answered'), { type: 'raw_number', value: 3, text: '3' }],
      ]),
    ],
    ['a pie', 'message', pie([{ label: 'answered', value: 3 }])],
    ['bars below zero', 'message', bar([{ name: 'sent', data: [{ label: 'Mon', value: -1 }] }], ['Mon'])],
    [
      'a video',
      'message',
      {
        type: 'video',
        alt_text: 'v',
        title: plain('v'),
        video_url: 'https://example.com/v',
        thumbnail_url: 'https://example.com/t',
      },
    ],
  ];
  it.each(cases)('%s on %s', (_name, surface, block) => {
    expect(checkBlocks(surface, [block])).toEqual([]);
  });
});

describe('blocks that Slack refuses', () => {
  const cases: [string, Surface, object[], string, string][] = [
    [
      'an unknown block type',
      'message',
      [{ type: 'marquee' }],
      '/blocks/0/type',
      'unsupported type: marquee',
    ],
    ['a block without a type', 'message', [{}], '/blocks/0', 'missing required field: type'],
    [
      '51 blocks in a message',
      'message',
      times(51, () => section()),
      '/blocks',
      'no more than 50 items allowed',
    ],
    [
      '101 blocks in a home tab',
      'home',
      times(101, () => section()),
      '/blocks',
      'no more than 100 items allowed',
    ],
    [
      '3,001 letters in a section',
      'message',
      [section(letters(3001))],
      '/blocks/0/text/text',
      'must be less than 3001 characters',
    ],
    ['an empty text', 'message', [section('')], '/blocks/0/text/text', 'must be more than 0 characters'],
    [
      'a section without text',
      'message',
      [{ type: 'section' }],
      '/blocks/0',
      'missing required field: text or fields',
    ],
    [
      '2,001 letters in a field',
      'message',
      [{ type: 'section', fields: [mrkdwn(letters(2001))] }],
      '/blocks/0/fields/0/text',
      'must be less than 2001 characters',
    ],
    [
      '11 fields',
      'message',
      [{ type: 'section', fields: times(11, () => mrkdwn('x')) }],
      '/blocks/0/fields',
      'no more than 10 items allowed',
    ],
    [
      '151 letters in a header',
      'message',
      [{ type: 'header', text: plain(letters(151)) }],
      '/blocks/0/text/text',
      'must be less than 151 characters',
    ],
    [
      'mrkdwn in a header',
      'message',
      [{ type: 'header', text: mrkdwn('x') }],
      '/blocks/0/text/type',
      'unsupported type: mrkdwn',
    ],
    [
      '11 context elements',
      'message',
      [{ type: 'context', elements: times(11, () => mrkdwn('x')) }],
      '/blocks/0/elements',
      'no more than 10 items allowed',
    ],
    [
      '26 buttons',
      'message',
      [actions(...times(26, (n) => button({ action_id: `b${n}` })))],
      '/blocks/0/elements',
      'no more than 25 items allowed',
    ],
    [
      '76 letters on a button',
      'message',
      [actions(button({ text: plain(letters(76)) }))],
      '/blocks/0/elements/0/text/text',
      'must be less than 76 characters',
    ],
    [
      'a long button value',
      'message',
      [actions(button({ value: letters(2001) }))],
      '/blocks/0/elements/0/value',
      'must be less than 2001 characters',
    ],
    [
      'a link that is none',
      'message',
      [actions(button({ url: 'example' }))],
      '/blocks/0/elements/0/url',
      'invalid url',
    ],
    [
      'a colour Slack lacks',
      'message',
      [actions(button({ style: 'warning' }))],
      '/blocks/0/elements/0/style',
      'must be a valid enum value',
    ],
    [
      'a property Slack lacks',
      'message',
      [actions(button({ disabled: true }))],
      '/blocks/0/elements/0',
      'invalid additional property: disabled',
    ],
    [
      'a text input among buttons',
      'message',
      [actions({ type: 'plain_text_input', action_id: 't' })],
      '/blocks/0/elements/0/type',
      'unsupported type: plain_text_input',
    ],
    [
      'a long block_id',
      'message',
      [{ ...section(), block_id: letters(256) }],
      '/blocks/0/block_id',
      'must be less than 256 characters',
    ],
    [
      'a long action_id',
      'message',
      [actions(button({ action_id: letters(256) }))],
      '/blocks/0/elements/0/action_id',
      'must be less than 256 characters',
    ],
    [
      '101 options',
      'message',
      [actions({ type: 'static_select', action_id: 's', options: times(101, (n) => option(`${n}`)) })],
      '/blocks/0/elements/0/options',
      'no more than 100 items allowed',
    ],
    [
      'options and groups at once',
      'message',
      [
        actions({
          type: 'static_select',
          action_id: 's',
          options: [option('a')],
          option_groups: [{ label: plain('g'), options: [option('a')] }],
        }),
      ],
      '/blocks/0/elements/0',
      'must provide exactly one of: options, option_groups',
    ],
    [
      'a long option value',
      'message',
      [
        actions({
          type: 'static_select',
          action_id: 's',
          options: [{ text: plain('a'), value: letters(151) }],
        }),
      ],
      '/blocks/0/elements/0/options/0/value',
      'must be less than 151 characters',
    ],
    [
      'an initial option not on the list',
      'message',
      [
        actions({
          type: 'static_select',
          action_id: 's',
          options: [option('a')],
          initial_option: option('b'),
        }),
      ],
      '/blocks/0/elements/0',
      'initial option must exactly match one of the provided options',
    ],
    [
      '11 checkboxes',
      'message',
      [actions({ type: 'checkboxes', action_id: 'c', options: times(11, (n) => option(`${n}`)) })],
      '/blocks/0/elements/0/options',
      'no more than 10 items allowed',
    ],
    [
      '6 overflow options',
      'message',
      [actions({ type: 'overflow', action_id: 'o', options: times(6, (n) => option(`${n}`)) })],
      '/blocks/0/elements/0/options',
      'no more than 5 items allowed',
    ],
    [
      'a long confirm text',
      'message',
      [actions(button({ confirm: { text: mrkdwn(letters(301)) } }))],
      '/blocks/0/elements/0/confirm/text/text',
      'must be less than 301 characters',
    ],
    [
      'a long confirm button',
      'message',
      [actions(button({ confirm: { text: mrkdwn('x'), confirm: plain(letters(31)) } }))],
      '/blocks/0/elements/0/confirm/confirm/text',
      'must be less than 31 characters',
    ],
    [
      'a number input without is_decimal_allowed',
      'modal',
      [input({ type: 'number_input', action_id: 'n' })],
      '/blocks/0/element',
      'missing required field: is_decimal_allowed',
    ],
    [
      'a numeric min_value',
      'modal',
      [input({ type: 'number_input', action_id: 'n', is_decimal_allowed: true, min_value: 1 })],
      '/blocks/0/element/min_value',
      'must be a number given as a string',
    ],
    [
      'a file input in a message',
      'message',
      [input({ type: 'file_input', action_id: 'f' })],
      '/blocks/0/element/type',
      'unsupported type: file_input',
    ],
    [
      'dispatch_action on a file input',
      'modal',
      [input({ type: 'file_input', action_id: 'f' }, { dispatch_action: true })],
      '/blocks/0/dispatch_action',
      'dispatch_action is not allowed with file_input',
    ],
    [
      'a zone that does not exist',
      'modal',
      [input({ type: 'timepicker', action_id: 't', timezone: 'Mars/Base' })],
      '/blocks/0/element/timezone',
      'must be a timezone in IANA format',
    ],
    [
      'the same block_id twice',
      'message',
      [
        { ...section(), block_id: 'a' },
        { ...section(), block_id: 'a' },
      ],
      '/blocks/1/block_id',
      '`block_id` already exists: a',
    ],
    [
      'the same action_id twice in a block',
      'message',
      [actions(button(), button())],
      '/blocks/0',
      '`action_id` already exists in this block: go',
    ],
    [
      'an alert in a message',
      'message',
      [{ type: 'alert', text: mrkdwn('x') }],
      '/blocks/0/type',
      'unsupported type: alert',
    ],
    [
      'a chart in a modal',
      'modal',
      [pie([{ label: 'a', value: 1 }])],
      '/blocks/0/type',
      'unsupported type: data_visualization',
    ],
    [
      'a chart in the home tab',
      'home',
      [pie([{ label: 'a', value: 1 }])],
      '/blocks/0/type',
      'unsupported type: data_visualization',
    ],
    [
      'a table in a modal',
      'modal',
      [{ type: 'table', rows: [[raw('a')]] }],
      '/blocks/0/type',
      'unsupported type: table',
    ],
    [
      'three charts',
      'message',
      times(3, () => pie([{ label: 'a', value: 1 }])),
      '/blocks',
      'no more than 2 data_visualization blocks allowed',
    ],
    [
      'a pie of 13',
      'message',
      [pie(times(13, (n) => ({ label: `${n}`, value: 1 })))],
      '/blocks/0/chart/segments',
      'no more than 12 items allowed',
    ],
    [
      'an empty slice',
      'message',
      [pie([{ label: 'a', value: 0 }])],
      '/blocks/0/chart/segments/0/value',
      'must be greater than 0',
    ],
    [
      'a long slice label',
      'message',
      [pie([{ label: letters(21), value: 1 }])],
      '/blocks/0/chart/segments/0/label',
      'must be less than 21 characters',
    ],
    [
      'a series that misses a category',
      'message',
      [bar([{ name: 'a', data: [{ label: 'Mon', value: 1 }] }], ['Mon', 'Tue'])],
      '/blocks/0/chart/series/0/data',
      'must have exactly one data point per category',
    ],
    [
      'two series of one name',
      'message',
      [
        bar(
          times(2, () => ({ name: 'a', data: [{ label: 'Mon', value: 1 }] })),
          ['Mon'],
        ),
      ],
      '/blocks/0/chart/series',
      'series names must be unique',
    ],
    [
      'a data table without caption',
      'message',
      [{ type: 'data_table', rows: [[raw('a')], [raw('b')]] }],
      '/blocks/0',
      'missing required field: caption',
    ],
    [
      'a data table of a header only',
      'message',
      [dataTable([[raw('a')]])],
      '/blocks/0/rows',
      'no fewer than 2 items allowed',
    ],
    [
      'a data table of 202 rows',
      'message',
      [dataTable(times(202, () => [raw('a')]))],
      '/blocks/0/rows',
      'no more than 201 items allowed',
    ],
    [
      'ragged rows',
      'message',
      [dataTable([[raw('a'), raw('b')], [raw('c')]])],
      '/blocks/0/rows/1',
      'must have 2 cells like the header',
    ],
    [
      'rich text in a table header',
      'message',
      [dataTable([[richText], [raw('c')]])],
      '/blocks/0/rows/0/0/type',
      'unsupported type: rich_text',
    ],
    [
      'more than 20,000 letters in a data table',
      'message',
      [dataTable([[raw('a')], ...times(21, () => [raw(letters(1000))])])],
      '/blocks/0/rows',
      'must be less than 20001 characters in all cells',
    ],
    [
      'two tables',
      'message',
      times(2, () => ({ type: 'table', rows: [[raw('a')]] })),
      '/blocks',
      'only one table allowed',
    ],
    [
      'a card of plain strings',
      'message',
      [{ type: 'card', title: 'Spring' }],
      '/blocks/0/title',
      'must provide an object',
    ],
    [
      'a card with two icons',
      'message',
      [{ ...card, icon: image, slack_icon: { type: 'icon', name: 'x' } }],
      '/blocks/0',
      'must provide only one of: icon, slack_icon',
    ],
    [
      'a card with four buttons',
      'message',
      [{ ...card, actions: times(4, (n) => button({ action_id: `${n}` })) }],
      '/blocks/0/actions',
      'no more than 3 items allowed',
    ],
    [
      'a card of only a subtitle',
      'message',
      [{ type: 'card', subtitle: mrkdwn('x') }],
      '/blocks/0',
      'missing required field: hero_image or title or actions or body',
    ],
    [
      'a plan with a text object for a title',
      'message',
      [{ type: 'plan', title: plain('x') }],
      '/blocks/0/title',
      'must provide a string',
    ],
    [
      'a card within a container',
      'message',
      [{ type: 'container', title: plain('x'), child_blocks: [card] }],
      '/blocks/0/child_blocks/0/type',
      'unsupported type: card',
    ],
    [
      '11 cards in a carousel',
      'message',
      [{ type: 'carousel', elements: times(11, () => card) }],
      '/blocks/0/elements',
      'no more than 10 items allowed',
    ],
    [
      'an unknown task status',
      'message',
      [{ ...task, status: 'paused' }],
      '/blocks/0/status',
      'must be a valid enum value',
    ],
    [
      'blocks that are no list',
      'message',
      { type: 'section' } as unknown as object[],
      '/blocks',
      'must provide an array',
    ],
  ];
  it.each(cases)('%s', (_name, surface, blocks, pointer, message) => {
    expect(checkBlocks(surface, blocks)).toContainEqual({ pointer, message });
  });

  it('the same action_id in two blocks is fine', () => {
    expect(checkBlocks('message', [actions(button()), actions(button())])).toEqual([]);
  });

  it('a problem is worded with its pointer as Slack words it', () => {
    expect(toSlackMessage({ pointer: '/blocks/0', message: 'missing required field: type' })).toBe(
      '[ERROR] missing required field: type [json-pointer:/blocks/0]',
    );
  });

  it('a workspace in rollout knows none of the new blocks', () => {
    expect(checkRollout([section(), pie([])])).toEqual([
      { pointer: '/blocks/1/type', message: 'unsupported type: data_visualization' },
    ]);
  });

  it('13,200 letters over all blocks are the most a message holds, cells not counted', () => {
    const full = times(4, () => section(letters(3000)));
    expect(isBlockTextTooLong([...full, section(letters(1200))])).toBe(false);
    expect(isBlockTextTooLong([...full, section(letters(1201))])).toBe(true);
    expect(isBlockTextTooLong([...full, { type: 'table', rows: [[raw(letters(5000))]] }])).toBe(false);
  });
});

describe('views', () => {
  const modal = (extra: object = {}) => ({
    type: 'modal',
    title: plain('New campaign'),
    blocks: [section()],
    ...extra,
  });
  const cases: [string, object, string, string][] = [
    [
      'a title of 25 letters',
      modal({ title: plain(letters(25)) }),
      '/view/title/text',
      'must be less than 25 characters',
    ],
    ['no title', { type: 'modal', blocks: [] }, '/view', 'missing required field: title'],
    [
      'a long submit',
      modal({ submit: plain(letters(25)) }),
      '/view/submit/text',
      'must be less than 25 characters',
    ],
    [
      'an input without submit',
      modal({ blocks: [input({ type: 'plain_text_input', action_id: 'n' })] }),
      '/view',
      'missing required field: submit',
    ],
    [
      'private_metadata of 3,001',
      modal({ private_metadata: letters(3001) }),
      '/view/private_metadata',
      'must be less than 3001 characters',
    ],
    [
      'a home view opened as a modal',
      { type: 'home', title: plain('x'), blocks: [] },
      '/view/type',
      'must be a valid enum value',
    ],
    [
      'submit_disabled',
      modal({ submit_disabled: true }),
      '/view',
      'invalid additional property: submit_disabled',
    ],
    [
      'a bad block',
      modal({ blocks: [{ type: 'section' }] }),
      '/view/blocks/0',
      'missing required field: text or fields',
    ],
  ];
  it.each(cases)('%s is refused', (_name, view, pointer, message) => {
    expect(checkView(view, 'modal')).toContainEqual({ pointer, message });
  });

  it('a good modal and a good home are taken', () => {
    const form = modal({
      submit: plain('Save'),
      close: plain('Cancel'),
      notify_on_close: true,
      callback_id: 'new',
      private_metadata: '{}',
      blocks: [input({ type: 'plain_text_input', action_id: 'n' })],
    });
    expect(checkView(form, 'modal')).toEqual([]);
    expect(checkView({ type: 'home', blocks: [section()] }, 'home')).toEqual([]);
  });

  it('250 KB are the most a view holds', () => {
    expect(isViewTooLarge(modal())).toBe(false);
    expect(isViewTooLarge(modal({ blocks: times(90, () => section(letters(2900))) }))).toBe(true);
  });
});
