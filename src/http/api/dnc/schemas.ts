import { z } from '@hono/zod-openapi';
import { BodyId, Id, Instant, PageQuery, Pagination } from '#http/api/contract.ts';

/** The do-not-call list as campaign-api §7.19 decides it. */

export const EntryPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'As the list has it.', example: 7 }),
});

const Channel = z.enum(['all', 'voice', 'sms']);
const CampaignId = z.number().int().nullable().openapi({
  description: 'The only campaign that it counts for; null for the whole workspace.',
});
const Origin = {
  channel: Channel,
  reason: z.string(),
  source: z.enum(['manual', 'opt_out', 'import', 'api', 'provider']),
  campaign_id: CampaignId,
  actor: z.string().openapi({ description: 'Who entered it: slack:…, token:… or system.' }),
  created_at: Instant,
};

export const Entry = z
  .object({ id: z.number().int(), phone_number: z.string(), ...Origin })
  .openapi('DoNotCallEntry', {
    example: {
      id: 7,
      phone_number: '+15551234567',
      channel: 'all',
      reason: 'They wrote to us.',
      source: 'api',
      campaign_id: null,
      actor: 'token:1',
      created_at: '2024-02-15T09:00:00Z',
    },
  });

export const Range = z
  .object({ id: z.number().int(), range: z.string().openapi({ example: '+1900*' }), ...Origin })
  .openapi('DoNotCallRange');

export const ListQuery = PageQuery.extend({
  search: z
    .string()
    .max(200)
    .default('')
    .openapi({ description: 'Digits of a number, or words of a reason.' }),
  channel: Channel.optional().openapi({ description: 'Only entries for this channel.' }),
  campaign_id: Id.optional().openapi({ description: 'Only entries that count for this campaign alone.' }),
});

export const Entries = z
  .object({ entries: z.array(Entry), pagination: Pagination })
  .openapi('DoNotCallEntries');
export const Ranges = z.object({ ranges: z.array(Range), pagination: Pagination }).openapi('DoNotCallRanges');

export const EntryInput = z
  .object({
    phone_number: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .openapi({ description: 'A number, or with a star at its end all that begin so, like +1900*.' }),
    reason: z.string().trim().min(1).max(500).default('Sent over the API.'),
    channel: Channel.default('all'),
    campaign_id: BodyId.nullish(),
  })
  .openapi('DoNotCallInput', {
    example: { phone_number: '+15551234567', reason: 'They wrote to us.', channel: 'all' },
  });

export const Added = z
  .object({
    entry: Entry.nullable(),
    range: Range.nullable(),
    already_listed: z.boolean(),
    message: z.string(),
  })
  .openapi('DoNotCallAdded');

export const CheckQuery = z.object({
  phone_number: z.string().trim().min(1).max(40).openapi({
    description: 'As people write it; with + and country code it is sure.',
    example: '+15551234567',
  }),
  campaign_id: Id.optional().openapi({ description: 'Have entries of this campaign count as well.' }),
});

export const Check = z
  .object({
    phone_number: z.string(),
    is_listed: z.boolean().openapi({ description: 'Whether anything is kept from this number.' }),
    calls_allowed: z.boolean(),
    texts_allowed: z.boolean(),
    reasons: z.array(z.string()),
    entries: z.array(Entry),
    ranges: z.array(Range),
  })
  .openapi('DoNotCallCheck');

export const Told = z.object({ message: z.string() }).openapi('Told');
