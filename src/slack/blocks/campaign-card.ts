import type { Button } from '@slack/types';
import { TYPE_WORDS } from '#domain/campaign-templates.ts';
import type { CampaignStatus, Move } from '#domain/lifecycle.ts';
import { formatMetric, METRICS, type MetricKey, measureCampaign } from '#domain/metrics.ts';
import type { CampaignCard } from '#ports/chat-content.ts';
import { type ActionName, actionId, campaignValue } from '#slack/action-ids.ts';
import { LIMITS } from '#slack/limits.ts';
import { actorName, clip, count, counted, localTime, quote } from '#slack/mrkdwn.ts';
import { demandButtons, demandLines } from './card-demands.ts';
import { moneyButtons, moneyLines } from './card-money.ts';
import { scheduleButtons, scheduleLines } from './card-schedule.ts';
import {
  actions,
  type Block,
  bullets,
  button,
  context,
  fallback,
  fields,
  header,
  type Message,
  plainSection,
  section,
} from './kit.ts';

/** A status in words, each with its sign; a sign never stands alone. */
export const STATUS_WORDS: Record<CampaignStatus, string> = {
  draft: '📝 Draft',
  scheduled: '🗓️ Scheduled',
  running: '▶️ Running',
  paused: '⏸️ Paused',
  completed: '✅ Completed',
  cancelled: '⏹️ Cancelled',
  failed: '❌ Failed',
};

const BAR_CELLS = 20;
const CARD_METRICS: MetricKey[] = ['completed', 'failed', 'processing', 'pending', 'skipped', 'success_rate'];

/** The live card: what stands, why nothing moves, and exactly the moves that are allowed now. */
export function drawCampaignCard(card: CampaignCard): Message {
  const { total_contacts: total, processed: done } = measureCampaign(card.counts);
  const blocks: Block[] = [
    header(card.name),
    section(headline(card)),
    ...(total
      ? [section(`${progressBar(done ?? 0, total)} ${progressWords(card)}`), figureFields(card)]
      : []),
    ...(hasCalled(card) ? [section(callsLine(card.calls))] : []),
    ...scheduleLines(card).map(plainSection),
    ...(card.hold ? [plainSection(`⏳ On hold: ${card.hold}`)] : []),
    ...(card.missing.length > 0 ? [plainSection(`Before it can start:\n${bullets(card.missing)}`)] : []),
    ...[...moneyLines(card), ...demandLines(card)].map(plainSection),
    ...(card.outlook ? [plainSection(outlookWords(card))] : []),
    actions(cardButtons(card)),
    context(`Campaign ${card.campaignId}, created by ${actorName(card.createdBy)}. ${timing(card)}`),
  ];
  return { text: cardText(card), blocks };
}

/** Filled and empty squares: readable without colour, and always followed by the numbers. */
export function progressBar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.floor((done / total) * BAR_CELLS);
  return '▰'.repeat(filled) + '▱'.repeat(BAR_CELLS - filled);
}

function progressWords({ counts }: CampaignCard): string {
  const { total_contacts: total, processed: done, progress_percentage: share } = measureCampaign(counts);
  return `${Math.floor(share ?? 0)} %, ${count(done ?? 0)} of ${counted(total ?? 0, 'contact')} done`;
}

function headline(card: CampaignCard): string {
  const run = card.runNumber > 1 ? ` · run ${card.runNumber}` : '';
  return `*${STATUS_WORDS[card.status]}* · ${TYPE_WORDS[card.campaignType]}${run}`;
}

function figureFields(card: CampaignCard): Block {
  const figures = measureCampaign(card.counts);
  const measured = CARD_METRICS.map((key) => `*${METRICS[key].label}* ${formatMetric(key, figures[key])}`);
  const people: [string, number][] = [
    ['Replies', card.replies],
    ['Opt-outs', card.optOuts],
    ['To be decided', card.needsReview],
  ];
  return fields([
    ...measured,
    ...people.filter(([, value]) => value > 0).map(([label, value]) => `*${label}* ${count(value)}`),
  ]);
}

type Calls = NonNullable<CampaignCard['calls']>;

function hasCalled(card: CampaignCard): card is CampaignCard & { calls: Calls } {
  return card.calls !== null && card.calls.callsPlaced + card.calls.live > 0;
}

