import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type {
  FeedMessage,
  ShortcutHelp,
  SlashCommandHelp,
  TableName,
  Tables,
} from '#sandbox/page-protocol.ts';

export type Table<Row extends { id: string }> = {
  /** Every row in the order it first came; reading it subscribes to the table. */
  rows: ReadonlySignal<Row[]>;
  find(id: string | null): Row | undefined;
  put(row: Row): void;
  drop(id: string): void;
  replaceAll(rows: Row[]): void;
};

export const tables: { [K in TableName]: Table<Tables[K]> } = {
  users: createTable(),
  channels: createTable(),
  messages: createTable(),
  views: createTable(),
  homes: createTable(),
  traffic: createTable(),
  texts: createTable(),
  calls: createTable(),
  phones: createTable(),
  personas: createTable(),
  faults: createTable(),
  bot: createTable(),
};
export const slashCommands = signal<SlashCommandHelp[]>([]);
export const shortcuts = signal<ShortcutHelp[]>([]);
export const botUserId = signal('');
/** Until the first snapshot there is nothing to say, not even “nothing here”. */
export const hasSnapshot = signal(false);

export function applyFeedMessages(messages: FeedMessage[]) {
  batch(() => {
    for (const message of messages) applyFeedMessage(message);
  });
}

function applyFeedMessage(message: FeedMessage) {
  if (message.type === 'snapshot') {
    for (const name of Object.keys(tables) as TableName[])
      anyTable(name).replaceAll(message.tables[name] ?? []);
    slashCommands.value = message.slashCommands;
    shortcuts.value = message.shortcuts ?? [];
    botUserId.value = message.botUserId;
    hasSnapshot.value = true;
  } else if (message.type === 'upsert') {
    anyTable(message.table).put(message.row);
  } else {
    anyTable(message.table).drop(message.id);
  }
}

function anyTable(name: TableName): Table<{ id: string }> {
  return tables[name] as unknown as Table<{ id: string }>;
}

function createTable<Row extends { id: string }>(): Table<Row> {
  const byId = new Map<string, Row>();
  const version = signal(0);
  const changed = () => {
    version.value += 1;
  };
  return {
    rows: computed(() => (version.value >= 0 ? [...byId.values()] : [])),
    find: (id) => (version.value >= 0 && id !== null ? byId.get(id) : undefined),
    put: (row) => {
      byId.set(row.id, row);
      changed();
    },
    drop: (id) => {
      if (byId.delete(id)) changed();
    },
    replaceAll: (rows) => {
      byId.clear();
      for (const row of rows) byId.set(row.id, row);
      changed();
    },
  };
}
