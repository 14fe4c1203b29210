import { eq } from 'drizzle-orm/sql';
import { attempts } from '#db/schema.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import type { Note } from '#ports/chat-content.ts';
import { ANNA, type Engine } from '#support/engine.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What tests of schedules do with an engine, over and over. */
export function scheduling(engine: Engine) {
  const { deps } = engine;
  return {
    campaignOf: (campaignId: number) => showCampaign(deps, { campaignId }),
    schedule: (campaignId: number, given: object) =>
      scheduleCampaign(deps, { campaignId, actor: ANNA, schedule: given }),
    /** Once, so many milliseconds from now. */
    once: (campaignId: number, aheadMs: number) =>
      scheduleCampaign(deps, {
        campaignId,
        actor: ANNA,
        schedule: {
          schedule_type: 'scheduled',
          scheduled_at: new Date(engine.clock.now().getTime() + aheadMs).toISOString(),
          timezone: 'America/New_York',
        },
      }),
    /** Every day at 15:00 in New York. */
    daily: (campaignId: number, config: object = {}) =>
      scheduleCampaign(deps, {
        campaignId,
        actor: ANNA,
        schedule: {
          schedule_type: 'recurring',
          timezone: 'America/New_York',
          recurring_config: { frequency: 'daily', interval: 1, time: '15:00', ...config },
        },
      }),
    /** Time passes, and what falls due meanwhile is done. */
    async pass(ms: number) {
      await engine.wait(ms);
      await engine.drain();
      // What waits its turn in a channel goes out within moments.
      await engine.wait(2_000);
      await engine.drain();
    },
    attemptsOf: (campaignId: number) =>
      deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId)),
    deliverAll: engine.deliverTexts,
    /** Notes in the thread of a campaign, oldest first. */
    notesOf: (channelId: string | null): Note[] =>
      engine.chat.posted.flatMap(({ place, content }) =>
        place.channelId === channelId && content.kind === 'note' ? [content] : [],
      ),
  };
}
