import type { z } from '@hono/zod-openapi';

type Issue = { path: readonly PropertyKey[]; message: string; code: string; keys?: readonly string[] };

/**
 * What is left of a body when what is out of shape has been taken out, so that the rest can be judged. `loose` demands no
 * field. Null where something is still out of shape then.
 */
export function sift<Loose extends z.ZodType>(
  loose: Loose,
  body: unknown,
  issues: readonly Issue[],
): z.output<Loose> | null {
  const judged = loose.safeParse(without(body, issues));
  return judged.success ? judged.data : null;
}

/**
 * The body without what the issues are about; of a list with one wrong item, without the list. Copies no more than the way
 * to it: what clients send may be half a million levels deep.
 */
function without(body: unknown, issues: readonly Issue[]): unknown {
  let left = isRecord(body) ? body : {};
  for (const { path, keys } of issues) {
    const index = path.findIndex((part) => typeof part === 'number');
    const names = (index < 0 ? path : path.slice(0, index)).map(String);
    for (const way of keys ? keys.map((key) => [...names, key]) : [names]) left = taken(left, way);
  }
  return left;
}

function taken(
  body: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
): Record<string, unknown> {
  const inner = Object.hasOwn(body, name) ? body[name] : undefined;
  const others = Object.entries(body).filter(([key]) => key !== name);
  if (rest.length === 0) return Object.fromEntries(others);
  return isRecord(inner) ? Object.fromEntries([...others, [name, taken(inner, rest)]]) : body;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
