import { nearestWord } from '#domain/nearest-word.ts';
import { Refusal } from '#domain/refusal.ts';
import { VOICES } from '#domain/voices.ts';
import { listAssistants } from '#operations/list-assistants.ts';
import { actionId } from '#slack/action-ids.ts';
import {
  actions,
  type Block,
  button,
  context,
  fallback,
  type Message,
  type Question,
  section,
} from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { openAssistant } from '#slack/modals/assistant.ts';
import type { Assistant } from '#slack/modals/assistant-fields.ts';
import { clip, count, counted, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

/** A message holds fifty blocks, and each assistant takes two. */
const SHOWN = 20;

export const assistantList: WordsCommand = {
  name: 'assistant',
  usage: '',
  summary: 'The assistants who speak on calls, with the ways to change them',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    if (words === '') return entry.answer.privately(await assistantsMessage(entry));
    const known = 'Say new, edit or retire after /campaign assistant, or nothing for the list.';
    await entry.answer.privately(sentenceMessage(`I do not know “${clip(words, 60)}”. ${known}`));
  },
};

export const assistantNew: WordsCommand = {
  name: 'assistant new',
  usage: '[name]',
  summary: 'Make an assistant: name, voice, prompt, numbers, recording',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  run: (entry, words) => openAssistant(entry, { assistantId: null, name: words }),
};

export const assistantEdit: WordsCommand = {
  name: 'assistant edit',
  usage: '<name or number>',
  summary: 'Change an assistant',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    const assistant = await findAssistant(entry, words);
    if (!assistant) return entry.answer.privately(await assistantsMessage(entry));
    if (entry.triggerId) return openAssistant(entry, { assistantId: assistant.id });
    await entry.answer.privately({ text: fallback(plainLine(assistant)), blocks: rowOf(assistant) });
  },
};

export const assistantRetire: WordsCommand = {
  name: 'assistant retire',
  usage: '<name or number>',
  summary: 'Take an assistant out of use; asks first',
  right: 'edit',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    const assistant = await findAssistant(entry, words);
    if (!assistant) return entry.answer.privately(await assistantsMessage(entry));
    const question = `Take *${quote(assistant.name)}* out of use? Campaigns that name this assistant need another one before they start.`;
    await entry.answer.privately({
      text: fallback(question.replaceAll('*', '')),
      blocks: [section(question), actions([retireButton(assistant)])],
    });
  },
};

/** Everybody who speaks on calls; also what stands in place of the list after a change. */
export async function assistantsMessage(entry: Pick<Entry, 'deps' | 'workspaceId'>): Promise<Message> {
  const assistants = await listAssistants(entry.deps, { workspaceId: entry.workspaceId });
  const make = actions([button({ label: 'New assistant', actionId: actionId('assistant.new') })]);
  if (assistants.length === 0)
    return sentenceMessage(
      'There is no assistant yet. A campaign of calls gets a plain one, called Alex, unless you make one first.',
      [make],
    );
  const shown = assistants.slice(0, SHOWN);
  const rest = assistants.length - shown.length;
  const more = `${counted(rest, 'more assistant')}: /campaign assistant edit and the name.`;
  return {
    text: fallback('Assistants:', ...shown.map(plainLine), rest > 0 && more),
    blocks: [...shown.flatMap(rowOf), ...(rest > 0 ? [context(more)] : []), make],
  };
}

/** The one that is meant, or null without words. Throws `assistant_not_found` with the nearest name. */
async function findAssistant({ deps, workspaceId }: Entry, words: string): Promise<Assistant | null> {
  if (words === '') return null;
  const assistants = await listAssistants(deps, { workspaceId });
  const wanted = words.toLowerCase();
  const number = /^#?(\d{1,9})$/.exec(words)?.[1];
  const found = assistants.find(({ id, name }) => name.toLowerCase() === wanted || String(id) === number);
  if (found) return found;
  const nearest = nearestWord(
    wanted,
    assistants.map(({ name }) => name.toLowerCase()),
  );
  const meant = assistants.find(({ name }) => name.toLowerCase() === nearest);
  throw new Refusal('assistant_not_found', {
    wanted: `“${clip(words, 60)}”${meant ? ` (did you mean “${meant.name}”?)` : ''}`,
  });
}

function rowOf(assistant: Assistant): Block[] {
  const { id, name } = assistant;
  const edit = button({
    label: 'Edit',
    actionId: actionId('assistant.edit'),
    value: String(id),
    spoken: `Edit ${name}`,
  });
  return [section(lineOf(assistant)), actions([edit, retireButton(assistant)])];
}

function retireButton({ id, name }: Assistant) {
  return button({
    label: 'Retire',
    actionId: actionId('assistant.retire'),
    value: String(id),
    style: 'danger',
    spoken: `Retire ${name}`,
    confirm: retireDialog(name),
  });
}

function retireDialog(name: string): Question {
  return {
    title: 'Retire this assistant?',
    text: `“${clip(name, 80)}” speaks on no new call. Its past calls and their transcripts stay.`,
    confirm: 'Retire',
    danger: true,
  };
}

function plainLine(assistant: Assistant): string {
  return lineOf(assistant).replaceAll('*', '');
}

function lineOf(assistant: Assistant): string {
  const { id, name, voice, language, model, isScripted, phoneNumbers, transferTargets } = assistant;
  const facts = [
    Object.hasOwn(VOICES, voice) ? VOICES[voice as keyof typeof VOICES].label : `${voice}, ${language}`,
    isScripted ? 'follows the script' : model && `thinks with ${quote(model, 60)}`,
    phoneNumbers.length > 0 && counted(phoneNumbers.length, 'number'),
    transferTargets.length > 0 && counted(transferTargets.length, 'transfer target'),
    assistant.isRecording && `records calls, kept for ${counted(assistant.recordingDays, 'day')}`,
  ];
  return `*${quote(name, 100)}* (${count(id)}): ${facts.filter(Boolean).join(', ')}`;
}
