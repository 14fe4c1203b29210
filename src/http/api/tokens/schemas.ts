import { z } from '@hono/zod-openapi';
import { TOKEN_SCOPES } from '#domain/token-scopes.ts';
import { Id, Instant } from '#http/api/contract.ts';

export const Token = z
  .object({
    id: z.number().openapi({ example: 7 }),
    name: z.string().openapi({ example: 'CRM' }),
    hint: z.string().openapi({ description: 'The last characters of its secret.', example: 'x8Qw' }),
    scopes: z.array(z.enum(TOKEN_SCOPES)),
    requests_per_second: z
      .number()
      .openapi({ description: 'Of it and all tokens made by it together, or by what made it.', example: 60 }),
    parent_id: z
      .number()
      .nullable()
      .openapi({ description: 'The token that made it, and with which it ends.' }),
    created_by: z.string().openapi({ example: 'slack:U123' }),
    created_at: Instant,
    expires_at: Instant.nullable(),
    last_used_at: Instant.nullable().openapi({ description: 'To within a second.' }),
  })
  .openapi('Token');

export const TokenList = z.object({ tokens: z.array(Token) }).openapi('TokenList');

/** Nothing else is taken: a token whose end was misspelt would live on. */
export const NewToken = z
  .strictObject({
    name: z.string().openapi({ description: 'What it is for, in 1 to 80 characters.' }),
    scopes: z
      .array(z.string())
      .max(TOKEN_SCOPES.length)
      .openapi({ description: 'At least one of read, write, launch, and none that your own token lacks.' }),
    expires_at: z.iso
      .datetime({ offset: true })
      .nullish()
      .openapi({ description: 'No later than your own token ends; left out, when that one does.' }),
  })
  .openapi('NewToken', {
    example: { name: 'Nightly report', scopes: ['read'], expires_at: '2027-01-01T00:00:00Z' },
  });

export const MadeToken = Token.extend({
  token: z.string().openapi({ description: 'The secret. It is shown this once and kept nowhere.' }),
}).openapi('MadeToken');

export const TokenPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the token.', example: 7 }),
});

export const Revoked = z.object({ message: z.string() }).openapi('RevokedToken');
