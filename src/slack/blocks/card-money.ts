import type { Button } from '@slack/types';
import type { CampaignCard } from '#ports/chat-content.ts';
import { actionId } from '#slack/action-ids.ts';
import { clip } from '#slack/mrkdwn.ts';
import { button } from './kit.ts';

const LONGEST_LINE = 500;

/** What it spends and how many of its calls were abandoned; nothing before it has begun. */
export function moneyLines({ spending, abandoned }: Pick<CampaignCard, 'spending' | 'abandoned'>): string[] {
  return [
    ...(spending.length > 0 ? [clip(`💵 ${spending.join(' ')}`, LONGEST_LINE)] : []),
    ...(abandoned ? [clip(`⚠️ ${abandoned}.`, LONGEST_LINE)] : []),
  ];
}

/** The way on for one that stopped at its budget. */
export function moneyButtons(card: Pick<CampaignCard, 'name' | 'stoppedBy'>, value: string): Button[] {
  if (card.stoppedBy !== 'budget_reached') return [];
  const label = 'Raise budget';
  return [
    button({
      label,
      actionId: actionId('campaign.raise_budget'),
      value,
      spoken: `${label}: ${card.name}`,
      style: 'primary',
    }),
  ];
}
