import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Tables } from '#sandbox/page-protocol.ts';
import { Agenda } from './agenda.ts';
import { type Alert, createExchange, type Due, type Exchange } from './exchange.ts';
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
import type { Call } from './voice/call-book.ts';
import { setCallPrice } from './voice/ending.ts';
import { callRow } from './voice/lines.ts';
import { OVER } from './voice/live-call.ts';
import { completeRecording } from './voice/recordings.ts';
import { WebhookPoster } from './webhook-poster.ts';

type Optional =
  | 'services'
  | 'latency'
  | 'forbiddenPrefixes'
  | 'trialRecipients'
  | 'callsPerSecond'
  | 'mostCalls'
  | 'lateVerdictMs'
  | 'slowAnswerMs'
  | 'trafficKept';
export type CarrierSettings = Omit<CarrierOptions, Optional> & Partial<Pick<CarrierOptions, Optional>>;

export type CarrierSnapshot =
  Pick<Tables, 'texts' | 'calls' | 'phones' | 'personas' | 'faults' | 'traffic'> extends infer Rows
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
  /** The calls taken on through the API, in order; what the carrier dialled twice by mistake is marked `isTwin`. */
  acceptedCalls(): readonly Call[];
  /** What Twilio's debugger would show: instructions that could not be fetched or followed, sockets that failed. */
  alerts(): readonly Alert[];
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
  mostCalls: null,
  lateVerdictMs: 15_000,
  slowAnswerMs: 15_000,
  trafficKept: 300,
} satisfies Omit<Pick<CarrierOptions, Optional>, 'callsPerSecond'>;

const ROWS_IN_SNAPSHOT = 2_000;

/** A carrier that speaks Twilio's REST API and webhooks, with contacts who behave by the endings of their numbers. */
export function createCarrierStandIn(settings: CarrierSettings): CarrierStandIn {
  const callsPerSecond = (settings.latency ?? REALISTIC).pace === 0 ? Number.POSITIVE_INFINITY : 1;
  const options: CarrierOptions = { ...DEFAULTS, callsPerSecond, ...settings };
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
    acceptedCalls: () => exchange.calls.all.filter((call) => call.direction === 'outbound-api'),
    alerts: () => exchange.alerts,
    runDue: () => exchange.agenda.runDue() + exchange.timers.runDue(),
    settled: () => settle(exchange),
    save: () => saveOf(exchange),
    load: (save) => loadInto(exchange, save),
    close: () => {
      exchange.closing.abort();
      hangUpAll(exchange);
      exchange.agenda.close();
      exchange.timers.close();
      exchange.poster.close();
    },
  };
}

function performDue(exchange: Exchange, due: Due): void {
  if (due.kind === 'advance') advance(exchange, due.sid, due.from);
  else if (due.kind === 'price') setPrice(exchange, due.sid);
  else if (due.kind === 'call_price') setCallPrice(exchange, due.sid);
  else if (due.kind === 'recording_ready') completeRecording(exchange, due.sid);
  else if (!phoneOf(exchange.phones, due.contactNumber).isTaken) {
    void receiveText(exchange, due.contactNumber, due.botNumber, due.body);
  }
}

/** The process ends: nobody is told, and every socket is let go. */
function hangUpAll({ live }: Exchange): void {
  for (const { ending, program } of live.values()) {
    ending.abort(OVER);
    program?.abort(OVER);
  }
}

function snapshotOf(exchange: Exchange): CarrierSnapshot {
  const { messages, calls, phones, faults, feed } = exchange;
  return {
    texts: messages.all.slice(-ROWS_IN_SNAPSHOT).map(textRow),
    calls: calls.all.slice(-ROWS_IN_SNAPSHOT).map((call) => callRow(exchange, call)),
    phones: [...phones.phones.values()].slice(-ROWS_IN_SNAPSHOT).map((phone) => phoneRow(phones, phone)),
    personas: personaRows(),
    faults: faultRows(faults),
    traffic: [...feed.traffic],
  };
}

async function settle({ agenda, timers, poster, lastCallbacks }: Exchange): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const isDue = agenda.hasDue() || timers.hasDue();
    const isBusy = isDue || poster.underWay > 0 || lastCallbacks.size > 0;
    quiet = isBusy ? 0 : quiet + 1;
    if (isDue) agenda.runDue();
    if (isDue) timers.runDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
