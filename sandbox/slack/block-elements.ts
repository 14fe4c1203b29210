/** Block elements: buttons, menus, pickers, inputs (slack.md §2.3, §2.4). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import {
  actionId,
  colourStyle,
  confirm,
  conversationFilter,
  imageElement,
  initialAmongOptions,
  option,
  optionGroup,
  plainText,
} from './block-objects.ts';
import {
  all,
  anything,
  type Check,
  choice,
  exactlyOne,
  type Fields,
  flag,
  list,
  matching,
  number,
  object,
  type Place,
  report,
  string,
  url,
} from './block-schema.ts';

const common: Fields = { action_id: actionId };
const focusable: Fields = { focus_on_load: flag };
const menu: Fields = { ...common, ...focusable, confirm, placeholder: plainText(150) };
const several: Fields = { max_selected_items: number({ min: 1, whole: true }) };
const answerable: Fields = { response_url_enabled: flag };
const typing: Fields = {
  ...common,
  ...focusable,
  placeholder: plainText(150),
  dispatch_action_config: object(
    {},
    { trigger_actions_on: list(choice('on_enter_pressed', 'on_character_entered'), { min: 1 }) },
  ),
};
const options = list(option('menu'), { min: 1, max: 100 });
const date = matching(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as HH:mm');
const decimal = matching(/^-?\d+(\.\d+)?$/, 'must be a number given as a string');

const fromList = { options, option_groups: list(optionGroup, { min: 1, max: 100 }) };
const listMenu = (extra: Fields): Check =>
  element(
    {},
    { ...menu, ...fromList, ...extra },
    all(exactlyOne('options', 'option_groups'), initialAmongOptions),
  );

export const elementRules: Fields = {
  button: element(
    { text: plainText(75) },
    {
      ...common,
      confirm,
      value: string(2000),
      url: url(),
      style: colourStyle,
      accessibility_label: string(75),
    },
  ),
  workflow_button: element(
    { text: plainText(75), workflow: anything },
    { ...common, confirm, style: colourStyle, accessibility_label: string(75) },
  ),
  icon_button: element(
    { icon: choice('trash'), text: plainText(75) },
    {
      ...common,
      confirm,
      value: string(2000),
      accessibility_label: string(75),
      visible_to_user_ids: list(string(255, 1)),
    },
  ),
  feedback_buttons: element({ positive_button: feedbackButton(), negative_button: feedbackButton() }, common),
  image: imageElement,
  overflow: element({ options: list(option('overflow'), { min: 1, max: 5 }) }, { ...common, confirm }),
  radio_buttons: element(
    { options: list(option('group'), { min: 1, max: 10 }) },
    { ...common, ...focusable, confirm, initial_option: option('group') },
    initialAmongOptions,
  ),
  checkboxes: element(
    { options: list(option('group'), { min: 1, max: 10 }) },
    { ...common, ...focusable, confirm, initial_options: list(option('group'), { min: 1 }) },
    initialAmongOptions,
  ),
  static_select: listMenu({ initial_option: option('menu') }),
  multi_static_select: listMenu({ ...several, initial_options: list(option('menu'), { min: 1 }) }),
  external_select: element(
    {},
    { ...menu, initial_option: option('menu'), min_query_length: number({ min: 0, whole: true }) },
  ),
  multi_external_select: element(
    {},
    {
      ...menu,
      ...several,
      initial_options: list(option('menu'), { min: 1 }),
      min_query_length: number({ min: 0, whole: true }),
    },
  ),
  users_select: element({}, { ...menu, initial_user: string(255, 1) }),
  multi_users_select: element({}, { ...menu, ...several, initial_users: list(string(255, 1)) }),
  conversations_select: element(
    {},
    {
      ...menu,
      ...answerable,
      initial_conversation: string(255, 1),
      default_to_current_conversation: flag,
      filter: conversationFilter,
    },
  ),
  multi_conversations_select: element(
    {},
    {
      ...menu,
      ...several,
      initial_conversations: list(string(255, 1)),
      default_to_current_conversation: flag,
      filter: conversationFilter,
    },
  ),
  channels_select: element({}, { ...menu, ...answerable, initial_channel: string(255, 1) }),
  multi_channels_select: element({}, { ...menu, ...several, initial_channels: list(string(255, 1)) }),
  datepicker: element({}, { ...menu, initial_date: date }),
  timepicker: element({}, { ...menu, initial_time: time, timezone: ianaZone() }),
  datetimepicker: element(
    {},
    {
      ...common,
      ...focusable,
      confirm,
      initial_date_time: number({ min: 1_000_000_000, max: 9_999_999_999, whole: true }),
    },
  ),
  plain_text_input: element(
    {},
    {
      ...typing,
      initial_value: string(3000),
      multiline: flag,
      min_length: number({ min: 0, max: 3000, whole: true }),
      max_length: number({ min: 1, max: 3000, whole: true }),
    },
  ),
  email_text_input: element({}, { ...typing, initial_value: string(3000) }),
  url_text_input: element({}, { ...typing, initial_value: string(3000) }),
  number_input: element(
    { is_decimal_allowed: flag },
    { ...typing, initial_value: decimal, min_value: decimal, max_value: decimal },
  ),
  rich_text_input: element(
    {},
    {
      ...typing,
      initial_value: anything,
      min_lines: number({ min: 1, max: 100 }),
      max_lines: number({ min: 1, max: 100 }),
    },
  ),
  file_input: element(
    {},
    { ...common, filetypes: list(string(255, 1)), max_files: number({ min: 1, max: 10, whole: true }) },
    modalOnly,
  ),
};

const CHOOSERS = [
  'checkboxes',
  'radio_buttons',
  'static_select',
  'multi_static_select',
  'external_select',
  'multi_external_select',
  'users_select',
  'multi_users_select',
  'conversations_select',
  'multi_conversations_select',
  'channels_select',
  'multi_channels_select',
  'datepicker',
  'timepicker',
];

/** Which elements may stand where. */
export const ACCESSORIES = [...CHOOSERS, 'button', 'workflow_button', 'image', 'overflow'];
export const ACTIONS = [
  ...CHOOSERS,
  'button',
  'workflow_button',
  'overflow',
  'datetimepicker',
  'rich_text_input',
];
export const INPUTS = [
  ...CHOOSERS,
  'datetimepicker',
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'rich_text_input',
  'file_input',
];

function element(
  required: Fields,
  optional: Fields,
  also?: (value: JsonObject, place: Place) => void,
): Check {
  return object({ type: anything, ...required }, optional, also);
}

function feedbackButton(): Check {
  return object({ text: plainText(75), value: string(2000) }, { accessibility_label: string(75) });
}

function ianaZone(): Check {
  return (value, place) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: String(value) });
    } catch {
      report(place, 'must be a timezone in IANA format');
    }
  };
}

function modalOnly(_value: JsonObject, place: Place): void {
  if (place.surface !== 'modal') report(place, 'unsupported type: file_input', 'type');
}
