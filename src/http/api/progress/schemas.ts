import { z } from '@hono/zod-openapi';
import { CAMPAIGN_STATUSES } from '#domain/lifecycle.ts';
import { Instant } from '#http/api/contract.ts';

/** How far a campaign is, as campaign-api §4.1 writes it. */

const CampaignStatus = z.enum(CAMPAIGN_STATUSES);

const ProgressFigures = z
  .object({
    total_contacts: z.number(),
    completed: z.number(),
    failed: z.number().openapi({ description: 'Failed, no answer, busy and voicemail together.' }),
    processing: z.number(),
    pending: z.number(),
    progress_percentage: z.number(),
    success_rate: z.number(),
    skipped: z.number().openapi({ description: 'Not part of the total, nor of any percentage.' }),
  })
  .openapi('ProgressFigures');

export const ProgressData = z
  .object({
    campaign_id: z.number(),
    status: CampaignStatus,
    progress: ProgressFigures,
    started_at: Instant.nullable(),
    completed_at: Instant.nullable(),
    hold: z
      .string()
      .nullable()
      .openapi({ description: 'Why nothing is being placed now, in words; null while nothing holds it.' }),
  })
  .openapi('ProgressData');

export const CampaignMetrics = z
  .object({
    total_duration_seconds: z.number(),
    average_duration_seconds: z.number(),
    success_rate: z.number(),
    answer_rate: z.number().openapi({ description: 'Calls answered by a person among all calls placed.' }),
    completion_rate: z.number(),
    cost_estimate: z
      .number()
      .openapi({ description: 'USD: the provider’s price where it is known, else the rate table.' }),
    actual_cost: z.number().openapi({ description: 'USD: what the provider charged.' }),
    cost_is_estimate: z.boolean(),
    last_updated: Instant,
  })
  .openapi('CampaignMetrics');

export const RecentActivity = z
  .object({
    execution_id: z.number(),
    contact_phone: z.string(),
    status: z.enum(['in_progress', 'completed', 'failed', 'skipped']).openapi({
      description: 'As progress counts it: every way of not being reached is `failed`.',
    }),
    executed_at: Instant,
    call_id: z.string().nullable(),
    sms_id: z.string().nullable(),
    execution_status: z.string().openapi({ description: 'As the list of executions has it.' }),
  })
  .openapi('RecentActivity');

export const Progress = ProgressData.extend({
  metrics: CampaignMetrics,
  recent_activity: z.array(RecentActivity),
}).openapi('Progress');
