import type { BotStatus } from '#sandbox/page-protocol.ts';
import type { FeedChange, PageSource } from '#sandbox/page-server.ts';

/** The bot's row on the page; `tell` sends it as it is now. */
export function botStatusSource(row: () => BotStatus): PageSource & { tell(): void } {
  const listeners = new Set<(change: FeedChange) => void>();
  return {
    snapshot: () => ({ tables: { bot: [row()] } }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell() {
      for (const listener of listeners) listener({ type: 'upsert', table: 'bot', row: row() });
    },
  };
}
