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

/** What is taken out, by name: all of it (null), or parts of it. */
type Gone = Map<string, Gone | null>;

/**
 * The body without what the issues are about; of a list with one wrong item, without the list. Copies no more than the way
 * to it, and each level once: what clients send may be half a million levels deep, or have thousands of wrong names.
 */
function without(body: unknown, issues: readonly Issue[]): unknown {
  const gone: Gone = new Map();
  for (const { path, keys } of issues) {
    const index = path.findIndex((part) => typeof part === 'number');
    const names = (index < 0 ? path : path.slice(0, index)).map(String);
    for (const way of keys ? keys.map((key) => [...names, key]) : [names]) mark(gone, way);
  }
  return isRecord(body) ? leave(body, gone) : {};
}

function mark(gone: Gone, [name = '', ...rest]: readonly string[]): void {
  const known = gone.get(name);
  if (known === null) return;
  const parts: Gone | null = rest.length === 0 ? null : (known ?? new Map());
  gone.set(name, parts);
  if (parts) mark(parts, rest);
}

function leave(body: Record<string, unknown>, gone: Gone): Record<string, unknown> {
  const left = Object.entries(body).filter(([name]) => gone.get(name) !== null);
  return Object.fromEntries(
    left.map(([name, value]) => {
      const parts = gone.get(name);
      return [name, parts && isRecord(value) ? leave(value, parts) : value];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
