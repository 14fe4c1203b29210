import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { asList, asNumber, asObject, asText, asTexts, wordsOf } from '#sandbox/page/json.ts';
import { channelLabel, visibleChannels } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import type { Json, JsonObject, SlackChannel, SlackUser } from '#sandbox/page-protocol.ts';
import { type Choice, type ChoiceGroup, choiceOfOption, choicesOfOptions } from './choices.ts';
import { Combobox } from './combobox.tsx';
import { ariaOf, type Slot, useField, useSurface } from './surface.ts';

const defaultMinQueryLength = 3;
const queryDelayMs = 150;

export function StaticSelect({ slot }: { slot: Slot }) {
  const { element } = slot;
  return (
    <SelectField
      slot={slot}
      stateKey="selected_option"
      groups={choicesOfOptions(element.options, element.option_groups)}
    />
  );
}

export function UsersSelect({ slot }: { slot: Slot }) {
  const choices = tables.users.rows.value.map(choiceOfUser);
  return <SelectField slot={slot} stateKey="selected_user" groups={[{ label: '', choices }]} />;
}

export function ChannelsSelect({ slot }: { slot: Slot }) {
  const choices = visibleChannels.value
    .filter((channel) => channel.kind === 'public' && !channel.isArchived)
    .map(choiceOfChannel);
  return <SelectField slot={slot} stateKey="selected_channel" groups={[{ label: '', choices }]} />;
}

export function ConversationsSelect({ slot }: { slot: Slot }) {
  const filter = asObject(slot.element.filter) ?? {};
  const choices = visibleChannels.value
    .filter((channel) => !channel.isArchived && passesFilter(channel, filter))
    .map(choiceOfChannel);
  return <SelectField slot={slot} stateKey="selected_conversation" groups={[{ label: '', choices }]} />;
}

export function ExternalSelect({ slot }: { slot: Slot }) {
  const surface = useSurface();
  const groups = useSignal<ChoiceGroup[]>([]);
  const status = useSignal('');
  const latest = useRef(0);
  const minLength = asNumber(slot.element.min_query_length) ?? defaultMinQueryLength;

  async function query(words: string) {
    const mine = ++latest.current;
    groups.value = [];
    status.value = words.length < minLength ? `Type at least ${minLength} characters.` : 'Looking…';
    if (words.length < minLength) return;
    await new Promise((resolve) => setTimeout(resolve, queryDelayMs));
    if (mine !== latest.current) return;
    const answer = await surface.suggest(slot.blockId, asText(slot.element.action_id), words);
    if (mine !== latest.current) return;
    status.value = answer.ok ? '' : answer.error;
    if (answer.ok) groups.value = choicesOfOptions(answer.body.options, answer.body.optionGroups);
  }

  return (
    <SelectField
      slot={slot}
      stateKey="selected_option"
      groups={groups.value}
      status={status.value}
      onQuery={(words) => void query(words)}
    />
  );
}

type SelectFieldProps = {
  slot: Slot;
  /** The key of one choice; several are under its plural. */
  stateKey: 'selected_option' | 'selected_user' | 'selected_channel' | 'selected_conversation';
  groups: ChoiceGroup[];
  status?: string;
  onQuery?(query: string): void;
};

function SelectField({ slot, stateKey, groups, status = '', onQuery }: SelectFieldProps) {
  const { element } = slot;
  const field = useField(slot);
  const isMulti = asText(element.type).startsWith('multi_');
  const key = isMulti ? `${stateKey}s` : stateKey;
  const chosen = isMulti ? asList(field.state[key]) : asList([field.state[key] ?? null]);

  return (
    <Combobox
      groups={groups}
      selected={chosen.filter((value) => value !== null).map((value) => chosenChoice(value, groups))}
      isMulti={isMulti}
      isClearable={slot.isInput && slot.isOptional}
      placeholder={wordsOf(element.placeholder) || (isMulti ? 'Choose any…' : 'Choose…')}
      maxItems={asNumber(element.max_selected_items) ?? Number.POSITIVE_INFINITY}
      status={status}
      isBusy={field.isBusy}
      aria={ariaOf(slot)}
      hasAutofocus={element.focus_on_load === true}
      onQuery={onQuery}
      onChange={(choices) => {
        const values = choices.map((choice) => choice.value);
        void field.change({ [key]: isMulti ? values : (values[0] ?? null) });
      }}
    />
  );
}

function chosenChoice(value: Json, groups: ChoiceGroup[]): Choice {
  const option = asObject(value);
  if (option) return choiceOfOption(option);
  const id = asText(value);
  const listed = groups.flatMap((group) => group.choices).find((choice) => choice.key === id);
  if (listed) return listed;
  const channel = tables.channels.find(id);
  return channel ? choiceOfChannel(channel) : { key: id, label: id, detail: '', value: id };
}

function choiceOfUser(user: SlackUser): Choice {
  return { key: user.id, label: user.realName || user.name, detail: `@${user.name}`, value: user.id };
}

function choiceOfChannel(channel: SlackChannel): Choice {
  const label = channel.kind === 'im' ? channelLabel(channel) : `#${channel.name}`;
  const details = { public: '', private: 'private', im: 'direct message' };
  return { key: channel.id, label, detail: details[channel.kind], value: channel.id };
}

function passesFilter(channel: SlackChannel, filter: JsonObject): boolean {
  const included = asTexts(filter.include);
  if (included.length > 0 && !included.includes(channel.kind)) return false;
  if (filter.exclude_external_shared_channels === true && channel.isExtShared) return false;
  const isWithBot = channel.memberIds.some((id) => tables.users.find(id)?.isBot);
  return !(filter.exclude_bot_users === true && channel.kind === 'im' && isWithBot);
}
