import { z } from '@hono/zod-openapi';
import { CampaignPath, Id, Instant } from '#http/api/contract.ts';

/** What of a campaign only a person can decide; in Slack it is asked in the thread. */

export const ReviewPath = CampaignPath.extend({
  execution_id: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .openapi({
      param: { name: 'execution_id', in: 'path' },
      description: 'Of the attempt, as the executions have it.',
      example: 1001,
    }),
});
export const HoldPath = CampaignPath.extend({
  hold_id: Id.openapi({
    param: { name: 'hold_id', in: 'path' },
    description: 'As the list of decisions has it.',
    example: 7,
  }),
});

export const ReviewInput = z
  .object({
    decision: z.enum(['retry', 'assume_done']).openapi({
      description: 'retry: they are contacted again. assume_done: it is taken as received.',
    }),
  })
  .openapi('ReviewInput', { example: { decision: 'retry' } });

export const HoldInput = z
  .object({
    decision: z.enum(['suppress', 'keep']).openapi({
      description:
        'suppress: they go on the do-not-call list. keep: they did not mean that, and everything goes on.',
    }),
  })
  .openapi('HoldInput', { example: { decision: 'suppress' } });

export const Decisions = z
  .object({
    reviews: z.array(
      z.object({
        execution_id: z.number(),
        contact_id: z.number(),
        contact_phone: z.string(),
        channel: z.enum(['call', 'sms']),
        executed_at: Instant,
      }),
    ),
    holds: z.array(
      z.object({
        hold_id: z.number(),
        phone_number: z.string(),
        text: z.string().nullable(),
        received_at: Instant,
      }),
    ),
  })
  .openapi('Decisions');
