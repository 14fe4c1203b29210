import type { ModalView } from '@slack/types';
import { createAssistant } from '#operations/create-assistant.ts';
import { showAssistant } from '#operations/show-assistant.ts';
import { updateAssistant } from '#operations/update-assistant.ts';
import type { Entry } from '#slack/context.ts';
import { findPerson } from '#slack/directory.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { type Assistant, assistantFields, PROMPT_IN_FORM, type TypedAssistant } from './assistant-fields.ts';
import { forgetTyped, keepTyped, recallTyped, typedText } from './drafts.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataNumber, type Submission, type SubmitAnswer } from './modal.ts';
import { openThen } from './open.ts';
import { type FormState, readChoice, readText } from './state.ts';
import { formatTargets, parseTargets } from './transfer-targets.ts';

const KIND = 'assistant';
const TEXTS = ['name', 'prompt', 'model', 'phoneNumbers', 'transferTargets'] as const;

/** Opens the form for a new assistant, or for one that there is, with what the person had typed there before. */
export async function openAssistant(
  entry: Entry,
  { assistantId, name = '' }: { assistantId: number | null; name?: string },
): Promise<void> {
  await openThen(entry, 'Opening the form…', async () => {
    const { deps, workspaceId } = entry;
    const assistant = assistantId === null ? null : await showAssistant(deps, { workspaceId, assistantId });
    const kept = await recallTyped(entry, KIND, String(assistantId ?? ''));
    const isCurrent = kept !== null && kept.version === assistant?.version;
    const typed = isCurrent ? recalled(kept) : await standing(entry, assistant);
    return assistantView(assistant, name ? { ...typed, name } : typed, {
      isRestored: isCurrent,
      hasModel: deps.model !== null,
    });
  });
}

export function assistantView(
  assistant: Assistant | null,
  typed: TypedAssistant,
  about: { isRestored: boolean; hasModel: boolean },
): ModalView {
  return modal({
    name: 'assistant',
    title: assistant ? 'Edit assistant' : 'New assistant',
    submit: assistant ? 'Save' : 'Make assistant',
    close: 'Not now',
    metadata: assistant ? { assistantId: assistant.id, version: assistant.version } : {},
    blocks: assistantFields(assistant, typed, about),
  });
}

function recalled(kept: Record<string, unknown>): TypedAssistant {
  const texts = TEXTS.map((field) => [field, typedText(kept, field)]);
  return { ...(Object.fromEntries(texts) as TypedAssistant), voice: typedText(kept, 'voice') || null };
}

async function standing({ deps }: Entry, assistant: Assistant | null): Promise<TypedAssistant> {
  if (!assistant)
    return { name: '', voice: null, prompt: '', model: '', phoneNumbers: '', transferTargets: '' };
  const names = await namesOf(deps, assistant);
  return {
    name: assistant.name,
    voice: assistant.voice,
    prompt: assistant.prompt ?? '',
    model: assistant.model ?? '',
    phoneNumbers: assistant.phoneNumbers.join('\n'),
    transferTargets: formatTargets(assistant.transferTargets, names),
  };
}

async function namesOf(
  deps: Entry['deps'],
  { transferTargets }: Pick<Assistant, 'transferTargets'>,
): Promise<Map<string, string>> {
  const ids = [...new Set(transferTargets.flatMap(({ slackUserId }) => slackUserId ?? []))];
  const users = await Promise.all(ids.map((id) => deps.chat.user(id).catch(() => null)));
  return new Map(users.flatMap((user) => (user ? [[user.id, user.name]] : [])));
}

export const assistant: ModalHandler = {
  right: 'edit',
  problemField: 'name',
  async submit(submission): Promise<SubmitAnswer> {
    const { deps, workspaceId, actor, metadata, state, viewId } = submission;
    const assistantId = metadataNumber(metadata, 'assistantId');
    const known = assistantId === null ? null : await showAssistant(deps, { workspaceId, assistantId });
    const targets = await readTargets(submission, known);
    if ('problem' in targets) return { kind: 'errors', errors: { transferTargets: targets.problem } };
    const fields = { ...readFields(state), transferTargets: targets.value };
    const voice = readChoice(state, 'voice') ?? '';
    // A voice brings its language along, so one that stays is not sent: its language may have been set otherwise.
    const changes = { ...fields, ...(voice === known?.voice ? {} : { voice }) };
    if (assistantId === null)
      await createAssistant(deps, { ...fields, voice, workspaceId, actor, creationKey: `view:${viewId}` });
    else await updateAssistant(deps, { workspaceId, assistantId, actor, changes });
    await forgetTyped(submission, KIND, String(assistantId ?? ''));
    return { kind: 'show', view: doneView(fields.name, assistantId === null) };
  },
  async keep(typing, at) {
    const about = String(metadataNumber(typing.metadata, 'assistantId') ?? '');
    const version = metadataNumber(typing.metadata, 'version');
    const shown = TEXTS.filter((field) => Object.hasOwn(typing.state, field));
    const texts = Object.fromEntries(shown.map((field) => [field, readText(typing.state, field)]));
    const data = { ...texts, voice: readChoice(typing.state, 'voice'), ...(version ? { version } : {}) };
    await keepTyped(typing, KIND, about, data, at);
  },
};

type Target = { key?: string; label: string; phoneNumber: string; slackUserId: string | null };

/** A target keeps the key by which an assistant knows it for as long as it keeps its name. */
async function readTargets(
  entry: Submission,
  known: Assistant | null,
): Promise<{ value: Target[] } | { problem: string }> {
  const parsed = parseTargets(readText(entry.state, 'transferTargets'));
  if (!parsed.ok) return { problem: parsed.problem };
  const names = known ? await namesOf(entry.deps, known) : new Map<string, string>();
  const value: Target[] = [];
  for (const { label, phoneNumber, person } of parsed.targets) {
    const found =
      person === null
        ? { userId: null }
        : await findPerson(entry.slack.clients.interactive, { person, me: entry.userId, known: names });
    if ('problem' in found) return found;
    const key = known?.transferTargets.find((target) => target.label === label)?.key;
    value.push({ label, phoneNumber, slackUserId: found.userId, ...(key ? { key } : {}) });
  }
  return { value };
}

/** A field that the form does not show stays as it is. */
function readFields(state: FormState) {
  const has = (field: string) => Object.hasOwn(state, field);
  return {
    name: readText(state, 'name'),
    ...(has(PROMPT_IN_FORM) ? { prompt: readText(state, PROMPT_IN_FORM) || null } : {}),
    ...(has('model') ? { model: readText(state, 'model') || null } : {}),
    ...(has('isScripted') ? { isScripted: readChoice(state, 'isScripted') === 'script' } : {}),
    phoneNumbers: readText(state, 'phoneNumbers')
      .split(/[\n,;]/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    isRecording: readChoice(state, 'isRecording') === 'on',
    recordingDays: readText(state, 'recordingDays'),
    maxCallSeconds: readText(state, 'maxCallSeconds'),
  };
}

function doneView(name: string, isNew: boolean): ModalView {
  const sentence = isNew
    ? `${name} is ready. Choose this assistant in a campaign of calls: /campaign new, or Edit on the card of a draft.`
    : `${name} is saved. Calls that begin from now on speak like this; those on the line go on as they are.`;
  return sentenceView(isNew ? 'Assistant made' : 'Assistant saved', sentenceMessage(sentence));
}
