import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Tables } from '#sandbox/page-protocol.ts';
import { Agenda } from './agenda.ts';
import { createExchange, type Due, type Exchange } from './exchange.ts';
import { faultRows } from './faults.ts';
import type { Listener } from './feed.ts';
import { receiveText } from './inbound.ts';
import { advance, setPrice } from './lifecycle.ts';
import type { Message } from './messages.ts';
import { type CarrierOptions, DEFAULT_FORBIDDEN_PREFIXES, REALISTIC } from './options.ts';
import { pageRoutes } from './page-routes.ts';
import { personaRows } from './personas.ts';
import { phoneOf } from './phones.ts';
import { restRoutes } from './rest-routes.ts';
import { phoneRow, textRow } from './rows.ts';
import { type CarrierSave, loadInto, saveOf } from './save.ts';
import { recordWebhook } from './traffic.ts';
import { type CarrierVerbs, carrierVerbs } from './verbs.ts';
import { WebhookPoster } from './webhook-poster.ts';

type Optional =
  | 'services'
  | 'latency'
  | 'forbiddenPrefixes'
  | 'trialRecipients'
  | 'slowAnswerMs'
  | 'trafficKept';
export type CarrierSettings = Omit<CarrierOptions, Optional> & Partial<Pick<CarrierOptions, Optional>>;

export type CarrierSnapshot =
  Pick<Tables, 'texts' | 'phones' | 'personas' | 'faults' | 'traffic'> extends infer Rows
    ? { [Table in keyof Rows]: Rows[Table][] }
    : never;

export type CarrierStandIn = {
  /** Twilio's REST API under `/2010-04-01`, the page's verbs under `/ui`. */
  routes: Hono<{ Bindings: HttpBindings }>;
  verbs: CarrierVerbs;
  snapshot(): CarrierSnapshot;
  /** Hears every change after now; returns how to stop listening. */
  subscribe(listener: Listener): () => void;
  /** The texts taken on through the API, in order; replies and confirmations of the carrier are not among them. */
  accepted(): readonly Message[];
  /** Performs everything that is due at the clock's present, for clocks that do not run. */
  runDue(): number;
  /** Settles when nothing is due and no webhook is under way. */
  settled(): Promise<void>;
  save(): CarrierSave;
  load(save: CarrierSave): void;
  close(): void;
};

const DEFAULTS = {
  services: [],
  latency: REALISTIC,
  forbiddenPrefixes: DEFAULT_FORBIDDEN_PREFIXES,
  trialRecipients: null,
  slowAnswerMs: 15_000,
  trafficKept: 300,
} satisfies Pick<CarrierOptions, Optional>;

const ROWS_IN_SNAPSHOT = 2_000;

/** A carrier that speaks Twilio's REST API and webhooks, with contacts who behave by the endings of their numbers. */
export function createCarrierStandIn(settings: CarrierSettings): CarrierStandIn {
  const options: CarrierOptions = { ...DEFAULTS, ...settings };
  const exchange = createExchange(
    options,
    (self) => new Agenda<Due>(options.clock, (due) => performDue(self(), due)),
    (self) => new WebhookPoster((webhook, outcome) => recordWebhook(self(), webhook, outcome)),
  );
  const verbs = carrierVerbs(exchange);
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.route('/2010-04-01', restRoutes(exchange));
  routes.route('/ui', pageRoutes(verbs));
  return {
    routes,
    verbs,
    snapshot: () => snapshotOf(exchange),
    subscribe: (listener) => {
      exchange.feed.listeners.add(listener);
      return () => exchange.feed.listeners.delete(listener);
    },
    accepted: () => exchange.messages.all.filter((message) => message.direction === 'outbound-api'),
    runDue: () => exchange.agenda.runDue(),
    settled: () => settle(exchange),
    save: () => saveOf(exchange),
    load: (save) => loadInto(exchange, save),
    close: () => {
      exchange.closing.abort();
      exchange.agenda.close();
      exchange.poster.close();
    },
  };
}

function performDue(exchange: Exchange, due: Due): void {
  if (due.kind === 'advance') advance(exchange, due.sid, due.from);
  else if (due.kind === 'price') setPrice(exchange, due.sid);
  else if (!phoneOf(exchange.phones, due.contactNumber).isTaken) {
    void receiveText(exchange, due.contactNumber, due.botNumber, due.body);
  }
}

function snapshotOf({ messages, phones, faults, feed }: Exchange): CarrierSnapshot {
  return {
    texts: messages.all.slice(-ROWS_IN_SNAPSHOT).map(textRow),
    phones: [...phones.phones.values()].slice(-ROWS_IN_SNAPSHOT).map((phone) => phoneRow(phones, phone)),
    personas: personaRows(),
    faults: faultRows(faults),
    traffic: [...feed.traffic],
  };
}

async function settle({ agenda, poster, lastCallbacks }: Exchange): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const isBusy = agenda.hasDue() || poster.underWay > 0 || lastCallbacks.size > 0;
    quiet = isBusy ? 0 : quiet + 1;
    if (agenda.hasDue()) agenda.runDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
