import { type LawOverrideRow, overridesInForce } from '#db/law-overrides.ts';
import { readWorkspace } from '#db/workspaces.ts';
import type { AllowedHours } from '#domain/calling-window.ts';
import type { LawRow } from '#domain/law/law-row.ts';
import { LAW, type LegalPreset, rowsNamed } from '#domain/law/legal-rules.ts';
import type { Deps } from './deps.ts';

/** A row of the law as a workspace keeps it. */
export type KeptRow = { row: LawRow; override: LawOverrideRow | null };

export type ShownLaw = {
  preset: LegalPreset;
  ownHours: AllowedHours[] | null;
  rows: KeptRow[];
};

/**
 * The rows of the law that hold in a place somebody named, or all of them, with the overrides of the workspace; null when
 * no row is known by that name.
 */
export async function showLaw(
  deps: Pick<Deps, 'db'>,
  { workspaceId, place }: { workspaceId: number; place: string | null },
): Promise<ShownLaw | null> {
  const rows = place === null ? [...LAW.values()] : rowsNamed(place);
  if (rows.length === 0) return null;
  const workspace = await readWorkspace(deps.db, workspaceId);
  if (!workspace) throw new Error(`there is no workspace ${workspaceId}`);
  const overrides = new Map((await overridesInForce(deps.db, workspaceId)).map((one) => [one.ruleKey, one]));
  return {
    preset: workspace.legalPreset,
    ownHours: workspace.ownHours,
    rows: rows.map((row) => ({ row, override: overrides.get(row.key) ?? null })),
  };
}
