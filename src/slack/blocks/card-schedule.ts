import type { Button } from '@slack/types';
import type { CampaignCard } from '#ports/chat-content.ts';
import { type ActionName, actionId } from '#slack/action-ids.ts';
import { button } from './kit.ts';

/** When it runs, and what is due next. */
export function scheduleLines({ schedule }: CampaignCard): string[] {
  return schedule === null ? [] : [`🗓️ ${schedule}`];
}

/** A draft that lacks nothing can be scheduled; what is scheduled can be changed, or taken off its schedule. */
export function scheduleButtons(card: CampaignCard, value: string): Button[] {
  const drawn = (label: string, name: ActionName) =>
    button({ label, actionId: actionId(name), value, spoken: `${label}: ${card.name}` });
  if (card.status === 'draft' && card.missing.length === 0) return [drawn('Schedule…', 'campaign.schedule')];
  if (card.status !== 'scheduled') return [];
  return [drawn('Change schedule', 'campaign.schedule'), drawn('Unschedule', 'campaign.unschedule')];
}
