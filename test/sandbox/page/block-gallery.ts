import type { JsonObject } from '#sandbox/page-protocol.ts';
import { tuesdayTenMs } from './people.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (text: string, value: string, description?: string) => ({
  text: plain(text),
  value,
  ...(description ? { description: plain(description) } : {}),
});
const rich = (text: string, style: JsonObject = {}) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text, style }] }],
});
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const seconds = tuesdayTenMs / 1000;

/** Every kind of block a message may hold, each with what it may hold. */
export const messageBlocks: JsonObject[] = [
  { type: 'header', block_id: 'head', text: plain('Autumn reminder :calendar:') },
  {
    type: 'section',
    block_id: 'words',
    text: mrkdwn(
      `*Bold* _italic_ ~gone~ \`code\` <https://example.com/a?b=1&amp;c=2|a link> <@U0BEN> <#C0GEN|general> <!here> :tada:\nStarts <!date^${seconds}^{date_short_pretty} at {time}|later>`,
    ),
    accessory: { type: 'button', action_id: 'preview', text: plain('Preview'), value: 'c1' },
  },
  {
    type: 'section',
    block_id: 'fields',
    fields: [
      mrkdwn('*Sent*\n120'),
      mrkdwn('*Delivered*\n112'),
      mrkdwn('*Replied*\n9'),
      mrkdwn('*Opted out*\n2'),
    ],
  },
  { type: 'divider', block_id: 'line' },
  {
    type: 'context',
    block_id: 'small',
    elements: [{ type: 'image', image_url: pixel, alt_text: 'green dot' }, mrkdwn('Updated *just now*')],
  },
  {
    type: 'actions',
    block_id: 'moves',
    elements: [
      { type: 'button', action_id: 'start', text: plain('Start'), style: 'primary', value: 'c1:3' },
      {
        type: 'button',
        action_id: 'cancel',
        text: plain('Cancel'),
        style: 'danger',
        value: 'c1:3',
        accessibility_label: 'Cancel the campaign Autumn reminder',
        confirm: {
          title: plain('Cancel the campaign?'),
          text: mrkdwn('*38 contacts* have not been texted. They never will be.'),
          confirm: plain('Cancel campaign'),
          deny: plain('Keep it'),
          style: 'danger',
        },
      },
      {
        type: 'static_select',
        action_id: 'pick',
        placeholder: plain('Pick a list'),
        option_groups: [
          {
            label: plain('Mine'),
            options: [option('Clients', 'clients', '120 contacts'), option('Leads', 'leads')],
          },
          { label: plain('Shared'), options: [option('Everyone', 'everyone')] },
        ],
      },
      { type: 'datepicker', action_id: 'day', initial_date: '2026-11-25' },
      { type: 'timepicker', action_id: 'hour', initial_time: '09:30', timezone: 'America/New_York' },
      { type: 'overflow', action_id: 'more', options: [option('Export', 'export'), option('Why?', 'why')] },
    ],
  },
  {
    type: 'section',
    block_id: 'boxes',
    text: mrkdwn('Who may answer'),
    accessory: {
      type: 'checkboxes',
      action_id: 'who',
      options: [option('Owners', 'owners'), option('Everyone', 'everyone', 'guests too')],
      initial_options: [option('Owners', 'owners')],
    },
  },
  {
    type: 'image',
    block_id: 'picture',
    image_url: pixel,
    alt_text: 'A green square',
    title: plain('The map'),
  },
  {
    type: 'image',
    block_id: 'elsewhere',
    image_url: 'https://pictures.example/x.png',
    alt_text: 'Somewhere else',
  },
  {
    type: 'rich_text',
    block_id: 'rich',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'Rich ', style: { bold: true } },
          { type: 'user', user_id: 'U0ADA' },
          { type: 'emoji', name: 'unknown_thing', unicode: '1f3aa' },
          { type: 'link', url: 'https://example.com/', text: ' site' },
          { type: 'date', timestamp: seconds, format: '{date_long}', fallback: 'a day' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] }],
      },
      {
        type: 'rich_text_list',
        style: 'bullet',
        indent: 1,
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'deeper' }] }],
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'a quote' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'let x = 1;' }] },
    ],
  },
  {
    type: 'markdown',
    block_id: 'md',
    text: '## Plan\n\nSome **bold** and *italic* with `code` and [a link](https://example.com).\n\n1. one\n2. two\n   - [x] done\n\n> quoted\n\n| Name | Count |\n|---|---|\n| Ann | 3 |\n\n```\nraw <b>\n```',
  },
  {
    type: 'table',
    block_id: 'table',
    column_settings: [null, { align: 'right' }, { is_wrapped: true }],
    rows: [
      [
        { type: 'raw_text', text: 'Outcome' },
        { type: 'raw_text', text: 'Contacts' },
        { type: 'raw_text', text: 'Note' },
      ],
      [
        { type: 'raw_text', text: 'delivered' },
        { type: 'raw_number', value: 112, text: '112' },
        rich('fine', { italic: true }),
      ],
      [
        { type: 'raw_text', text: 'failed' },
        { type: 'raw_number', value: 8, text: '8' },
        rich('landlines mostly'),
      ],
    ],
  },
  {
    type: 'data_table',
    block_id: 'data',
    caption: 'Attempts by area',
    page_size: 3,
    rows: [
      [
        { type: 'raw_text', text: 'Area' },
        { type: 'raw_text', text: 'Attempts' },
      ],
      ...[
        ['Boston', 9],
        ['Austin', 100],
        ['Denver', 20],
        ['Chicago', 3],
        ['El Paso', 44],
      ].map(([name, value]): JsonObject[] => [
        { type: 'raw_text', text: String(name) },
        { type: 'raw_number', value: Number(value), text: String(value) },
      ]),
    ],
  },
  {
    type: 'data_visualization',
    block_id: 'pie',
    title: 'Outcomes',
    chart: {
      type: 'pie',
      segments: [
        { label: 'Delivered', value: 112 },
        { label: 'Failed', value: 6 },
        { label: 'Opted out', value: 2 },
      ],
    },
  },
  ...['bar', 'line', 'area'].map((type) => ({
    type: 'data_visualization',
    block_id: `chart-${type}`,
    title: `Texts by hour, ${type}`,
    chart: {
      type,
      series: [
        {
          name: 'Sent',
          data: [
            { label: '09:00', value: 40 },
            { label: '10:00', value: 55 },
            { label: '11:00', value: 25 },
          ],
        },
        {
          name: 'Replies',
          data: [
            { label: '09:00', value: 2 },
            { label: '10:00', value: 5 },
            { label: '11:00', value: 3 },
          ],
        },
      ],
      axis_config: { categories: ['09:00', '10:00', '11:00'], x_label: 'Hour', y_label: 'Texts' },
    },
  })),
  {
    type: 'card',
    block_id: 'card',
    icon: { type: 'image', image_url: pixel, alt_text: 'logo' },
    title: mrkdwn('Spring campaign'),
    subtitle: mrkdwn('finished in May'),
    body: mrkdwn('It reached *98 %* of its contacts.'),
    subtext: mrkdwn('run 3'),
    actions: [{ type: 'button', action_id: 'again', text: plain('Run again') }],
  },
  {
    type: 'carousel',
    block_id: 'cards',
    elements: ['One', 'Two', 'Three'].map((name) => ({
      type: 'card',
      title: mrkdwn(`Template ${name}`),
      body: mrkdwn('Hello {{first_name}}'),
      actions: [{ type: 'button', action_id: `use-${name}`, text: plain(`Use ${name}`) }],
    })),
  },
  {
    type: 'container',
    block_id: 'box',
    title: plain('Details'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: mrkdwn('inside the container') }],
  },
  {
    type: 'plan',
    block_id: 'plan',
    title: 'Import',
    tasks: [
      { type: 'task_card', task_id: 't1', title: 'Read the file', status: 'complete' },
      {
        type: 'task_card',
        task_id: 't2',
        title: 'Check the numbers',
        status: 'in_progress',
        details: rich('1,200 of 5,000'),
      },
      { type: 'task_card', task_id: 't3', title: 'Load', status: 'pending' },
    ],
  },
  {
    type: 'task_card',
    block_id: 'task',
    task_id: 't9',
    title: 'Ask the carrier',
    status: 'error',
    output: rich('no answer'),
    sources: [{ type: 'url', url: 'https://example.com/status', text: 'status page' }],
  },
  {
    type: 'context_actions',
    block_id: 'feedback',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: 'helpful',
        positive_button: { text: plain('Good'), value: 'good' },
        negative_button: { text: plain('Bad'), value: 'bad' },
      },
      { type: 'icon_button', action_id: 'drop', icon: 'trash', text: plain('Delete'), value: 'gone' },
    ],
  },
  {
    type: 'video',
    block_id: 'film',
    title: plain('How it works'),
    video_url: 'https://example.com/v',
    thumbnail_url: pixel,
    alt_text: 'film',
  },
  { type: 'hologram', block_id: 'future', text: 'not invented yet' },
];

