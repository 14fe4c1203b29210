import { z } from '@hono/zod-openapi';
import { CAMPAIGN_STATUSES } from '#domain/lifecycle.ts';
import { Part } from '#http/api/skip.ts';

/** Our numbers as campaign-api §6 writes them. */

const NumberAssistant = z.object({ id: z.number().int(), name: z.string(), is_active: z.boolean() });

export const PhoneNumber = z
  .object({
    id: z.number().int().openapi({ description: 'The digits of the number.' }),
    phone_number: z.string(),
    friendly_name: z.string().openapi({ description: 'What somebody called it at the provider.' }),
    provider: z.string(),
    is_active: z.boolean(),
    capabilities: z.object({ voice: z.boolean(), sms: z.boolean(), mms: z.boolean() }),
    allowed_country_codes: z.null(),
    assistant: NumberAssistant.nullable().openapi({
      description: 'Who calls from it; the first of `assistants`.',
    }),
    flow: z.null(),
    assistants: z.array(NumberAssistant).openapi({ description: 'Everyone who has it among their numbers.' }),
    campaigns: z
      .array(z.object({ id: z.number().int(), name: z.string(), status: z.enum(CAMPAIGN_STATUSES) }))
      .openapi({
        description:
          'Those that are not over and contact people from it, by their own choice, their assistant’s or the default: the 20 newest.',
      }),
    campaign_count: z.number().int().openapi({ description: 'How many there are of these.' }),
    is_default_for: z.array(z.enum(['calls', 'texts'])).openapi({
      description: 'What comes from it where neither the campaign nor its assistant has a number.',
    }),
  })
  .openapi('PhoneNumber', {
    example: {
      id: 15550001234,
      phone_number: '+15550001234',
      friendly_name: 'Front desk',
      provider: 'twilio',
      is_active: true,
      capabilities: { voice: true, sms: true, mms: false },
      allowed_country_codes: null,
      assistant: { id: 3, name: 'Ava', is_active: true },
      flow: null,
      assistants: [{ id: 3, name: 'Ava', is_active: true }],
      campaigns: [{ id: 42, name: 'Spring', status: 'running' }],
      campaign_count: 1,
      is_default_for: ['calls', 'texts'],
    },
  });

export const PhoneNumbers = z.object({ items: z.array(PhoneNumber), ...Part }).openapi('PhoneNumbers');
