import { readWorkspace } from '#db/workspaces.ts';
import { previewTemplate as render } from '#domain/template.ts';
import type { Deps } from './deps.ts';

export type TemplatePreviewInput = {
  workspaceId: number;
  template: string;
  variables: Readonly<Record<string, unknown>>;
};

/** A template rendered with these variables, as a campaign of this workspace would render it; with `ok` false the reason. */
export async function previewTemplate(
  deps: Pick<Deps, 'db'>,
  { workspaceId, template, variables }: TemplatePreviewInput,
): Promise<{ ok: boolean; text: string }> {
  const workspace = await readWorkspace(deps.db, workspaceId);
  return render(template, { values: variables, companyName: workspace?.companyName ?? null });
}
