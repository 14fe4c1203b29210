import { listCampaignRecords } from '#db/campaign-records.ts';
import { type CampaignRow, readCampaign } from '#db/campaigns.ts';
import { countDialing } from '#db/claims.ts';
import { countUndecided } from '#db/suppressions.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { describeStatus } from '#domain/lifecycle.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { Deps } from './deps.ts';
import { standingWords } from './explain-campaign.ts';

/** Campaigns of which something can happen, in the order in which they are told. */
const AHEAD = ['running', 'paused', 'scheduled'] as const satisfies CampaignRow['status'][];
const MOST_CAMPAIGNS = 8;

/**
 * Why nobody is called or texted in a workspace, or who is: what all campaigns share, and of each that is under way what
 * holds it and when it goes on. `activeIds`: those campaigns, running ones first. The sentences are never empty.
 */
export async function explainWorkspace(
  deps: Deps,
  { workspaceId }: { workspaceId: number },
): Promise<{ sentences: string[]; activeIds: number[] }> {
  const now = deps.clock.now();
  const active = await Promise.all(
    AHEAD.map((status) =>
      listCampaignRecords(deps.db, { workspaceId, status }, { limit: MOST_CAMPAIGNS, offset: 0 }),
    ),
  );
  const campaigns = active.flatMap(({ records }) => records.map(({ campaign }) => campaign));
  const total = active.reduce((sum, found) => sum + found.total, 0);
  const sentences: string[] = [];
  for (const campaign of campaigns.slice(0, MOST_CAMPAIGNS))
    sentences.push(await campaignWords(deps, campaign, now));
  const shown = Math.min(campaigns.length, MOST_CAMPAIGNS);
  if (total > shown) sentences.push(`${total - shown} more are under way: /campaign list shows them.`);
  if (total === 0) sentences.push(NOTHING);
  sentences.push(...(await sharedWords(deps, workspaceId, now)));
  return { sentences, activeIds: campaigns.map(({ id }) => id) };
}

const NOTHING =
  'No campaign is running, paused or scheduled, so nobody is contacted. Start or schedule one: /campaign list shows what there is.';

async function campaignWords(deps: Deps, { id, name, status }: CampaignRow, now: Date): Promise<string> {
  const row = await readCampaign(deps.db, id);
  const standing = row ? await standingWords(deps, row, now) : [];
  return [`#${id} “${name}” ${describeStatus(status)}.`, ...standing].join(' ');
}

/** What keeps all campaigns of the workspace together: Slack, places, the list that must be fresh, and open questions. */
async function sharedWords(deps: Deps, workspaceId: number, now: Date): Promise<string[]> {
  const workspace = await readWorkspace(deps.db, workspaceId);
  if (!workspace) return [];
  const sentences: string[] = [];
  if (!workspace.isConnected)
    sentences.push(
      'Slack is disconnected: running campaigns were paused, and an admin must reconnect the app.',
    );
  const { inWorkspace } = await deps.db.transaction((tx) => countDialing(tx, workspace, 0));
  if (inWorkspace >= workspace.concurrentLimit)
    sentences.push(
      `All places that the campaigns of the workspace share (${workspace.concurrentLimit}) are taken: the next start follows as soon as one ends.`,
    );
  const { nationalListDays, nationalListAt, timeZone } = workspace;
  if (nationalListDays !== null)
    sentences.push(
      nationalListAt === null
        ? 'The national do-not-call list is demanded and was never loaded: an admin loads it with /campaign dnc import.'
        : `The national do-not-call list was loaded ${describeInstant(nationalListAt, now, timeZone)} and counts for ${nationalListDays} days.`,
    );
  const undecided = await countUndecided(deps.db, workspaceId);
  if (undecided > 0)
    sentences.push(
      `${undecided === 1 ? 'One person' : `${undecided} people`} may have asked to be left alone: everything to them waits for decisions in the threads.`,
    );
  return sentences;
}
