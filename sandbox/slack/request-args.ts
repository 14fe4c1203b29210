/** Reads a Web API request as Slack does: JSON, form or multipart; the token in the header or among the arguments. */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import { isObject } from './block-schema.ts';

export type ApiRequest = { args: JsonObject; token: string | null };

/** The refusal is returned, so that the exchange is still recorded. */
export async function readRequest(request: Request): Promise<ApiRequest | ApiRefusal> {
  try {
    return await readArgs(request);
  } catch (error) {
    if (error instanceof ApiRefusal) return error;
    throw error;
  }
}

export function bearer(header: string | null): string | null {
  return header?.match(/^Bearer\s+(\S+)$/i)?.[1] ?? null;
}

async function readArgs(request: Request): Promise<ApiRequest> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const { token, ...args } = {
    ...query,
    ...(request.method === 'POST' ? await readBody(request) : {}),
  } as JsonObject;
  return {
    args,
    token: bearer(request.headers.get('authorization')) ?? (typeof token === 'string' ? token : null),
  };
}

async function readBody(request: Request): Promise<JsonObject> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return readJson(await request.text());
  if (type === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(await request.text()));
  if (type === 'multipart/form-data') return fields(await request.formData());
  if (type === '' && (await request.text()) === '') return {};
  throw new ApiRefusal(type === '' ? 'missing_post_type' : 'invalid_post_type');
}

function readJson(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new ApiRefusal('invalid_json');
  }
  if (!isObject(value)) throw new ApiRefusal('json_not_object');
  return value;
}

function fields(form: FormData): JsonObject {
  return Object.fromEntries(
    [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
