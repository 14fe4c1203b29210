import { z } from '@hono/zod-openapi';
import { Id, Instant, Pagination } from '#http/api/contract.ts';

/** Imports as campaign-api §2.1 and §7.4 write them. */

export const ImportPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the campaign.', example: 42 }),
  import_id: Id.openapi({
    param: { name: 'import_id', in: 'path' },
    description: 'Of the import.',
    example: 7,
  }),
});

const ImportStatus = z.enum(['pending', 'processing', 'completed', 'failed']);

export const ImportStarted = z
  .object({
    success: z.literal(true),
    message: z.string(),
    imported_count: z.number().openapi({ description: '0: the file is loaded after this answer.' }),
    total_contacts: z.number(),
    file_name: z.string().openapi({ example: 'contacts_february.csv' }),
    import_date: Instant,
    import_id: z.number(),
    status: ImportStatus,
    status_url: z.string(),
  })
  .openapi('ImportStarted');

export const Import = z
  .object({
    import_id: z.number(),
    status: ImportStatus,
    file_name: z.string(),
    mode: z.enum(['append', 'replace']),
    row_count: z.number(),
    imported_count: z.number(),
    duplicate_count: z.number().openapi({ description: 'Twice in the file, or in the campaign already.' }),
    existing_count: z.number().openapi({ description: 'Those of the duplicates that were in the campaign.' }),
    invalid_count: z.number(),
    suppressed_count: z.number().openapi({ description: 'On the do-not-call list.' }),
    total_contacts: z.number(),
    errors: z
      .array(z.object({ line: z.number(), value: z.string(), reason: z.string(), explanation: z.string() }))
      .openapi({ description: 'The first 20 rows that were not loaded.' }),
    reasons: z.array(z.object({ reason: z.string(), rows: z.number(), explanation: z.string() })),
    rejects_url: z.string().nullable().openapi({ description: 'All rows that were not loaded, as CSV.' }),
    problem: z.string().nullable().openapi({ description: 'Why nothing of the file was loaded.' }),
    created_at: Instant,
    started_at: Instant.nullable(),
    completed_at: Instant.nullable(),
  })
  .openapi('Import');

export const ImportList = z
  .object({ imports: z.array(Import), pagination: Pagination })
  .openapi('ImportList');

const Mode = z.enum(['replace', 'append']);

export const UploadQuery = z.object({
  file_name: z.string().max(500).optional().openapi({ description: 'Of a body that is the file itself.' }),
  column_mappings: z
    .string()
    .max(64_000)
    .optional()
    .openapi({ description: 'JSON text of column → field or variable, where the form has none.' }),
  mode: Mode.optional().openapi({
    description:
      '`replace` drops contacts of earlier files that nobody was contacted for; `append` keeps them.',
  }),
});

/** JSON text of column → field or variable; null leaves the column out. */
const ColumnMappings = z
  .string()
  .default('{}')
  .transform((text, ctx) => {
    const mapping = z.record(z.string(), z.string().nullable()).safeParse(parsed(text.trim() || '{}'));
    if (mapping.success)
      return Object.fromEntries(Object.entries(mapping.data).map(([header, value]) => [header, value ?? '']));
    ctx.addIssue({
      code: 'custom',
      message: 'Write it as the JSON text of an object, such as {"Phone Number":"phone_number"}.',
    });
    return z.NEVER;
  });

/** What a request says about its file, in the form or in the address. */
export const UploadFields = z.object({ mode: Mode.optional(), column_mappings: ColumnMappings });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
