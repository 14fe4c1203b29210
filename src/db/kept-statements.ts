import type { Executor } from './client.ts';

const statements = new WeakMap<Executor, Map<string, unknown>>();

/**
 * A statement that is put together once for each pool and asked with other values every time: putting a wide one together
 * takes several times as long as its answer. `name` stands for one text; what differs between two askings are placeholders.
 */
export function keptStatement<S>(executor: Executor, name: string, build: (name: string) => S): S {
  const known = statements.get(executor) ?? new Map<string, unknown>();
  statements.set(executor, known);
  const kept = known.get(name) as S | undefined;
  if (kept !== undefined) return kept;
  const built = build(name);
  known.set(name, built);
  return built;
}
