import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { Refusal, type RefusalCode } from '#domain/refusal.ts';
import { HUNG_UP, hasHungUp } from '#http/hung-up.ts';
import type { Log } from '#ports/log.ts';
import { sentenceOf } from './words.ts';

/** One thing that is wrong with a request, as the reference shapes it (campaign-api §1). */
export type Problem = { loc: (string | number)[]; msg: string; type: string };

/** Refusals answer 400 (campaign-api §7.29) but for these. */
const STATUS_OF: Partial<Record<RefusalCode, 403 | 404 | 413 | 415 | 422 | 429 | 503>> = {
  campaign_not_found: 404,
  contact_not_found: 404,
  assistant_not_found: 404,
  call_not_found: 404,
  recording_missing: 404,
  decision_not_found: 404,
  token_not_found: 404,
  suppression_not_found: 404,
  import_not_found: 404,
  webhook_not_found: 404,
  delivery_not_found: 404,
  upload_too_large: 413,
  upload_unsupported: 415,
  not_allowed: 403,
  settings_invalid: 422,
  template_invalid: 422,
  phone_invalid: 422,
  tested_often: 429,
  cannot_check_now: 503,
  chat_unreachable: 503,
  provider_unreachable: 503,
  numbers_unknown: 503,
  recording_unreachable: 503,
};

/** What the framework refuses by itself. */
const UNREADABLE: Partial<Record<number, string>> = {
  400: 'The body cannot be read: it is no JSON. Nothing was done. Correct it and send it again.',
  415: 'The body is not of a kind that is taken here. Nothing was done. Send JSON with “Content-Type: application/json”.',
};

/** What a request is answered with when it is refused or breaks: sentences for the client, the cause for the log. */
export function answerError(
  error: Error,
  c: Context,
  { log, reference }: { log: Log; reference: () => string },
): Response {
  if (error instanceof Refusal) return answerRefusal(error, c);
  if (error instanceof HTTPException && error.status < 500)
    return c.json({ detail: UNREADABLE[error.status] ?? error.message }, error.status);
  if (hasHungUp(error, c)) return c.json({ detail: HUNG_UP }, 400);
  const id = reference();
  log.error({ reference: id, path: c.req.path, cause: error }, 'a request to the API failed');
  const standing = c.req.method === 'GET' ? UNCHANGED : UNSURE;
  const detail = `Something went wrong on our side. ${standing}; if it happens again, tell an operator the reference ${id}.`;
  return c.json({ detail }, 500);
}

const UNCHANGED = 'Nothing was changed. Try again in a moment';
const UNSURE =
  'What you asked for may or may not have been done. Look before you send it again; only what came with an Idempotency-Key may be sent again as it is';

/** 422 with one problem for each field that is wrong. */
export function unprocessable(c: Context, detail: Problem[]) {
  return c.json({ detail }, 422);
}

type Issue = { path: readonly PropertyKey[]; message: string; code: string };
export type Invalid = {
  target: string;
  error: { issues: readonly Issue[] };
  /** What was sent, before it was looked at. */
  data?: unknown;
};

const PLACES: Record<string, string> = { json: 'body', form: 'body', param: 'path' };

/** More than anybody corrects at once; a long list of wrong values would be answered with many times its own size. */
const MOST_PROBLEMS = 100;
const LONGEST_MESSAGE = 500;

/** What a request's shape is refused for, field by field. */
export function problemsIn({ target, error, data }: Invalid): Problem[] {
  const place = PLACES[target] ?? target;
  const told = error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const { message, code } = isMissing(issue, data) ? sayMissing(issue) : issue;
    const msg = message.replace(/^Invalid input: expected number, received NaN$/, 'This is not a number.');
    return {
      loc: [place, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))],
      msg: msg.length > LONGEST_MESSAGE ? `${msg.slice(0, LONGEST_MESSAGE)}…` : msg,
      type: code,
    };
  });
  const more = error.issues.length - told.length;
  if (more === 0) return told;
  const msg = `${more.toLocaleString('en-US')} more problems are not listed here. Correct these, then send the request again.`;
  return [...told, { loc: [place], msg, type: 'too_many_problems' }];
}

/** Whether a field was left out, and the schema has no words of its own for that. */
function isMissing({ path, message }: Issue, data: unknown): boolean {
  if (path.length === 0 || !/^Invalid (input|option): expected /.test(message)) return false;
  const holder = path.slice(0, -1).reduce<unknown>((value, part) => partOf(value, part), data);
  return typeof holder === 'object' && holder !== null && partOf(holder, path.at(-1) ?? '') === undefined;
}

function partOf(value: unknown, part: PropertyKey): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[part]
    : undefined;
}

/** `missing` is what clients of the reference know it by. */
function sayMissing({ message }: Issue) {
  const expected = message.replace(/^Invalid (input|option): /, '').replace(/, received undefined$/, '');
  return { message: `This is missing: ${expected}.`, code: 'missing' };
}

function answerRefusal(refusal: Refusal, c: Context): Response {
  const problems = problemsOf(refusal, c.req.method === 'GET' ? 'query' : 'body');
  if (problems) return unprocessable(c, problems);
  const { action } = refusal.details as { action?: string };
  // What clients of the reference look for in the refusal of a pause (campaign-api §1.4).
  const cause = action === 'pause' ? 'Campaign is not running. ' : '';
  const detail = `${cause}${sentenceOf(refusal)}`;
  return c.json({ detail }, STATUS_OF[refusal.code] ?? 400);
}

type ValueProblem = { field: string; sentence: string };

/** What the rules say of values, where a client sent them. */
export function problemsOfValues(problems: readonly ValueProblem[]): Problem[] {
  return problems.map(({ field, sentence }) => ({
    // None: it is about the body as a whole.
    loc: ['body', ...(field === '' ? [] : field.split('.'))],
    msg: sentence,
    type: 'value_error',
  }));
}

function problemsOf({ code, details: given, message }: Refusal, place: string): Problem[] | null {
  if (code === 'phone_invalid') return [{ loc: [place, 'phone_number'], msg: message, type: 'value_error' }];
  const details: object = given;
  if (code === 'settings_invalid')
    return problemsOfValues((details as { problems: ValueProblem[] }).problems);
  const { template } = details as { template?: string };
  if (code !== 'template_invalid' || !template) return null;
  const field = template.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [{ loc: ['body', field], msg: message, type: 'value_error' }];
}
