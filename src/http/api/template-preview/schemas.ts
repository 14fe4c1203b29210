import { z } from '@hono/zod-openapi';

/** The preview of one template (campaign-api §2.5). */

export const TemplatePreviewInput = z
  .object({
    template: z.string().max(20_000),
    variables: z.record(z.string(), z.unknown()).nullish(),
  })
  .openapi('TemplatePreviewInput', {
    example: {
      template: "Hi {{name|default('there')}}, your appointment is on {{appointment_date}}.",
      variables: { name: 'John', appointment_date: 'February 15th' },
    },
  });

export const TemplatePreview = z
  .object({
    success: z.boolean().openapi({ description: 'False: the text says what is wrong with the template.' }),
    rendered_template: z.string().openapi({
      example: 'Hi John, your appointment is on February 15th.',
    }),
  })
  .openapi('TemplatePreview');
