import type { ComponentType } from 'preact';
import { PictureView } from '#sandbox/page/blocks/picture.tsx';
import { Unsupported } from '#sandbox/page/blocks/unsupported.tsx';
import { asText } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ButtonElement, FeedbackButtons, IconButton, OverflowMenu } from './button.tsx';
import { FileInput } from './file-input.tsx';
import { Checkboxes, DatePicker, DateTimePicker, RadioButtons, TimePicker } from './pickers.tsx';
import {
  ChannelsSelect,
  ConversationsSelect,
  ExternalSelect,
  StaticSelect,
  UsersSelect,
} from './selects.tsx';
import type { Slot } from './surface.ts';
import { PlainTextInput, RichTextInput, ShortInput } from './text-inputs.tsx';

const elements: Record<string, ComponentType<{ slot: Slot }>> = {
  button: ButtonElement,
  workflow_button: ButtonElement,
  overflow: OverflowMenu,
  feedback_buttons: FeedbackButtons,
  icon_button: IconButton,
  image: ({ slot }) => <PictureView picture={slot.element} size="accessory" />,
  plain_text_input: PlainTextInput,
  number_input: ShortInput,
  email_text_input: ShortInput,
  url_text_input: ShortInput,
  rich_text_input: RichTextInput,
  static_select: StaticSelect,
  multi_static_select: StaticSelect,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
  users_select: UsersSelect,
  multi_users_select: UsersSelect,
  channels_select: ChannelsSelect,
  multi_channels_select: ChannelsSelect,
  conversations_select: ConversationsSelect,
  multi_conversations_select: ConversationsSelect,
  radio_buttons: RadioButtons,
  checkboxes: Checkboxes,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: DateTimePicker,
  file_input: FileInput,
};

export function ElementView({ slot }: { slot: Slot }) {
  const Element = elements[asText(slot.element.type)];
  return Element ? <Element slot={slot} /> : <Unsupported kind="element" json={slot.element} />;
}

/** An element outside an input block: what is done to it reaches the bot at once. */
export function ActionElement({ blockId, element }: { blockId: string; element: JsonObject }) {
  const slot = { blockId, element, isInput: false, dispatches: false, isOptional: true, isInvalid: false };
  return <ElementView slot={slot} />;
}
