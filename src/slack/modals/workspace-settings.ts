import type { InputBlock, ModalView } from '@slack/types';
import type { DayName } from '#domain/calling-window.ts';
import { formatWeek, parseWeek, WEEK, type WeekLines } from '#domain/week-hours.ts';
import {
  WORKSPACE_SETTING_NAMES,
  WORKSPACE_SETTINGS,
  type WorkspaceSettingName,
  type WorkspaceSettings,
} from '#domain/workspace-settings.ts';
import { changeWorkspaceSettings } from '#operations/change-workspace.ts';
import { showWorkspace } from '#operations/show-workspace.ts';
import { actionId } from '#slack/action-ids.ts';
import { type Block, context, header, input, option } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { choiceField, textField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import type { ModalHandler } from './modal.ts';
import { shownOnceDone } from './once-done.ts';
import { openThen } from './open.ts';
import { type FormState, readChoice, readText } from './state.ts';

/** What belongs together, in the order in which it is asked for. */
const GROUPS: { title: string; settings: WorkspaceSettingName[] }[] = [
  { title: 'Care', settings: ['requiresApproval', 'requiresAttestation', 'defaultRole'] },
  { title: 'When', settings: ['legalPreset', 'ownHours', 'unknownPlace', 'tollFree', 'timeZone'] },
  {
    title: 'How often and how fast',
    settings: ['frequencyLimit', 'frequencyHours', 'concurrentLimit', 'rateLimitPerMinute'],
  },
  {
    title: 'Consent and lists',
    settings: ['requiresCallConsent', 'requiresTextConsent', 'nationalListDays'],
  },
  { title: 'Who you are', settings: ['companyName', 'defaultCountry'] },
];

/** Shows every setting of the workspace as it stands, each with what it does. */
export async function openWorkspaceSettings(entry: Entry): Promise<void> {
  await openThen(entry, 'Reading the settings…', async () => {
    const { deps, workspaceId } = entry;
    return workspaceSettingsView(await showWorkspace(deps, { workspaceId }));
  });
}

/** The form with what stands now. */
export function workspaceSettingsView(settings: WorkspaceSettings): ModalView {
  return modal({
    name: 'workspace_settings',
    title: 'Workspace settings',
    submit: 'Save',
    close: 'Leave as they are',
    blocks: [
      context('They hold for every campaign of this workspace, at once. Each change is kept with your name.'),
      ...GROUPS.flatMap(({ title, settings: names }) => [
        header(title),
        ...names.flatMap((name) => fieldsOf(name, settings)),
      ]),
    ],
  });
}

export const workspaceSettings: ModalHandler = {
  right: 'administer',
  problemField: 'requiresApproval',
  async submit({ deps, workspaceId, actor, state }) {
    const week = parseWeek(linesIn(state));
    const isOff = WEEK.every((day) => readText(state, lineBlock(day)) === '');
    if (!week.ok && !isOff) {
      const errors = week.problems.map(({ day, sentence }) => [lineBlock(day), sentence]);
      return { kind: 'errors', errors: Object.fromEntries(errors) };
    }
    const changes = { ...readSettings(state), ownHours: week.ok ? week.hours : null };
    const saving = changeWorkspaceSettings(deps, { workspaceId, actor, changes });
    return shownOnceDone(
      saving.then(savedView),
      'Saving. Whoever waits in campaigns is judged by the new settings.',
    );
  },
};

function savedView({ changed }: { changed: WorkspaceSettingName[] }): ModalView {
  const labels = changed.map((name) => `“${WORKSPACE_SETTINGS[name].label}”`);
  const sentence =
    changed.length === 0
      ? 'Everything stood like that already. Nothing was changed.'
      : `Saved, and in force now: ${labels.join(', ')}. /campaign audit shows what each was and is.`;
  return sentenceView('Workspace settings', sentenceMessage(sentence));
}

const YES_OR_NO = [
  { text: 'Yes', value: 'yes' },
  { text: 'No', value: 'no' },
];

function fieldsOf(name: WorkspaceSettingName, settings: WorkspaceSettings): Block[] {
  const { label, hint, choices, range } = WORKSPACE_SETTINGS[name];
  const value = settings[name];
  if (name === 'ownHours') return [context(`*${label}* ${hint}`), ...weekFields(settings.ownHours ?? [])];
  if (name === 'timeZone') return [zoneField(label, hint, settings.timeZone)];
  if (typeof value === 'boolean') return [choiceField(name, label, YES_OR_NO, value ? 'yes' : 'no', hint)];
  if (choices) {
    const offered = Object.entries(choices).map(([one, text]) => ({ text, value: one }));
    return [choiceField(name, label, offered, String(value), hint)];
  }
  const shown = value === null ? '' : String(value);
  if (range) return [numberInput(name, label, `${hint} ${range.min} to ${range.max}.`, shown, range)];
  return [
    textField({ blockId: name, label, hint, value: shown, optional: name === 'companyName', max: 100 }),
  ];
}

function weekFields(hours: NonNullable<WorkspaceSettings['ownHours']>): InputBlock[] {
  const lines = formatWeek(hours);
  return WEEK.map((day) =>
    textField({
      blockId: lineBlock(day),
      label: `${day.charAt(0).toUpperCase()}${day.slice(1)}`,
      value: lines[day],
      placeholder: '09:00-12:00, 14:00-18:00',
      optional: true,
      max: 200,
    }),
  );
}

function zoneField(label: string, hint: string, timeZone: string): InputBlock {
  return input({
    blockId: 'timeZone',
    label,
    hint,
    element: {
      type: 'external_select',
      action_id: actionId('form.time_zone'),
      min_query_length: 0,
      initial_option: option(timeZone.replaceAll('_', ' '), timeZone),
    },
  });
}

function numberInput(
  blockId: string,
  label: string,
  hint: string,
  value: string,
  { min, max, isOptional }: { min: number; max: number; isOptional?: boolean },
): InputBlock {
  return input({
    blockId,
    label,
    hint,
    optional: isOptional ?? false,
    element: {
      type: 'number_input',
      action_id: actionId('form.input'),
      is_decimal_allowed: false,
      min_value: String(min),
      max_value: String(max),
      ...(value === '' ? {} : { initial_value: value }),
    },
  });
}

function readSettings(state: FormState): Partial<Record<WorkspaceSettingName, unknown>> {
  const shown = WORKSPACE_SETTING_NAMES.filter((name) => Object.hasOwn(state, name));
  return Object.fromEntries(shown.map((name) => [name, readSetting(state, name)]));
}

function readSetting(state: FormState, name: WorkspaceSettingName): unknown {
  const choice = readChoice(state, name);
  if (choice === null) return readText(state, name);
  const { choices } = WORKSPACE_SETTINGS[name];
  return choices || name === 'timeZone' ? choice : choice === 'yes';
}

function lineBlock(day: DayName): string {
  return `own.${day}`;
}

function linesIn(state: FormState): WeekLines {
  return Object.fromEntries(WEEK.map((day) => [day, readText(state, lineBlock(day))])) as WeekLines;
}
