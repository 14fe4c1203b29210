/*
 * The life of a campaign
 *
 * A campaign begins as a draft. A person schedules it, or unschedules it back to a draft; a person starts a draft or a
 * scheduled campaign, or its time falls due: then it is running. A start that is taken back before anybody was contacted
 * leaves it as it was, a draft (withdraw) or scheduled (put_back). A person pauses it and resumes it, as often as they
 * like. When nothing is left to do it is completed, or a recurring one rests until its next run (rest); one that the product
 * paused while its last contacts ended is completed, too, where no other run follows: that one waits for a person. One
 * whose last run is skipped is completed from there. When the provider refuses our account or sender, so that nothing can
 * be placed, it breaks and is failed; once that is mended it may be resumed, so that nobody loses their place. A person
 * cancels what is scheduled, running or paused. What is completed, cancelled or failed may be run again: it becomes
 * a draft. (campaign-api §1.6, §7.14, §7.24–27)
 */

import { Refusal } from './refusal.ts';

const MOVES = {
  schedule: { by: 'person', from: { draft: 'scheduled' } },
  unschedule: { by: 'person', from: { scheduled: 'draft' } },
  start: { by: 'person', from: { draft: 'running', scheduled: 'running' } },
  due: { by: 'product', from: { scheduled: 'running' } },
  pause: { by: 'person', from: { running: 'paused' } },
  resume: { by: 'person', from: { paused: 'running', failed: 'running' } },
  withdraw: { by: 'product', from: { running: 'draft' } },
  put_back: { by: 'product', from: { running: 'scheduled' } },
  rest: { by: 'product', from: { running: 'scheduled' } },
  finish: { by: 'product', from: { running: 'completed', paused: 'completed', scheduled: 'completed' } },
  break: { by: 'product', from: { running: 'failed' } },
  cancel: { by: 'person', from: { scheduled: 'cancelled', running: 'cancelled', paused: 'cancelled' } },
  re_execute: { by: 'person', from: { completed: 'draft', cancelled: 'draft', failed: 'draft' } },
} as const satisfies Record<
  string,
  { by: 'person' | 'product'; from: Partial<Record<CampaignStatus, CampaignStatus>> }
>;

export const CAMPAIGN_STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
export type Move = keyof typeof MOVES;
export type Action = Move | 'edit' | 'delete' | 'import';
export type Transition = { ok: true; status: CampaignStatus } | Refusal;

/** Where a move leads from a status, or the refusal that says why it cannot be made and what can be done instead. */
export function transition(status: CampaignStatus, move: Move): Transition {
  const next = nextStatus(status, move);
  return next ? { ok: true, status: next } : wrongStatus(move, status);
}

/** The moves a person may make now, in the order their buttons are shown; the product's own moves are not among them. */
export function allowedMoves(status: CampaignStatus): Move[] {
  return (Object.keys(MOVES) as Move[]).filter(
    (move) => MOVES[move].by === 'person' && nextStatus(status, move) !== null,
  );
}

/** What “start” means for a campaign: the API has one verb for starting and resuming (campaign-api §1.1). */
export function startOrResume(status: CampaignStatus): 'start' | 'resume' {
  return nextStatus(status, 'resume') ? 'resume' : 'start';
}

/** Whether a campaign may be deleted for good: always, except while it runs (campaign-api §1.1). */
export function canDelete(status: CampaignStatus): boolean {
  return status !== 'running';
}

/** Whether its messages and settings may be changed (campaign-api §7.24). */
export function canEdit(status: CampaignStatus): boolean {
  return status === 'draft' || status === 'paused';
}

/** Whether contacts may be loaded into it (campaign-api §7.4). */
export function canImport(status: CampaignStatus): boolean {
  return status === 'draft' || status === 'scheduled' || status === 'paused';
}

/** The refusal of an action that the status does not allow, with the way to get there. */
export function wrongStatus(action: Action, status: CampaignStatus): Refusal {
  const state = STATES[status];
  if (ALREADY[action] === status) return new Refusal('already_done', { action, status, state });
  return new Refusal('wrong_status', {
    action,
    status,
    state,
    done: DONE[action],
    next: NEXT[action]?.[status] ?? WAY_OUT[status],
  });
}

/** A status as the end of a sentence that begins with “The campaign”. */
export function describeStatus(status: CampaignStatus): string {
  return STATES[status];
}

function nextStatus(status: CampaignStatus, move: Move): CampaignStatus | null {
  const from: Partial<Record<CampaignStatus, CampaignStatus>> = MOVES[move].from;
  return from[status] ?? null;
}

const STATES: Record<CampaignStatus, string> = {
  draft: 'is a draft',
  scheduled: 'is scheduled',
  running: 'is running',
  paused: 'is paused',
  completed: 'is completed',
  cancelled: 'is cancelled',
  failed: 'has failed',
};

const DONE: Record<Action, string> = {
  schedule: 'scheduled',
  unschedule: 'unscheduled',
  start: 'started',
  due: 'started by its schedule',
  pause: 'paused',
  resume: 'resumed',
  withdraw: 'taken back',
  put_back: 'taken back',
  rest: 'laid to rest until its next run',
  finish: 'completed',
  break: 'marked as failed',
  cancel: 'cancelled',
  re_execute: 'run again',
  edit: 'edited',
  delete: 'deleted',
  import: 'given more contacts',
};

/** The status in which an action has nothing left to do. */
const ALREADY: Partial<Record<Action, CampaignStatus>> = {
  schedule: 'scheduled',
  unschedule: 'draft',
  withdraw: 'draft',
  put_back: 'scheduled',
  rest: 'scheduled',
  start: 'running',
  due: 'running',
  resume: 'running',
  pause: 'paused',
  cancel: 'cancelled',
  finish: 'completed',
  break: 'failed',
};

/** What to do next, where the action itself suggests it. */
const NEXT: Partial<Record<Action, Partial<Record<CampaignStatus, string>>>> = {
  edit: { running: 'Pause it first.', scheduled: 'Unschedule it first.' },
  import: { running: 'Pause it first.' },
  delete: { running: 'Pause or cancel it first.' },
  schedule: { paused: 'Resume it to go on, or cancel it.' },
  start: { paused: 'Resume it to go on.' },
  cancel: { draft: 'A draft reaches nobody; delete it if it is not needed.' },
  re_execute: {
    draft: 'Start it.',
    running: 'Wait for its end, or cancel it first.',
    paused: 'Resume or cancel it first.',
  },
};

/** What to do next otherwise. */
const WAY_OUT: Record<CampaignStatus, string> = {
  draft: 'Start or schedule it first.',
  scheduled: 'Unschedule it, or wait for its time.',
  running: 'Pause or cancel it first.',
  paused: 'Resume or cancel it.',
  completed: 'Run it again for the contacts you choose, or make a new campaign from the same file.',
  cancelled: 'Run it again for the contacts you choose, or make a new campaign from the same file.',
  failed: 'Mend what the provider refused and resume it.',
};
