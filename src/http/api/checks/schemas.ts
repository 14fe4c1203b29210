import { z } from '@hono/zod-openapi';

/** What a campaign would do and why it does what it does: what Slack shows before a start, beyond the reference. */

const Range = z.object({ low: z.number(), high: z.number() }).openapi('CostRange', {
  description: 'In US dollars.',
});
const Demand = z.enum(['not_demanded', 'missing', 'asked', 'standing']);

export const Preflight = z
  .object({
    campaign_id: z.number(),
    problems: z.array(z.string()).openapi({
      description: 'What keeps it from beginning, each a sentence; empty when nothing does.',
    }),
    contacts: z
      .object({
        ready: z.number(),
        do_not_call: z.number(),
        no_consent: z.number(),
        contacted_recently: z.number(),
        held_for_review: z.number(),
        capped: z.number().openapi({ description: 'Contacted as often as allowed for now; they wait.' }),
        no_time_zone: z.number(),
        outside_hours_now: z.number(),
      })
      .openapi({ description: 'The waiting contacts by what would become of them now.' }),
    rows_not_loaded: z.object({ duplicates: z.number(), invalid: z.number() }),
    missing_variables: z.array(z.object({ name: z.string(), contacts: z.number() })),
    segments: z.number(),
    cost: Range,
    budget_limit: z.number().nullable(),
    canary_size: z.number().nullable(),
    outlook: z.string().openapi({ description: 'How long it takes, and which limit binds.' }),
    approval: Demand,
    attestation: Demand,
  })
  .openapi('Preflight');

export const Why = z
  .object({
    campaign_id: z.number(),
    sentences: z.array(z.string()).openapi({
      example: ['“February reminders” is running: 145 waiting, 5 in progress.'],
    }),
  })
  .openapi('Why');

const Example = z.object({
  name: z.string(),
  phone_number: z.string().openapi({ description: 'All but the last digits are hidden.' }),
  missing: z.array(z.string()).openapi({ description: 'Variables that nothing had a value for.' }),
  refusal: z.string().nullable().openapi({ description: 'Why this contact would not be contacted so.' }),
});

const notes = z.array(z.string()).openapi({
  description: 'What to look at: names that no contact brings, characters that make texts dearer.',
});

export const Preview = z
  .object({
    campaign_id: z.number(),
    sms: z
      .object({
        problem: z.string().nullable(),
        notes,
        examples: z.array(Example.extend({ text: z.string(), segments: z.number(), encoding: z.string() })),
      })
      .nullable(),
    call: z
      .object({
        problems: z.array(z.string()),
        notes,
        examples: z.array(
          Example.extend({ lines: z.array(z.object({ words: z.string(), text: z.string() })) }),
        ),
      })
      .nullable(),
  })
  .openapi('CampaignPreview');

export const ApprovalAsked = z
  .object({ message: z.string(), approval_id: z.number() })
  .openapi('ApprovalAsked');
