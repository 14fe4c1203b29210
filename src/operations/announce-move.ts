import type { CampaignRow } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, nameOf } from '#domain/actor.ts';
import { describeHold, type Hold } from '#domain/hold.ts';
import type { Move } from '#domain/lifecycle.ts';
import type { Note } from '#ports/chat-content.ts';
import { announce } from './announce.ts';
import { announceResult } from './announce-result.ts';
import type { Deps } from './deps.ts';

type Told = { move: Move; actor: Actor; hold: Hold | null; stopped: number };

/** Tells the campaign's thread about a move that others rely on, with who made it; at the end of a run, its result. */
export async function announceMove(
  deps: Deps,
  tx: Transaction,
  campaign: CampaignRow,
  told: Told,
): Promise<void> {
  const note = noteOf(campaign, told, deps.clock.now());
  if (note) {
    await announce(tx, deps, {
      workspaceId: campaign.workspaceId,
      campaignId: campaign.id,
      channelId: campaign.channelId,
      key: `move:${campaign.id}:${campaign.version}`,
      content: {
        kind: 'note',
        buttons: [],
        by: told.actor.kind === 'slack_user' ? told.actor.userId : null,
        ...note,
      },
    });
  }
  const isOver = campaign.status === 'completed' || campaign.status === 'cancelled';
  if (isOver && campaign.startedAt) await announceResult(deps, tx, campaign);
}

function noteOf(
  campaign: CampaignRow,
  { move, actor, hold, stopped }: Told,
  now: Date,
): Pick<Note, 'level' | 'text'> | null {
  const who = nameOf(actor);
  const why = hold ? ` ${describeHold(hold, now, campaign.timeZone)}` : '';
  switch (move) {
    case 'start':
      return { level: 'info', text: `Started by ${who}.` };
    case 'due':
      return { level: 'info', text: 'Started by its schedule.' };
    case 'resume':
      return { level: 'info', text: `Resumed by ${who}. It goes on where it stopped.` };
    case 'pause':
      return hold
        ? { level: 'problem', text: `Paused by Ringmaster.${why}` }
        : {
            level: 'warning',
            text: `Paused by ${who}. ${WHILE_PAUSED[campaign.campaignType]}`,
          };
    case 'cancel':
      return { level: 'warning', text: `Cancelled by ${who}. ${stopped} waiting contacts were skipped.` };
    case 'break':
      return { level: 'problem', text: `Nobody can be reached any more, so the campaign stopped.${why}` };
    default:
      return null;
  }
}

const WHILE_PAUSED: Record<CampaignRow['campaignType'], string> = {
  sms: 'Nothing new is sent; replies and receipts still arrive here.',
  call: 'Nobody new is called; calls on the line go on, and what comes of them is told here.',
  mixed: 'Nobody new is called or texted; calls on the line go on, and replies still arrive here.',
};
