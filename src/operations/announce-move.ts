import type { CampaignRow } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, nameOf } from '#domain/actor.ts';
import { describeHold, type Hold } from '#domain/hold.ts';
import type { Move } from '#domain/lifecycle.ts';
import { describeRun, scheduleWords } from '#domain/schedule-words.ts';
import type { Note, NoteButton } from '#ports/chat-content.ts';
import { announce } from './announce.ts';
import { announceResult } from './announce-result.ts';
import type { Deps } from './deps.ts';

/** `before`: the campaign as it was before the move. */
type Told = { move: Move; actor: Actor; hold: Hold | null; stopped: number; before: CampaignRow };

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
        buttons: [...undoButtons(campaign), ...wayOnButtons(campaign, told)],
        by: told.actor.kind === 'slack_user' ? told.actor.userId : null,
        ...note,
      },
    });
  }
  const isOver = campaign.status === 'completed' || campaign.status === 'cancelled' || told.move === 'rest';
  if (isOver && campaign.startedAt && told.before.status !== 'scheduled')
    await announceResult(deps, tx, campaign);
}

/** What a campaign was asked to stop at is no trouble. */
const LEVELS: Partial<Record<Hold['code'], Note['level']>> = { canary: 'info', budget_reached: 'warning' };

/** Where one press is what it waits for. */
function wayOnButtons({ id, version }: CampaignRow, { move, hold }: Told): NoteButton[] {
  if (move !== 'pause') return [];
  const value = `${id}.${version}`;
  if (hold?.code === 'canary')
    return [{ label: 'Continue', action: 'campaign.resume', value, style: 'primary' }];
  if (hold?.code === 'budget_reached')
    return [{ label: 'Raise budget', action: 'campaign.raise_budget', value, style: 'primary' }];
  return [];
}

function noteOf(
  campaign: CampaignRow,
  { move, actor, hold, stopped, before }: Told,
  now: Date,
): Pick<Note, 'level' | 'text'> | null {
  const who = nameOf(actor);
  const why = hold ? ` ${describeHold(hold, now, campaign.timeZone)}` : '';
  switch (move) {
    case 'start':
      return { level: 'info', text: `Started by ${who}.${campaign.undoUntil ? UNTIL_UNDONE : ''}` };
    case 'due':
      return { level: 'info', text: 'Started by its schedule.' };
    case 'resume':
      return { level: 'info', text: `Resumed by ${who}. It goes on where it stopped.` };
    case 'pause':
      return hold
        ? { level: LEVELS[hold.code] ?? 'problem', text: `Paused by Ringmaster.${why}` }
        : {
            level: 'warning',
            text: `Paused by ${who}. ${WHILE_PAUSED[campaign.campaignType]}`,
          };
    case 'cancel':
      return { level: 'warning', text: `Cancelled by ${who}. ${stopped} waiting contacts were skipped.` };
    case 'break':
      return { level: 'problem', text: `Nobody can be reached any more, so the campaign stopped.${why}` };
    case 'schedule':
      return { level: 'info', text: `Scheduled by ${who}: ${scheduleWords(campaign)}` };
    case 'unschedule':
      return {
        level: 'info',
        text: `Unscheduled by ${who}. It is a draft again: nobody is contacted before it is started.`,
      };
    case 'withdraw':
      return {
        level: 'warning',
        text: `${who} took the start back in time: nobody was contacted. It is a draft again.`,
      };
    case 'put_back':
      return {
        level: 'warning',
        text: `${who} took the start back in time: nobody was contacted. It is scheduled again: ${scheduleWords(campaign)}`,
      };
    case 'rest':
      return { level: 'info', text: restWords(campaign, before, now) };
    default:
      return null;
  }
}

function restWords(campaign: CampaignRow, before: CampaignRow, now: Date): string {
  const zone = campaign.scheduleZone ?? campaign.timeZone;
  const isSkipped = before.nextRunAt !== null && before.nextRunAt <= now;
  const skipped =
    isSkipped && before.nextRunAt
      ? ` The one that was due ${describeRun(before.nextRunAt, zone)} was skipped, because this one was not over yet.`
      : '';
  const next = campaign.nextRunAt ? ` The next run is due ${describeRun(campaign.nextRunAt, zone)}.` : '';
  return `Run ${campaign.runNumber} is over.${skipped}${next}`;
}

const UNTIL_UNDONE =
  ' Nobody is contacted in the next 10 seconds; until then it can be taken back as if it had never been started.';

/** Only a start has a time to be taken back in. */
function undoButtons({ id, version, undoUntil, status }: CampaignRow): Note['buttons'] {
  if (!undoUntil || status !== 'running') return [];
  return [{ label: 'Cancel start', action: 'campaign.undo', value: `${id}.${version}`, style: 'danger' }];
}

const WHILE_PAUSED: Record<CampaignRow['campaignType'], string> = {
  sms: 'Nothing new is sent; replies and receipts still arrive here.',
  call: 'Nobody new is called; calls on the line go on, and what comes of them is told here.',
  mixed: 'Nobody new is called or texted; calls on the line go on, and replies still arrive here.',
};
