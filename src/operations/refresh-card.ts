import { createHash } from 'node:crypto';
import { type CardRow, changeCard, changeCardAt, countLiveCards, readCard, takeDrawing } from '#db/cards.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatProblem, ChatResult } from '#ports/chat.ts';
import type { CampaignCard } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';
import { drawCampaignCard } from './draw-campaign-card.ts';
import { type ChannelLoss, loseChannel } from './lose-channel.ts';

/** Slack allows 50 edits a minute in a workspace; 40 leaves room for everything that is not a card (slack.md §2.1). */
const EDITS_PER_MINUTE = 40;
const SHORTEST_INTERVAL_REAL_MS = 3_000;
/** Longer than a post may take: while one is under way nobody else posts the card a second time. */
const POSTING_REAL_MS = 15_000;

/**
 * Brings a campaign's card up to date: posts it when it has not been posted, edits it in place otherwise. One writer per
 * card and interval, unchanged content is not sent, the last state always is, since what changes after a drawing asks
 * for the next one.
 */
export async function refreshCard(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const card = await readCard(deps.db, campaignId);
  if (!card || card.state === 'lost' || card.state === 'ended') return;
  const content = await drawCampaignCard(deps, { campaignId });
  const contentHash = hashOf(content);
  if (card.ts && card.contentHash === contentHash) {
    // The reaper asks about cards drawn before their campaign last moved; one that runs must not wait because it asked.
    if (content.status !== 'running') await changeCard(deps.db, campaignId, { drawnAt: deps.clock.now() });
    return;
  }
  const intervalRealMs = card.ts ? await intervalOf(deps, campaignId) : POSTING_REAL_MS;
  const now = deps.clock.now();
  const elapsed = deps.clock.realDelay(intervalRealMs).getTime() - now.getTime();
  if (!(await takeDrawing(deps.db, campaignId, now, new Date(now.getTime() - elapsed)))) {
    // A card that is being posted is asked about again soon; one that was edited waits for the rest of its interval.
    const at = card.ts
      ? new Date((card.drawnAt ?? now).getTime() + elapsed)
      : deps.clock.realDelay(SHORTEST_INTERVAL_REAL_MS);
    return redrawAt(deps, campaignId, at);
  }
  const result = await send(deps, card, content);
  await settle(deps, card, result, contentHash, intervalRealMs);
}

/** What the card says, without the instant it was drawn at. */
function hashOf(card: CampaignCard): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...card, updatedAt: null }))
    .digest('base64url');
}

async function intervalOf(deps: Deps, campaignId: number): Promise<number> {
  const live = await countLiveCards(deps.db, campaignId);
  return Math.max(SHORTEST_INTERVAL_REAL_MS, Math.ceil((60_000 * live) / EDITS_PER_MINUTE));
}

async function send(deps: Deps, card: CardRow, content: CampaignCard): Promise<ChatResult> {
  return card.ts
    ? deps.chat.update({ channelId: card.channelId, ts: card.ts }, content)
    : deps.chat.post({ channelId: card.channelId, threadTs: null }, content);
}

async function settle(
  deps: Deps,
  card: CardRow,
  result: ChatResult,
  contentHash: string,
  intervalRealMs: number,
): Promise<void> {
  const { campaignId } = card;
  switch (result.kind) {
    case 'done':
      return changeCard(deps.db, campaignId, { ts: result.ts, state: 'posted', contentHash });
    case 'throttled':
      return redrawAt(deps, campaignId, deps.clock.realDelay(result.retryAfterMs));
    case 'unknown':
      return redrawAt(deps, campaignId, deps.clock.realDelay(intervalRealMs));
    case 'refused':
      deps.log.error({ campaignId, problem: result.problem }, 'Slack refused a card');
      return;
    case 'lost':
      return lose(deps, card, result.problem);
  }
}

/** What an edit says of a whole channel; Slack's event about it may come later than the edit, or never. */
const CHANNEL_LOSSES: Partial<Record<ChatProblem, ChannelLoss>> = {
  archived: 'archived',
  not_in_channel: 'bot_removed',
  channel_gone: 'out_of_reach',
};

/**
 * A deleted card is posted again once; a channel out of reach takes no more edits; without a token the card is tried
 * again every minute, for it stands where it stood once Slack is connected again. The campaign goes on either way.
 */
async function lose(deps: Deps, card: CardRow, problem: ChatProblem): Promise<void> {
  deps.log.warn({ campaignId: card.campaignId, problem }, 'a card could not be drawn');
  if (problem === 'disconnected') return changeCard(deps.db, card.campaignId, { drawnAt: null });
  const loss = CHANNEL_LOSSES[problem];
  if (loss) return loseChannel(deps, { channelId: card.channelId, loss });
  const { campaignId, ts } = card;
  if (problem !== 'message_deleted' || ts === null) return changeCard(deps.db, campaignId, { state: 'lost' });
  if (card.reposts > 0) return changeCardAt(deps.db, { campaignId, ts }, { state: 'lost' });
  await changeCardAt(
    deps.db,
    { campaignId, ts },
    {
      ts: null,
      state: 'pending',
      contentHash: null,
      drawnAt: null,
      reposts: card.reposts + 1,
    },
  );
  await redrawAt(deps, card.campaignId, deps.clock.now());
}

async function redrawAt(deps: Deps, campaignId: number, at: Date): Promise<void> {
  await enqueue(
    deps.db,
    deps.clock,
    'refresh_card',
    { campaignId },
    { key: `card:${campaignId}`, at, keep: 'earliest' },
  );
}
