import { z } from '@hono/zod-openapi';
import { DAY_NAMES } from '#domain/calling-window.ts';
import { Id } from '#http/api/contract.ts';

export const HeatMapQuery = z.object({
  campaign_id: Id.optional().openapi({
    description: 'Calls of this campaign alone; of the whole workspace without it.',
  }),
});

const Weekday = z.enum(DAY_NAMES);
const hour = z.number().int().min(0).max(24);

const Slot = z
  .object({
    weekday: Weekday,
    from: hour,
    until: hour,
    calls: z.number().int().openapi({ description: '0 for what is merely usual.' }),
    answered: z.number().int(),
  })
  .openapi('TimeSlot');

export const HeatMap = z
  .object({
    campaign_id: z.number().int().nullable(),
    days: z.number().int().openapi({ description: 'How far back calls are counted.', example: 90 }),
    calls: z.number().int(),
    basis: z.enum(['usual', 'own']).openapi({
      description:
        '`own` once there are calls enough to say something; until then `best` and `avoid` are what is usual.',
    }),
    hours: z.array(
      z.object({
        weekday: Weekday,
        hour,
        calls: z.number().int(),
        answered: z.number().int(),
        answer_rate: z
          .number()
          .nullable()
          .openapi({ description: 'In percent; null where too few calls began to say so.', example: 38.5 }),
      }),
    ),
    best: z.array(Slot),
    best_words: z.string().openapi({ example: 'Tue–Thu 10–12 and 14–16' }),
    avoid: z.array(Slot),
    avoid_words: z.string().openapi({ example: 'Mon 8–12, Fri 12–18' }),
  })
  .openapi('HeatMap');
