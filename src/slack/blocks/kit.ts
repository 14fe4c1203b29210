import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
  StaticSelect,
} from '@slack/types';
import { LIMITS } from '#slack/limits.ts';
import { clip, clipMarkup } from '#slack/mrkdwn.ts';

/** Slack's chart block, which its published types do not have yet (slack.md §3). */
export type ChartBlock = {
  type: 'data_visualization';
  block_id?: string;
  title: string;
  chart:
    | { type: 'pie'; segments: { label: string; value: number }[] }
    | {
        type: 'bar' | 'line' | 'area';
        series: { name: string; data: { label: string; value: number }[] }[];
        axis_config: { categories: string[]; x_label?: string; y_label?: string };
      };
};

export type Block = KnownBlock | ChartBlock;

/** A message in full: `text` alone carries the whole meaning, for notifications, screen readers and old clients. */
export type Message = { text: string; blocks: Block[] };

const NOTHING = '–';

/** Plain text; nothing in it is markup. Slack refuses empty text, so a dash stands for it. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: clip(text.trim(), max) || NOTHING, emoji: false };
}

/** Our own markup, in which every foreign text has gone through `quote`. */
function markup(text: string, max: number = LIMITS.sectionText): MrkdwnElement {
  return { type: 'mrkdwn', text: clipMarkup(text, max).trim() || NOTHING, verbatim: true };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text.replaceAll(/\s+/gu, ' '), LIMITS.header) };
}

export function section(text: string, extra: Partial<SectionBlock> = {}): SectionBlock {
  return { type: 'section', text: markup(text), ...extra };
}

/** Foreign text, and sentences of ours that hold names of theirs: shown letter for letter. */
export function plainSection(text: string): SectionBlock {
  return { type: 'section', text: plain(text, LIMITS.sectionText) };
}

/** Up to ten short texts in two columns. */
export function fields(texts: string[]): SectionBlock {
  const shown = texts.slice(0, LIMITS.sectionFields);
  return { type: 'section', fields: shown.map((text) => markup(text, LIMITS.sectionField)) };
}

export function context(...texts: string[]): ContextBlock {
  return { type: 'context', elements: texts.slice(0, LIMITS.contextElements).map((text) => markup(text)) };
}

export type ButtonOptions = {
  label: string;
  actionId: string;
  value?: string;
  style?: 'primary' | 'danger' | undefined;
  /** What a screen reader says where the label alone is terse. */
  spoken?: string;
  confirm?: Question | undefined;
};

/** Asked before a press counts. It protects from slips, not from people: rights are checked all the same. */
export type Question = { title: string; text: string; confirm: string; danger?: boolean };

export function button({ label, actionId, value, style, spoken, confirm }: ButtonOptions): Button {
  return {
    type: 'button',
    text: plain(label, LIMITS.buttonText),
    action_id: actionId,
    ...(value === undefined ? {} : { value }),
    ...(style ? { style } : {}),
    ...(spoken ? { accessibility_label: clip(spoken, LIMITS.accessibilityLabel) } : {}),
    ...(confirm ? { confirm: dialog(confirm) } : {}),
  };
}

function dialog({ title, text, confirm, danger }: Question): ConfirmationDialog {
  return {
    title: plain(title, LIMITS.confirmTitle),
    text: plain(text, LIMITS.confirmText),
    confirm: plain(confirm, LIMITS.confirmButton),
    deny: plain('Go back', LIMITS.confirmButton),
    ...(danger ? { style: 'danger' as const } : {}),
  };
}

export function actions(elements: ActionsBlock['elements']): ActionsBlock {
  return { type: 'actions', elements: elements.slice(0, LIMITS.actionElements) };
}

export function option(text: string, value: string, description?: string): PlainTextOption {
  return {
    text: plain(text, LIMITS.optionText),
    value,
    ...(description ? { description: plain(description, LIMITS.optionDescription) } : {}),
  };
}

export function select(
  actionId: string,
  placeholder: string,
  options: PlainTextOption[],
  initial?: string,
  confirm?: Question,
): StaticSelect {
  const shown = options.slice(0, LIMITS.options);
  const chosen = shown.find(({ value }) => value === initial);
  return {
    type: 'static_select',
    action_id: actionId,
    placeholder: plain(placeholder, LIMITS.placeholder),
    options: shown,
    ...(chosen ? { initial_option: chosen } : {}),
    ...(confirm ? { confirm: dialog(confirm) } : {}),
  };
}

export type InputOptions = {
  blockId: string;
  label: string;
  hint?: string | undefined;
  optional?: boolean;
  element: InputBlock['element'];
};

export function input({ blockId, label, hint, optional, element }: InputOptions): InputBlock {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label, LIMITS.inputLabel),
    element,
    ...(hint ? { hint: plain(hint, LIMITS.inputHint) } : {}),
    ...(optional ? { optional: true } : {}),
  };
}

/** A list of lines as bullets, cut with a count of what is missing. */
export function bullets(lines: string[], max = 20): string {
  const shown = lines.slice(0, max).map((line) => `• ${line}`);
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`• … and ${rest} more`] : [])].join('\n');
}

/** A message's text without markup, for the fallback: mentions and dates keep their readable part. */
export function fallback(...lines: (string | null | undefined | false)[]): string {
  const text = lines.filter(Boolean).join('\n');
  return clipMarkup(text, LIMITS.messageText).trim() || NOTHING;
}
