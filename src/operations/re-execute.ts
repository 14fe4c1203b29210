import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { beginRun, countOpenAttempts, resetContacts } from '#db/redial.ts';
import { type Actor, nameOf } from '#domain/actor.ts';
import { listedFor } from '#domain/campaign-templates.ts';
import { transition } from '#domain/lifecycle.ts';
import { checkSelection, type Selection } from '#domain/redial.ts';
import { Refusal } from '#domain/refusal.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { lockOrRefuse } from './lock-or-refuse.ts';
import { moveCampaign } from './move-campaign.ts';
import { voidApproval, voidAttestation } from './void-approval.ts';

export type ReExecuteInput = {
  campaignId: number;
  actor: Actor;
  selection: Selection;
  /** What is kept with the event beside the choice. */
  details?: Record<string, unknown>;
};

/**
 * Makes a campaign that is over a draft of its next run: the chosen contacts wait as if nobody had tried them, all others
 * are left out, and what happened before stays in the history (campaign-api §1.5). Nobody is contacted before it is
 * started. Whoever is on the do-not-call list is never among them. Throws `wrong_status`, `settings_invalid` for a choice
 * that is none, `attempts_open` while a call or text of the last run is not over, and `nothing_selected`.
 */
export async function reExecuteCampaign(
  deps: Deps,
  input: ReExecuteInput,
): Promise<{ contactsReset: number }> {
  return deps.db.transaction((tx) => reExecuteWithin(deps, tx, input));
}

/** The same in the transaction of a caller that has more to do. */
export async function reExecuteWithin(
  deps: Deps,
  tx: Transaction,
  { campaignId, actor, selection, details = {} }: ReExecuteInput,
): Promise<{ contactsReset: number }> {
  const chosen = checkSelection(selection);
  if ('problem' in chosen) {
    const problems = [{ field: 'contact_selection', sentence: chosen.problem }];
    throw new Refusal('settings_invalid', { problems });
  }
  const locked = await lockOrRefuse(tx, campaignId);
  const { campaign } = locked;
  const next = transition(campaign.status, 're_execute');
  if (!next.ok) throw next;
  const open = await countOpenAttempts(tx, campaignId);
  if (open > 0) throw new Refusal('attempts_open', { attempts: open });
  const contactsReset = await resetContacts(tx, {
    campaignId,
    workspaceId: campaign.workspaceId,
    channels: listedFor(campaign),
    chosen,
    now: deps.clock.now(),
  });
  if (contactsReset === 0) throw new Refusal('nothing_selected', {});
  await beginRun(tx, campaign);
  await moveCampaign(deps, tx, locked, {
    move: 're_execute',
    actor,
    details: { contactsReset, ...details },
  });
  await voidApproval(deps, tx, { campaign, actor, did: 'set up another run of this campaign' });
  await voidAttestation(tx, campaign);
  await announceRun(deps, tx, locked, { actor, contactsReset });
  return { contactsReset };
}

async function announceRun(
  deps: Deps,
  tx: Transaction,
  { campaign }: LockedCampaign,
  { actor, contactsReset }: { actor: Actor; contactsReset: number },
): Promise<void> {
  const run = campaign.runNumber + 1;
  await announce(tx, deps, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    channelId: campaign.channelId,
    key: `run:${campaign.id}:${run}`,
    content: {
      kind: 'note',
      level: 'info',
      text: `${nameOf(actor)} set up run ${run}: ${waiting(contactsReset)}. Nobody is contacted before it is started.`,
      by: actor.kind === 'slack_user' ? actor.userId : null,
      buttons: [],
    },
  });
}

function waiting(contacts: number): string {
  return contacts === 1 ? '1 contact waits' : `${contacts.toLocaleString('en-US')} contacts wait`;
}
