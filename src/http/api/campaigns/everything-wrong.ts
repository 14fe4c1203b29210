import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Refusal } from '#domain/refusal.ts';
import type { ApiEnv } from '#http/api/api.ts';
import { CampaignPath } from '#http/api/contract.ts';
import {
  type Invalid,
  type Problem,
  problemsIn,
  problemsOfValues,
  unprocessable,
} from '#http/api/problems.ts';
import type { Deps } from '#operations/deps.ts';
import { type ReviewInput, reviewCampaignFields } from '#operations/review-campaign-fields.ts';
import { type CampaignRecord, showCampaignRecord } from '#operations/show-campaign-record.ts';
import { changesOf, fieldsOf } from './read-fields.ts';
import { CampaignDraft, type Misfit } from './schemas.ts';
import { sift } from './sift.ts';
import { placed } from './where-sent.ts';

type Answer = ReturnType<typeof unprocessable>;
type Left = z.output<typeof CampaignDraft>;
type Result = { success: boolean; target: string; data?: unknown; error?: Invalid['error'] };

/** Refuses the values of a body, all together and each where it was sent, as `settings_invalid`. */
export async function refuseWrong(deps: Deps, body: object, input: ReviewInput): Promise<void> {
  const problems = placed(body, await reviewCampaignFields(deps, input));
  if (problems.length > 0) throw new Refusal('settings_invalid', { problems });
}

/**
 * A body that is out of shape is refused for its values, too: whoever sent it mends everything at once. `misfitsOf`: what
 * of its parts does not go together, which is only looked at where all of them are in shape.
 */
export function everythingWrong(deps: Deps, misfitsOf: (left: Left) => Misfit[]) {
  return (result: Result, c: Context<ApiEnv>): Promise<Answer> | undefined =>
    result.success ? undefined : answerAll(deps, misfitsOf, result, c);
}

async function answerAll(
  deps: Deps,
  misfitsOf: (left: Left) => Misfit[],
  { target, data, error = { issues: [] } }: Result,
  c: Context<ApiEnv>,
): Promise<Answer> {
  const left = target === 'json' ? sift(CampaignDraft, data, error.issues) : null;
  if (!left) return unprocessable(c, problemsIn({ target, error, data }));
  const misfits = misfitsOf(left).filter(({ path }) => !error.issues.some((issue) => isAt(issue, path)));
  const shape = problemsIn({ target, error: { issues: [...error.issues, ...misfits] }, data });
  const record = await recordAsked(deps, c);
  const { workspaceId } = c.get('token');
  const fields = record ? changesOf(left, record.campaign) : fieldsOf(left);
  const input = { workspaceId, fields, campaign: record?.campaign ?? null };
  const values = problemsOfValues(placed(left, await reviewCampaignFields(deps, input)));
  const isNew = ({ loc }: Problem) => !shape.some((known) => known.loc.join('.') === loc.join('.'));
  return unprocessable(c, [...shape, ...values.filter(isNew)]);
}

function isAt(issue: { path: readonly PropertyKey[] }, path: readonly string[]): boolean {
  return issue.path.join('.') === path.join('.');
}

/** The campaign that would be changed; null for one that would be made, and for one that is not there. */
async function recordAsked(deps: Deps, c: Context<ApiEnv>): Promise<CampaignRecord | null> {
  const path = CampaignPath.safeParse(c.req.param());
  if (!path.success) return null;
  const asked = { workspaceId: c.get('token').workspaceId, campaignId: path.data.id };
  return showCampaignRecord(deps, asked).catch((error: unknown) => {
    if (error instanceof Refusal) return null;
    throw error;
  });
}
