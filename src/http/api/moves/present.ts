import type { z } from '@hono/zod-openapi';
import { instant } from '#http/instant.ts';
import type { Launched } from '#operations/launch-campaign.ts';
import type { NextRun } from '#operations/schedule-next-run.ts';
import type { ReExecuted, Started } from './schemas.ts';

/** What a start answers (campaign-api §1.4, §7.27). */
export function presentStart(
  campaignId: number,
  { taskKey, scheduledAt }: Launched,
): z.output<typeof Started> {
  const common = {
    success: true,
    task_id: taskKey,
    campaign_id: campaignId,
    status: 'scheduled',
  } as const;
  if (!scheduledAt) return { ...common, message: 'Campaign execution started immediately' };
  const message = `Campaign scheduled for execution at ${utcWords(scheduledAt)}`;
  return { ...common, message, scheduled_time: instant(scheduledAt) };
}

/** What setting up another run answers; only here a single time is called `once` (campaign-api §1.5, §7.15). */
export function presentNextRun(
  campaignId: number,
  { contactsReset, type, at }: NextRun,
): z.output<typeof ReExecuted> {
  const common = { success: true, campaign_id: campaignId, contacts_reset: contactsReset } as const;
  const waiting = `${contactsReset} ${contactsReset === 1 ? 'contact waits' : 'contacts wait'}`;
  if (!type || !at)
    return {
      ...common,
      message: `Campaign reset for re-execution: ${waiting}. Start it when it is to run.`,
      schedule_type: 'immediate',
      status: 'draft',
    };
  return {
    ...common,
    message: `Campaign scheduled for re-execution at ${utcWords(at)}: ${waiting}.`,
    schedule_type: type === 'recurring' ? 'recurring' : 'once',
    status: 'scheduled',
    scheduled_time: instant(at),
  };
}

/** “2024-02-15 09:00:00 UTC”. */
function utcWords(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
