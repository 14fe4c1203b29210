import { createRoute } from '@hono/zod-openapi';
import type { Api } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { previewTemplate } from '#operations/preview-template.ts';
import { TemplatePreview, TemplatePreviewInput } from './schemas.ts';

const preview = createRoute({
  method: 'post',
  path: '/api/v1/campaigns/template-preview',
  tags: ['Templates'],
  ...needs('read'),
  summary: 'Render a template with given variables',
  description:
    'As a contact with these variables would have it. A template that cannot be rendered is answered 200 with `success: false` and the reason.',
  request: { body: { ...json(TemplatePreviewInput, 'The template and what it may say.'), required: true } },
  responses: { 200: json(TemplatePreview, 'The text, or what is wrong with the template.'), ...REFUSED },
});

/** Templates before anybody uses them (campaign-api §2.5). */
export function templatePreviewRoutes(api: Api, deps: Deps): void {
  api.openapi(preview, async (c) => {
    const { template, variables } = c.req.valid('json');
    const { workspaceId } = c.get('token');
    const { ok, text } = await previewTemplate(deps, { workspaceId, template, variables: variables ?? {} });
    return c.json({ success: ok, rendered_template: text }, 200);
  });
}
