import type { Database } from '#db/client.ts';
import type { Chat } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Sender, Telephony } from '#ports/telephony.ts';

/** The one bag of collaborators. A verb takes it first; a test passes plain objects and a real database. */
export type Deps = {
  db: Database;
  clock: Clock;
  telephony: Telephony;
  chat: Chat;
  log: Log;
  /** Unguessable letters and digits, for attempt tokens and draft ids. */
  randomToken(): string;
  /** The number or pool that texts are sent from when a campaign names none; null when none is configured. */
  defaultSender: Sender | null;
  /** Where import streams and the COPY connection go: the database's address for a worker thread. */
  databaseUrl: string;
};

/** Who asks: a person in Slack, an API token, or the product itself. Kept with every change. */
export type Actor = { kind: 'slack_user'; userId: string } | { kind: 'api_token'; tokenId: number } | { kind: 'system' };
