import {
  countExecutions,
  type ExecutionFilter,
  type ExecutionRow,
  readExecutionPage,
} from '#db/execution-pages.ts';
import { outcomesOfStatus } from '#domain/execution-status.ts';
import type { Counts } from '#domain/metrics.ts';
import type { Deps } from './deps.ts';
import { ownCampaign } from './own-campaign.ts';

export type { ExecutionRow };

/**
 * One page of the attempts of a campaign of one's own over all its runs, newest first, and how many there are; of one
 * contact where `contactId` names it. Throws `campaign_not_found`.
 */
export async function listExecutions(
  deps: Pick<Deps, 'db'>,
  input: {
    workspaceId: number;
    campaignId: number;
    contactId: number | null;
    status: keyof Counts | null;
    page: { limit: number; offset: number };
  },
): Promise<{ executions: ExecutionRow[]; total: number }> {
  const { campaignId, contactId, status, page } = input;
  await ownCampaign(deps, input);
  const of = { campaignId, contactId, filter: filterOf(status) };
  const [executions, total] = await Promise.all([
    readExecutionPage(deps.db, { ...of, ...page }),
    countExecutions(deps.db, of),
  ]);
  return { executions, total };
}

function filterOf(status: keyof Counts | null): ExecutionFilter {
  if (status === null) return 'all';
  return status === 'in_progress' ? 'under_way' : outcomesOfStatus(status);
}
