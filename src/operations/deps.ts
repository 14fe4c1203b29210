import type { Database } from '#db/client.ts';
import type { Sender } from '#domain/sender.ts';
import type { Chat } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Holidays } from '#ports/holidays.ts';
import type { Log } from '#ports/log.ts';
import type { Meters } from '#ports/meters.ts';
import type { LanguageModel } from '#ports/model.ts';
import type { Telephony } from '#ports/telephony.ts';
import type { WebhookDoor } from '#ports/webhooks.ts';

/** The one bag of collaborators. A verb takes it first; a test passes plain objects and a real database. */
export type Deps = {
  db: Database;
  clock: Clock;
  telephony: Telephony;
  chat: Chat;
  log: Log;
  holidays: Holidays;
  /** What operators count. */
  meters: Meters;
  /** The way out to the addresses that customers have told what happens. */
  webhooks: WebhookDoor;
  /** Unguessable letters and digits, for attempt tokens and draft ids. */
  randomToken(): string;
  /** The number or pool that texts are sent from when a campaign names none; null when none is configured. */
  defaultSender: Sender | null;
  /** The number that calls come from when neither campaign nor assistant names one; null when none is configured. */
  defaultCaller: string | null;
  /** What assistants think with; null: they follow their script. */
  model: LanguageModel | null;
  /** Where import streams and the COPY connection go: the database's address for a worker thread. */
  databaseUrl: string;
};
