import type { Exchange } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import type { WebhookOutcome } from '#sandbox/carrier/webhook-poster.ts';
import { type Element, parseTwiml } from '#sandbox/carrier/xml.ts';
import { alert, alertOf } from './alerts.ts';
import type { Call, Instructions } from './call-book.ts';
import { callForm, type Form } from './call-forms.ts';
import { checkTwiml } from './twiml-schema.ts';

/** A document and the address that relative ones in it mean. */
export type Twiml = { root: Element; base: string | null };

const LARGEST_DOCUMENT = 64 * 1_024;

/** The instructions for a call: asked for within 15 seconds, else at the fallback address. Throws with Twilio's code. */
export async function fetchInstructions(
  exchange: Exchange,
  call: Call,
  instructions: Instructions,
  extra: Form,
): Promise<Twiml> {
  const { url, method, twiml, fallbackUrl, fallbackMethod } = instructions;
  if (!url) return readTwiml(exchange, call, twiml ?? '', null);
  try {
    return await fetchTwiml(exchange, call, { url, method }, extra);
  } catch (error) {
    if (!fallbackUrl) throw error;
    alertOf(exchange, call, error);
    const problem = { ErrorCode: codeOf(error), ErrorUrl: url };
    return await fetchTwiml(
      exchange,
      call,
      { url: fallbackUrl, method: fallbackMethod },
      { ...extra, ...problem },
    );
  }
}

export async function fetchTwiml(
  exchange: Exchange,
  call: Call,
  { url, method }: { url: string; method: 'GET' | 'POST' },
  extra: Form,
): Promise<Twiml> {
  const { answer, problem } = await ask(exchange, call, url, method, extra);
  if (!answer) throw new Error(`${problem === 'ECONNREFUSED' ? 11205 : 11200}: ${url}: ${problem}`);
  if (answer.status < 200 || answer.status > 299) throw new Error(`11200: ${url} answered ${answer.status}`);
  if (answer.body.length > LARGEST_DOCUMENT) throw new Error(`11750: ${url} answered more than 64 kB`);
  if (!/^(text|application)\/xml|^text\/html/.test(answer.contentType))
    throw new Error(`12300: content type ${answer.contentType || 'missing'}`);
  return readTwiml(exchange, call, answer.body, url);
}

function readTwiml(exchange: Exchange, call: Call, xml: string, base: string | null): Twiml {
  const root = parseTwiml(xml);
  for (const warning of checkTwiml(root)) alert(exchange, call, 12200, warning);
  return { root, base };
}

/** Asks once; a lost answer makes the carrier ask again, and then the second answer counts. */
async function ask(
  exchange: Exchange,
  call: Call,
  url: string,
  method: 'GET' | 'POST',
  extra: Form,
): Promise<WebhookOutcome> {
  const lost: WebhookOutcome = { answer: null, problem: 'the request got lost on purpose', durationMs: 0 };
  if (strikes(exchange.faults, 'twiml_fetch_failing')) return lost;
  const params = { ...callForm(exchange, call), ...extra };
  const post = () => exchange.poster.post({ url, params, method, signWith: exchange.options.authToken }).done;
  if (strikes(exchange.faults, 'duplicate_twiml_fetch')) await post();
  return post();
}

function codeOf(error: unknown): string {
  return /^\d{5}/.exec(error instanceof Error ? error.message : '')?.[0] ?? '11200';
}