const label = (text: string, rest: JsonObject): JsonObject => ({
  type: 'input',
  label: plain(text),
  ...rest,
});
const sizes = [option('Small', 's'), option('Medium', 'm', 'fits most'), option('Large', 'l')];

/** One input of every kind, each with an initial value where it can have one. */
export const inputBlocks: JsonObject[] = [
  { type: 'alert', block_id: 'note', level: 'info', text: mrkdwn('Nothing is sent *yet*.') },
  label('Name', {
    block_id: 'name',
    hint: plain('Shown on the card'),
    element: { type: 'plain_text_input', action_id: 'v', min_length: 3, max_length: 40, focus_on_load: true },
  }),
  label('Message', {
    block_id: 'message',
    element: { type: 'plain_text_input', action_id: 'v', multiline: true, initial_value: 'Hello' },
  }),
  label('Rate', {
    block_id: 'rate',
    element: {
      type: 'number_input',
      action_id: 'v',
      is_decimal_allowed: false,
      min_value: '1',
      max_value: '50',
      initial_value: '10',
    },
  }),
  label('Report to', {
    block_id: 'mail',
    optional: true,
    element: { type: 'email_text_input', action_id: 'v' },
  }),
  label('Link', { block_id: 'link', optional: true, element: { type: 'url_text_input', action_id: 'v' } }),
  label('Size', { block_id: 'size', element: { type: 'static_select', action_id: 'v', options: sizes } }),
  label('Sizes', {
    block_id: 'sizes',
    element: {
      type: 'multi_static_select',
      action_id: 'v',
      options: sizes,
      initial_options: [sizes[0] ?? null],
      max_selected_items: 2,
    },
  }),
  label('Assistant', {
    block_id: 'assistant',
    element: { type: 'external_select', action_id: 'v', min_query_length: 2 },
  }),
  label('Owner', {
    block_id: 'owner',
    element: { type: 'users_select', action_id: 'v', initial_user: 'U0ADA' },
  }),
  label('Watchers', {
    block_id: 'watchers',
    element: { type: 'multi_users_select', action_id: 'v' },
    optional: true,
  }),
  label('Channel', {
    block_id: 'channel',
    element: {
      type: 'conversations_select',
      action_id: 'v',
      default_to_current_conversation: true,
      filter: { include: ['public', 'private'] },
    },
  }),
  label('Public channel', {
    block_id: 'public',
    element: { type: 'channels_select', action_id: 'v' },
    optional: true,
  }),
  label('Kind', {
    block_id: 'kind',
    element: {
      type: 'radio_buttons',
      action_id: 'v',
      options: [option('Texts', 'texts'), option('Calls', 'calls')],
    },
  }),
  label('Days', {
    block_id: 'days',
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: 'v',
      options: [option('Monday', 'mon'), option('Tuesday', 'tue'), option('Friday', 'fri')],
    },
  }),
  label('First day', {
    block_id: 'day',
    element: { type: 'datepicker', action_id: 'v', initial_date: '2026-11-25' },
  }),
  label('From', {
    block_id: 'from',
    element: { type: 'timepicker', action_id: 'v', initial_time: '09:00', timezone: 'America/Chicago' },
  }),
  label('Exactly at', {
    block_id: 'at',
    optional: true,
    element: { type: 'datetimepicker', action_id: 'v' },
  }),
  label('Contacts', {
    block_id: 'file',
    element: { type: 'file_input', action_id: 'v', filetypes: ['csv'], max_files: 2 },
  }),
  label('Remark', {
    block_id: 'remark',
    optional: true,
    element: { type: 'rich_text_input', action_id: 'v' },
  }),
];
