import type { ModalView } from '@slack/types';
import { type LiveCall, listLiveCalls } from '#operations/list-live-calls.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { hangUpButton, listenButton, takeOverButton } from '#slack/blocks/call-note.ts';
import { actions, type Block, button, context, header, section } from '#slack/blocks/kit.ts';
import { person } from '#slack/blocks/notes.ts';
import { transcriptBlock } from '#slack/blocks/transcript.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import { type Entry, may } from '#slack/context.ts';
import { counted, localTime, quote } from '#slack/mrkdwn.ts';
import { modal } from './frame.ts';
import { openThen } from './open.ts';

/** A modal holds a hundred blocks, and each call takes three. */
const SHOWN = 30;

/** Opens the calls of a campaign that ring or are held at this moment. */
export async function openLiveCalls(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Looking at the lines…', () => loadLiveCalls(entry, { campaignId }));
}

/** The list as it is now; last words are for those who may listen. `notice` says what was just done. */
export async function loadLiveCalls(
  entry: Entry,
  { campaignId, notice = null }: { campaignId: number; notice?: string | null },
): Promise<ModalView> {
  const { deps, workspaceId } = entry;
  const campaign = await ownCampaign(entry, campaignId);
  const calls = await listLiveCalls(deps, { workspaceId, campaignId });
  return liveCallsView(campaign, calls, { mayListen: await may(entry, 'listen'), notice });
}

export function liveCallsView(
  campaign: Pick<CampaignDetail, 'id' | 'name'>,
  calls: readonly LiveCall[],
  { mayListen, notice }: { mayListen: boolean; notice: string | null },
): ModalView {
  const shown = calls.slice(0, SHOWN);
  const rest = calls.length - shown.length;
  return modal({
    name: 'calls',
    title: 'Live calls',
    metadata: { campaignId: campaign.id },
    blocks: [
      header(campaign.name),
      ...(notice ? [context(quote(notice, 600))] : []),
      actions([button({ label: 'Refresh', actionId: actionId('calls.refresh') })]),
      ...(shown.length === 0 ? [section('Nobody is on the line at this moment.')] : []),
      ...shown.flatMap((call) => callBlocks(call, mayListen)),
      ...(rest > 0 ? [context(`${counted(rest, 'more call')} on the line, not shown here.`)] : []),
    ],
  });
}

function callBlocks(call: LiveCall, mayListen: boolean): Block[] {
  const isHeld = call.answeredAt !== null;
  const words = mayListen && call.lastLine ? lastWords(call) : null;
  return [
    section(`*${person(call)}*: ${standing(call)}`),
    ...(words ? [words] : []),
    actions([...(isHeld && mayListen ? [listenButton(call), takeOverButton(call)] : []), hangUpButton(call)]),
  ];
}

function standing({ direction, answeredAt, createdAt, assistantName, isListenedTo }: LiveCall): string {
  const way = direction === 'inbound' ? 'called us' : 'was called';
  const who = quote(assistantName, 60);
  const since = answeredAt
    ? `${way}, talks with ${who} since ${localTime(answeredAt, '{time_secs}')}`
    : `${way} by ${who}, rings since ${localTime(createdAt, '{time_secs}')}`;
  return `${since}${isListenedTo ? '. The thread shows what is said' : ''}`;
}

function lastWords({ lastLine, assistantName, contactName }: LiveCall): Block | null {
  const speakers = { assistant: assistantName, contact: contactName?.trim() || 'Contact' };
  return lastLine ? transcriptBlock([lastLine], speakers) : null;
}
