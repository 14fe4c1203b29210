import type { Json, JsonObject } from '#sandbox/page-protocol.ts';

type Maybe = Json | undefined;

export function asObject(value: Maybe): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

export function asList(value: Maybe): Json[] {
  return Array.isArray(value) ? value : [];
}

export function asObjects(value: Maybe): JsonObject[] {
  return asList(value).filter((item): item is JsonObject => asObject(item) !== null);
}

export function asTexts(value: Maybe): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string');
}

export function asText(value: Maybe): string {
  return typeof value === 'string' ? value : '';
}

export function asNumber(value: Maybe): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The words of a text object, or of the bare string that some blocks take instead. */
export function wordsOf(value: Maybe): string {
  return typeof value === 'string' ? value : asText(asObject(value)?.text);
}
