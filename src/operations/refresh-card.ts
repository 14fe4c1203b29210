import { createHash } from 'node:crypto';
import {
  type CardRow,
  changeDrawn,
  countLiveCards,
  type Drawing,
  keepDrawing,
  readCard,
  takeDrawing,
} from '#db/cards.ts';
import { threadKeyOf } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatProblem, ChatResult } from '#ports/chat.ts';
import type { CampaignCard } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';
import { drawCampaignCard } from './draw-campaign-card.ts';
import { type ChannelLoss, loseChannel } from './lose-channel.ts';
import { takePostingTurn } from './take-posting-turn.ts';
import { wakeThread } from './wake-thread.ts';

/** Slack allows 50 edits a minute in a workspace; 40 leaves room for everything that is not a card (slack.md §2.1). */
const EDITS_PER_MINUTE = 40;
const SHORTEST_INTERVAL_REAL_MS = 3_000;
/**
 * Longer than Slack may take to answer. Until then nobody else draws the card: it would be posted a second time, or an
 * edit that was overtaken would stay.
 */
const ANSWER_REAL_MS = 15_000;

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
    if (content.status !== 'running') await changeDrawn(deps.db, card, { drawnAt: deps.clock.now() });
    return;
  }
  const notBefore = await waitOf(deps, card);
  if (notBefore) return redrawAt(deps, campaignId, notBefore);
  const drawing = await takeDrawing(deps.db, card, deps.clock.now());
  if (!drawing) return redrawAt(deps, campaignId, deps.clock.now());
  const result = await send(deps, drawing, content);
  await settle(deps, drawing, result, contentHash);
}

/** What the card says, without the instant it was drawn at. */
function hashOf(card: CampaignCard): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...card, updatedAt: null }))
    .digest('base64url');
}

/** When to look at the card again, because it may not be drawn yet; null when it may. */
async function waitOf(deps: Deps, card: CardRow): Promise<Date | null> {
  const now = deps.clock.now();
  const isAnswered = card.contentHash !== null;
  const intervalMs = productMs(deps, isAnswered ? await intervalOf(deps, card.campaignId) : ANSWER_REAL_MS);
  const at = card.drawnAt && new Date(card.drawnAt.getTime() + intervalMs);
  if (!at || at <= now) return card.ts ? null : takePostingTurn(deps, card.channelId, null);
  // The answer may come any moment, and changes since are to be shown soon.
  const soon = deps.clock.realDelay(SHORTEST_INTERVAL_REAL_MS);
  return isAnswered || at < soon ? at : soon;
}

function productMs({ clock }: Deps, realMs: number): number {
  return clock.realDelay(realMs).getTime() - clock.now().getTime();
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

async function settle(deps: Deps, drawing: Drawing, result: ChatResult, contentHash: string): Promise<void> {
  const { campaignId } = drawing;
  switch (result.kind) {
    case 'done':
      await keepDrawing(deps.db, drawing, { ts: result.ts, contentHash });
      return drawing.ts === null ? wakeThread(deps, threadKeyOf(campaignId)) : undefined;
    case 'throttled':
      return drawAgainAfter(deps, drawing, result.retryAfterMs);
    case 'unknown':
      return redrawAt(deps, campaignId, deps.clock.realDelay(ANSWER_REAL_MS));
    case 'refused':
      deps.log.error({ campaignId, problem: result.problem }, 'Slack refused a card');
      return changeDrawn(deps.db, drawing, { contentHash });
    case 'lost':
      return lose(deps, drawing, result.problem);
  }
}

/** Nothing was drawn, and nobody asks Slack again before it said so, whatever changes meanwhile. */
async function drawAgainAfter(deps: Deps, drawing: Drawing, realMs: number): Promise<void> {
  const at = deps.clock.realDelay(realMs);
  const drawnAt = new Date(at.getTime() - productMs(deps, ANSWER_REAL_MS));
  await changeDrawn(deps.db, drawing, { drawnAt });
  await redrawAt(deps, drawing.campaignId, at);
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
async function lose(deps: Deps, drawing: Drawing, problem: ChatProblem): Promise<void> {
  const { campaignId, channelId, ts, reposts } = drawing;
  deps.log.warn({ campaignId, problem }, 'a card could not be drawn');
  if (problem === 'disconnected') return changeDrawn(deps.db, drawing, { drawnAt: null });
  const loss = CHANNEL_LOSSES[problem];
  if (loss) return loseChannel(deps, { channelId, loss, foundBy: drawing });
  if (problem !== 'message_deleted' || ts === null || reposts > 0)
    return changeDrawn(deps.db, drawing, { state: 'lost' });
  await changeDrawn(deps.db, drawing, {
    ts: null,
    state: 'pending',
    drawnAt: null,
    reposts: reposts + 1,
  });
  await redrawAt(deps, campaignId, deps.clock.now());
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