/** What is on the line, and what calls came to so far. */
function callsLine(calls: Calls): string {
  return `📞 *On the line now* ${count(calls.live)} · *Answered* ${count(calls.callsAnswered)} of ${counted(calls.callsPlaced, 'call')} · *Voicemail* ${count(calls.voicemails)}`;
}

const MOVE_BUTTONS: Partial<Record<Move, { label: string; name: ActionName }>> = {
  start: { label: 'Start', name: 'campaign.start' },
  resume: { label: 'Resume', name: 'campaign.resume' },
  pause: { label: 'Pause', name: 'campaign.pause' },
  cancel: { label: 'Cancel', name: 'campaign.cancel' },
};

const IN_PREPARATION: CampaignStatus[] = ['draft', 'scheduled', 'paused'];
const BEGUN: CampaignStatus[] = ['running', 'paused', 'completed', 'cancelled', 'failed'];

function cardButtons(card: CampaignCard): Button[] {
  const value = campaignValue(card);
  const plainButton = (label: string, name: ActionName) =>
    button({ label, actionId: actionId(name), value, spoken: `${label}: ${card.name}` });
  const isEditable = card.status === 'draft' || card.status === 'paused';
  return [
    ...card.moves.flatMap((move) => moveButton(card, move, value)),
    ...scheduleButtons(card, value),
    ...moneyButtons(card, value),
    ...demandButtons(card, value),
    ...(card.calls && card.calls.live > 0 ? [plainButton('Live calls', 'campaign.calls')] : []),
    ...(isEditable ? [plainButton('Edit', 'campaign.edit')] : []),
    ...(IN_PREPARATION.includes(card.status) ? [plainButton('Import contacts', 'campaign.import')] : []),
    ...(card.status === 'draft' ? [plainButton('Preview', 'campaign.preview')] : []),
    plainButton('Why?', 'campaign.why'),
    ...(BEGUN.includes(card.status) ? [plainButton('Export', 'campaign.export')] : []),
  ];
}

function moveButton(card: CampaignCard, move: Move, value: string): Button[] {
  const drawn = MOVE_BUTTONS[move];
  if (!drawn) return [];
  const isWayForward = (move === 'start' && card.missing.length === 0) || move === 'resume';
  const label = move === 'resume' && card.stoppedBy === 'canary' ? 'Continue' : drawn.label;
  return [
    button({
      label,
      actionId: actionId(drawn.name),
      value,
      spoken: `${label}: ${card.name}`,
      style: isWayForward ? 'primary' : move === 'cancel' ? 'danger' : undefined,
      confirm: move === 'cancel' ? cancelDialog(card.name) : undefined,
    }),
  ];
}

/** Also used where a command cancels. */
export function cancelDialog(name: string): {
  title: string;
  text: string;
  confirm: string;
  danger: boolean;
} {
  return {
    title: 'Cancel this campaign?',
    text: `Nobody who is still waiting in “${clip(name, 80)}” will be contacted. What was sent stays sent. A cancelled campaign cannot be resumed.`,
    confirm: 'Cancel the campaign',
    danger: true,
  };
}

function outlookWords({ status, outlook }: CampaignCard): string {
  return `${status === 'running' ? 'Still to go' : 'It will take'}: ${outlook}`;
}

function timing(card: CampaignCard): string {
  const started = card.startedAt ? `Started ${localTime(card.startedAt)}. ` : '';
  const ended = card.completedAt ? `Ended ${localTime(card.completedAt)}. ` : '';
  return `${started}${ended}As of ${localTime(card.updatedAt, '{date_short_pretty}, {time_secs}')}.`;
}

function cardText(card: CampaignCard): string {
  const { total_contacts: total } = measureCampaign(card.counts);
  return fallback(
    `${quote(card.name, LIMITS.header)}: ${STATUS_WORDS[card.status]}`,
    total !== 0 && progressWords(card),
    hasCalled(card) && callsLine(card.calls).replaceAll('*', ''),
    ...scheduleLines(card),
    card.hold && `On hold: ${quote(card.hold, 500)}`,
    card.missing.length > 0 && `Before it can start: ${quote(card.missing.join(' '), 1000)}`,
    ...moneyLines(card),
    ...demandLines(card),
    card.outlook && quote(outlookWords(card), 500),
  );
}
