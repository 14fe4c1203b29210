import type { SuppressionImportRow } from '#db/suppression-imports.ts';
import type { Note } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';

const INTERVAL_REAL_MS = 3_000;

/** A file that is done within this is told only when it is. */
const FIRST_AFTER_REAL_MS = 3_000;

/** Follows one load in a message that is edited in place; silent where that fails, because its end is told for certain. */
export function createLoadTeller(deps: Pick<Deps, 'chat' | 'clock' | 'log'>) {
  let ts: string | null = null;
  let nextAt = deps.clock.realDelay(FIRST_AFTER_REAL_MS);
  return {
    async show(row: SuppressionImportRow): Promise<void> {
      if (!row.channelId || deps.clock.now() < nextAt) return;
      nextAt = deps.clock.realDelay(INTERVAL_REAL_MS);
      const content = describeLoad(row);
      const place = { channelId: row.channelId, threadTs: null };
      const result = ts
        ? await deps.chat.update({ channelId: row.channelId, ts }, content)
        : await deps.chat.post(place, content);
      if (result.kind === 'done') ts = result.ts;
      else deps.log.debug({ importId: row.id, result: result.kind }, 'a load was not shown');
    },
  };
}

/** What is to be said of a file for the do-not-call list: how far it is, or what came of it. */
export function describeLoad(row: SuppressionImportRow): Note {
  const { text, level } = WORDS[row.status](row);
  return { kind: 'note', level, text, buttons: [] };
}

const WORDS: Record<
  SuppressionImportRow['status'],
  (row: SuppressionImportRow) => Pick<Note, 'text' | 'level'>
> = {
  pending: (row) => ({
    level: 'info',
    text: `“${row.fileName}” waits to be loaded into the do-not-call list.`,
  }),
  processing: (row) => ({
    level: 'info',
    text: `“${row.fileName}” is being loaded into the do-not-call list: ${rowsOf(row)} so far. What is read counts already.`,
  }),
  completed: (row) => ({ level: row.invalidCount > 0 ? 'warning' : 'good', text: doneWords(row) }),
  failed: (row) => ({
    level: 'problem',
    text: `“${row.fileName}” could not be loaded into the do-not-call list. ${row.problem ?? ''} ${
      row.addedCount > 0
        ? `${numbers(row.addedCount)} had been added before, and they stay on it.`
        : 'Nothing was added.'
    } Mend the file and use /campaign dnc import again.`,
  }),
};

function doneWords(row: SuppressionImportRow): string {
  const added = `${numbers(row.addedCount)} added to the do-not-call list from “${row.fileName}”`;
  const known = row.knownCount > 0 ? `, ${numbers(row.knownCount)} stood there already or came twice` : '';
  const invalid =
    row.invalidCount > 0
      ? ` ${count(row.invalidCount)} ${row.invalidCount === 1 ? 'row holds' : 'rows hold'} no phone number and changed nothing: look through the file.`
      : '';
  const scope =
    row.onlyCampaignId === null
      ? 'no campaign calls or texts them'
      : `campaign ${row.onlyCampaignId} alone leaves them out`;
  const fresh =
    row.kind === 'national'
      ? ' The national list counts as fresh from the moment the file was handed over.'
      : '';
  return `${added}${known}. From now on ${scope}; whoever of them waits is skipped when their turn comes.${invalid}${fresh}`;
}

function rowsOf({ rowCount }: SuppressionImportRow): string {
  return `${count(rowCount)} ${rowCount === 1 ? 'row' : 'rows'}`;
}

function numbers(value: number): string {
  return `${count(value)} ${value === 1 ? 'number' : 'numbers'}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
