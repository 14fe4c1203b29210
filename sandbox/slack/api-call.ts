import type { Json, JsonObject } from '#sandbox/page-protocol.ts';

/** One Web API call as it came and how it was answered. `status` 0: the answer was lost on purpose. */
export type ApiCall = { method: string; args: JsonObject; at: number; status: number; answer: JsonObject };

/** Slack's `{ok: false, error}`; `extra` goes beside it (`needed`, `response_metadata`…). */
export class ApiRefusal extends Error {
  override name = 'ApiRefusal';
  readonly code: string;
  readonly extra: JsonObject;

  constructor(code: string, extra: JsonObject = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** `invalid_arguments` in the words of Slack's own argument check. */
export function invalidArguments(...messages: string[]): ApiRefusal {
  return new ApiRefusal('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

export function requiredText(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value === 'string' && value !== '') return value;
  if (value === undefined || value === null || value === '')
    throw invalidArguments(`missing required field: ${name}`);
  throw invalidArguments(`must provide a string [json-pointer:/${name}]`);
}

export function optionalText(args: JsonObject, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Forms carry booleans and numbers as text. */
export function isTrue(value: Json | undefined): boolean {
  return value === true || value === 'true' || value === '1' || value === 1;
}

export function wholeNumber(value: Json | undefined, fallback: number): number {
  const number = Number(value);
  return value === undefined || value === null || value === '' || !Number.isInteger(number)
    ? fallback
    : number;
}

/** A list given as JSON or, in forms, as JSON text. */
export function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
