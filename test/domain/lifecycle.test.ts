import { describe, expect, test } from 'vitest';
import {
  type Action,
  allowedMoves,
  CAMPAIGN_STATUSES,
  type CampaignStatus,
  canDelete,
  canEdit,
  canImport,
  type Move,
  startOrResume,
  transition,
  wrongStatus,
} from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';

/** The whole life again, written as the pairs a person would list from the reference (campaign-api §1.6). */
const LEGAL: [CampaignStatus, Move, CampaignStatus][] = [
  ['draft', 'schedule', 'scheduled'],
  ['draft', 'start', 'running'],
  ['scheduled', 'unschedule', 'draft'],
  ['scheduled', 'start', 'running'],
  ['scheduled', 'due', 'running'],
  ['scheduled', 'cancel', 'cancelled'],
  ['scheduled', 'finish', 'completed'],
  ['running', 'pause', 'paused'],
  ['running', 'withdraw', 'draft'],
  ['running', 'put_back', 'scheduled'],
  ['running', 'rest', 'scheduled'],
  ['running', 'finish', 'completed'],
  ['running', 'break', 'failed'],
  ['running', 'cancel', 'cancelled'],
  ['paused', 'resume', 'running'],
  ['paused', 'finish', 'completed'],
  ['paused', 'cancel', 'cancelled'],
  ['failed', 'resume', 'running'],
  ['completed', 're_execute', 'draft'],
  ['cancelled', 're_execute', 'draft'],
  ['failed', 're_execute', 'draft'],
];
const MOVES: Move[] = [...new Set(LEGAL.map(([, move]) => move))];

describe('the life of a campaign', () => {
  test.each(LEGAL)('%s –%s→ %s', (from, move, to) => {
    expect(transition(from, move)).toEqual({ ok: true, status: to });
  });

  test('every other pair of status and move is refused', () => {
    const legal = new Set(LEGAL.map(([from, move]) => `${from} ${move}`));
    for (const status of CAMPAIGN_STATUSES) {
      for (const move of MOVES.filter((move) => !legal.has(`${status} ${move}`))) {
        expect(transition(status, move), `${status} ${move}`).toBeInstanceOf(Refusal);
      }
    }
  });

  test.each<[CampaignStatus, Move[]]>([
    ['draft', ['schedule', 'start']],
    ['scheduled', ['unschedule', 'start', 'cancel']],
    ['running', ['pause', 'cancel']],
    ['paused', ['resume', 'cancel']],
    ['completed', ['re_execute']],
    ['cancelled', ['re_execute']],
    ['failed', ['resume', 're_execute']],
  ])('a %s campaign offers a person exactly %j', (status, moves) => {
    expect(allowedMoves(status)).toEqual(moves);
  });

  test('whatever is offered as a move is one', () => {
    for (const status of CAMPAIGN_STATUSES) {
      for (const move of allowedMoves(status)) expect(transition(status, move).ok).toBe(true);
    }
  });

  test.each<[CampaignStatus, 'start' | 'resume']>([
    ['draft', 'start'],
    ['scheduled', 'start'],
    ['paused', 'resume'],
    ['failed', 'resume'],
  ])('starting a %s campaign is a %s', (status, move) => {
    expect(startOrResume(status)).toBe(move);
    expect(transition(status, move)).toEqual({ ok: true, status: 'running' });
  });

  test('a provider refusal that has been mended costs nobody their place: a failed campaign goes on', () => {
    expect(transition('failed', 'resume')).toEqual({ ok: true, status: 'running' });
  });
});

describe('what a status allows besides moves', () => {
  test.each<[string, (status: CampaignStatus) => boolean, CampaignStatus[]]>([
    ['deleting', canDelete, ['draft', 'scheduled', 'paused', 'completed', 'cancelled', 'failed']],
    ['editing', canEdit, ['draft', 'paused']],
    ['importing', canImport, ['draft', 'scheduled', 'paused']],
  ])('%s', (_, allows, statuses) => {
    expect(CAMPAIGN_STATUSES.filter(allows)).toEqual(statuses);
  });
});

describe('refusals say what happened, what still stands and what to do next', () => {
  test.each<[Action, CampaignStatus, string]>([
    [
      'edit',
      'running',
      'The campaign is running, so it cannot be edited. Nothing was changed. Pause it first.',
    ],
    [
      'edit',
      'scheduled',
      'The campaign is scheduled, so it cannot be edited. Nothing was changed. Unschedule it first.',
    ],
    [
      'delete',
      'running',
      'The campaign is running, so it cannot be deleted. Nothing was changed. Pause or cancel it first.',
    ],
    [
      'import',
      'running',
      'The campaign is running, so it cannot be given more contacts. Nothing was changed. Pause it first.',
    ],
    [
      'start',
      'completed',
      'The campaign is completed, so it cannot be started. Nothing was changed. Run it again for the contacts you choose, or make a new campaign from the same file.',
    ],
    ['pause', 'paused', 'The campaign is already paused. Nothing was changed, and there is nothing to do.'],
    ['start', 'running', 'The campaign is already running. Nothing was changed, and there is nothing to do.'],
    [
      'cancel',
      'draft',
      'The campaign is a draft, so it cannot be cancelled. Nothing was changed. A draft reaches nobody; delete it if it is not needed.',
    ],
  ])('%s a campaign that is %s', (action, status, sentence) => {
    expect(wrongStatus(action, status).message).toBe(sentence);
  });

  test('no pair of action and status leaves a person without a next step', () => {
    const actions: Action[] = [...MOVES, 'edit', 'delete', 'import'];
    for (const status of CAMPAIGN_STATUSES) {
      for (const action of actions) {
        expect(wrongStatus(action, status).message).not.toMatch(/undefined|null|\{|\s\s/);
      }
    }
  });
});
