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

export type ReExecuteInput = { campaignId: number; actor: Actor; selection: Selection };

/**
 * Makes a campaign that is over a draft of its next run: the chosen contacts wait as if nobody had tried them, all others
 * are left out, and what happened before stays in the history (campaign-api §1.5). Nobody is contacted before it is
 * started. Whoever is on the do-not-call list is never among them. Throws `wrong_status`, `settings_invalid` for a choice
 * that is none, `attempts_open` while a call or text of the last run is not over, and `nothing_selected`.
 */
export async function reExecuteCampaign(
  deps: Deps,
  { campaignId, actor, selection }: ReExecuteInput,
): Promise<{ contactsReset: number }> {
  const chosen = checkSelection(selection);
  if ('problem' in chosen) {
    const problems = [{ field: 'contact_selection', sentence: chosen.problem }];
    throw new Refusal('settings_invalid', { problems });
  }
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
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
      now,
    });
    if (contactsReset === 0) throw new Refusal('nothing_selected', {});
    await beginRun(tx, campaign);
    await moveCampaign(deps, tx, locked, { move: 're_execute', actor });
    await voidApproval(deps, tx, { campaign, actor, did: 'set up another run of this campaign' });
    await voidAttestation(tx, campaign);
    await announce(tx, deps, {
      workspaceId: campaign.workspaceId,
      campaignId,
      channelId: campaign.channelId,
      key: `run:${campaignId}:${campaign.runNumber + 1}`,
      content: {
        kind: 'note',
        level: 'info',
        text: `${nameOf(actor)} set up run ${campaign.runNumber + 1}: ${waiting(contactsReset)}. Nobody is contacted before it is started.`,
        by: actor.kind === 'slack_user' ? actor.userId : null,
        buttons: [],
      },
    });
    return { contactsReset };
  });
}

function waiting(contacts: number): string {
  return contacts === 1 ? '1 contact waits' : `${contacts.toLocaleString('en-US')} contacts wait`;
}
