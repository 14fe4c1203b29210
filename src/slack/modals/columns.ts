import { setTimeout as sleep } from 'node:timers/promises';
import type { InputBlock, ModalView } from '@slack/types';
import {
  type ColumnMapping,
  type ColumnTarget,
  FIELD_NAMES,
  mappingProblems,
  NAMED_FIELDS,
  storedName,
} from '#domain/contact-import/mapping.ts';
import { measureCampaign } from '#domain/metrics.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { loadFormDraft } from '#operations/load-form-draft.ts';
import { type FileHead, readFileHead } from '#operations/read-file-head.ts';
import { requestImport } from '#operations/request-import.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { context } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { LIMITS } from '#slack/limits.ts';
import { clip, counted, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { nextView } from './campaign-calls.ts';
import { messageView } from './campaign-message.ts';
import { readType, typeField } from './campaign-texts.ts';
import { channelProblem } from './channel-problem.ts';
import { channelField, choiceField, nameField } from './fields.ts';
import { modal, sentenceView, waitingView } from './frame.ts';
import { type ModalHandler, metadataText, type Submission, type SubmitAnswer } from './modal.ts';
import { type FormState, readChoice, readConversation, readText } from './state.ts';

const KIND = 'columns';
/** Leaves room for the other fields of the form. */
const SHOWN_COLUMNS = LIMITS.viewBlocks - 9;

/** Which file goes where. `campaignId` null: a new campaign is made for it. */
export type ColumnsRequest = {
  fileId: string;
  campaignId: number | null;
  /** The channel for a new campaign's card; null asks for it. */
  channelId: string | null;
  threadTs: string | null;
  /** What the person is asked after it. */
  next: 'message' | 'settings' | 'nothing';
};

type Draft = ColumnsRequest & {
  fileName: string;
  fingerprint: string;
  mapping: ColumnMapping[];
  asksMode: boolean;
};

/** Reads the beginning of a file and asks what its columns are; for a file that cannot be loaded, says why. */
export async function askForColumns(entry: Entry, request: ColumnsRequest): Promise<ModalView> {
  const { deps, workspaceId, userId } = entry;
  const head = await readFileHead(deps, { workspaceId, fileId: request.fileId });
  if (head.problem && head.problem.code !== 'no_phone_column') {
    return sentenceView('Nothing was loaded', sentenceMessage(head.problem.sentence));
  }
  const campaign = request.campaignId === null ? null : await ownCampaign(entry, request.campaignId);
  const draft: Draft = {
    ...request,
    fileName: head.fileName,
    fingerprint: head.fingerprint,
    mapping: head.mapping,
    asksMode: campaign !== null && (measureCampaign(campaign.counts).total_contacts ?? 0) > 0,
  };
  const { id, version } = await saveFormDraft(deps, { workspaceId, userId, kind: KIND, data: draft });
  return columnsView(draft, head, { draft: id, version });
}

export function columnsView(draft: Draft, head: FileHead, metadata: object): ModalView {
  const shown = mostTelling(draft.mapping).slice(0, SHOWN_COLUMNS);
  const rest = draft.mapping.length - shown.length;
  return modal({
    name: 'columns',
    title: 'Columns of the file',
    submit: 'Load contacts',
    close: 'Not now',
    metadata,
    blocks: [
      context(aboutFile(head)),
      ...(head.problem ? [context(`⚠️ ${quote(head.problem.sentence, 300)}`)] : []),
      ...(draft.campaignId === null
        ? [nameField(nameFromFile(draft.fileName)), typeField('sms', false)]
        : []),
      ...(draft.campaignId === null && draft.channelId === null ? [channelField(null)] : []),
      ...(draft.asksMode ? [modeField()] : []),
      ...shown.map(columnField),
      ...(rest > 0
        ? [context(`${counted(rest, 'more column')} not shown here: each is loaded as suggested.`)]
        : []),
    ],
  });
}

/** Columns with a meaning of their own first: in a file too wide for a form they must be changeable. */
function mostTelling(mapping: ColumnMapping[]): ColumnMapping[] {
  if (mapping.length <= SHOWN_COLUMNS) return mapping;
  const isField = ({ target }: ColumnMapping) => Object.hasOwn(FIELD_NAMES, target);
  return [...mapping.filter(isField), ...mapping.filter((column) => !isField(column))];
}

function aboutFile(head: FileHead): string {
  const kind = head.kind === 'csv' ? 'CSV' : 'JSON';
  const header =
    head.kind === 'csv' && !head.hasHeader ? ' It has no header row, so the columns are numbered.' : '';
  const origin = head.isRemembered ? 'as you had it for the same columns before' : 'as I would guess it';
  return `*${quote(head.fileName, 100)}*, ${kind}, ${counted(head.headers.length, 'column')}, ${origin}. Nothing is loaded yet.${header}`;
}

function nameFromFile(fileName: string): string {
  const bare = fileName
    .replace(/\.[a-z0-9]{1,6}$/i, '')
    .replaceAll(/[_\s]+/g, ' ')
    .trim();
  return clip(bare || 'New campaign', 200);
}

function modeField(): InputBlock {
  const choices = [
    { text: 'Keep the contacts it has and add these', value: 'append' },
    { text: 'Replace those who still wait by these', value: 'replace' },
  ];
  return choiceField(
    'mode',
    'The campaign has contacts already',
    choices,
    'append',
    'Whoever was contacted is always kept.',
  );
}

const RESERVED: ReadonlySet<string> = new Set(NAMED_FIELDS);
const FIELD_TARGETS = Object.keys(FIELD_NAMES) as (keyof typeof FIELD_NAMES)[];

function columnField(column: ColumnMapping): InputBlock {
  const variable = storedName(column, 'variable', RESERVED);
  const choices = [
    ...FIELD_TARGETS.map((field) => ({ text: capital(FIELD_NAMES[field]), value: field })),
    { text: `Variable {{ ${variable} }}`, value: 'variable' },
    { text: 'Keep, but not for messages', value: 'custom_field' },
    { text: 'Leave out', value: 'ignore' },
  ];
  const samples = column.samples.map((sample) => clip(sample.replaceAll(/\s+/g, ' '), 60)).join(' · ');
  const label = clip(column.header.replaceAll(/\s+/g, ' ').trim(), 150) || `Column ${column.index + 1}`;
  return choiceField(
    blockOf(column),
    label,
    choices,
    column.target,
    samples ? `Such as ${samples}` : 'No values in the first rows',
  );
}

function blockOf({ index }: ColumnMapping): string {
  return `column.${index}`;
}

export const columns: ModalHandler = {
  right: 'edit',
  problemField: 'column.0',
  async submit(submission) {
    const draft = await loadDraft(submission);
    if (!draft) return { kind: 'show', view: lostDraft() };
    const mapping = readMapping(draft.mapping, submission.state);
    const problems = mappingProblems(mapping);
    if (problems.length > 0)
      return { kind: 'errors', errors: { [problemBlock(mapping)]: problems.join(' ') } };
    const channelId = draft.channelId ?? readConversation(submission.state, 'channel');
    if (draft.campaignId === null) {
      const problem = await channelProblem(submission, channelId);
      if (problem && draft.channelId === null) return { kind: 'errors', errors: { channel: problem } };
      if (problem) return { kind: 'errors', errors: { name: problem } };
    }
    const campaignId = draft.campaignId ?? (await makeCampaign(submission, channelId));
    await requestImport(submission.deps, {
      campaignId,
      fileId: draft.fileId,
      fileName: draft.fileName,
      mapping,
      fingerprint: draft.fingerprint,
      mode: readChoice(submission.state, 'mode') === 'replace' ? 'replace' : 'append',
      actor: submission.actor,
      requestKey: `view:${submission.viewId}:${draft.fileId}`,
      place: channelId ? { channelId, threadTs: draft.threadTs } : null,
    });
    return whatFollows(submission, draft, campaignId);
  },
};

/** The column that says once more what another one says already; when nothing is said twice, the first column of the form. */
function problemBlock(mapping: ColumnMapping[]): string {
  const said = new Set<string>();
  const again = mostTelling(mapping).find(({ target }) => {
    const isTwice = Object.hasOwn(FIELD_NAMES, target) && said.has(target);
    said.add(target);
    return isTwice;
  });
  const [first] = mostTelling(mapping);
  const column = again ?? first;
  return column ? blockOf(column) : 'column.0';
}

async function makeCampaign(submission: Submission, channelId: string | null): Promise<number> {
  const { campaignId } = await createCampaign(submission.deps, {
    workspaceId: submission.workspaceId,
    actor: submission.actor,
    creationKey: `view:${submission.viewId}`,
    channelId,
    name: readText(submission.state, 'name'),
    campaignType: readType(submission.state),
  });
  return campaignId;
}

/** The contacts load meanwhile; the next form is filled once Slack has been answered. */
async function whatFollows(
  submission: Submission,
  { next }: Draft,
  campaignId: number,
): Promise<SubmitAnswer> {
  if (next === 'nothing') return { kind: 'done' };
  const build = next === 'message' ? messageView : nextView;
  return {
    kind: 'show',
    view: waitingView('Loading the contacts…'),
    fill: async () => {
      await giveTimeToLoad(submission, campaignId);
      return build(submission, campaignId);
    },
  };
}

const LOADING_LOOKS = 12;
const LOADING_LOOK_MS = 200;

/** Most files are loaded in a second or two, and then the next form has real contacts to show; longer ones are not waited for. */
async function giveTimeToLoad(submission: Submission, campaignId: number): Promise<void> {
  for (let look = 0; look < LOADING_LOOKS; look += 1) {
    const { lastImportAt } = await ownCampaign(submission, campaignId);
    if (lastImportAt) return;
    await sleep(LOADING_LOOK_MS);
  }
}

async function loadDraft(submission: Submission): Promise<Draft | null> {
  const id = metadataText(submission.metadata, 'draft');
  if (!id) return null;
  const kept = await loadFormDraft(submission.deps, { id, userId: submission.userId });
  return kept?.kind === KIND ? (kept.data as Draft) : null;
}

/** What was to be loaded is not known any more: the form stood open for too long. */
export function lostDraft(): ModalView {
  return sentenceView(
    'Nothing was loaded',
    sentenceMessage('This form is no longer known. Nothing was loaded; choose the file once more.'),
  );
}

/** The suggestion with what was chosen over it. */
export function readMapping(suggested: ColumnMapping[], state: FormState): ColumnMapping[] {
  const taken = new Set(RESERVED);
  return suggested.map((column) => {
    const target = (readChoice(state, blockOf(column)) as ColumnTarget | null) ?? column.target;
    const variable = storedName(column, target, taken);
    if (variable !== null) taken.add(variable);
    return { ...column, target, variable };
  });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
