import { recordCampaignEvent } from '#db/campaigns.ts';
import { insertOverride, type LawOverrideRow, revokeInForce } from '#db/law-overrides.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { AllowedHours } from '#domain/calling-window.ts';
import { checkOverride } from '#domain/law/override.ts';
import { Refusal } from '#domain/refusal.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { judgeAnew } from './judge-anew.ts';

export type OverrideLawInput = {
  workspaceId: number;
  actor: Actor;
  /** The key of a row: `US-FL`. */
  ruleKey: string;
  hours: AllowedHours[];
  reason: string;
};

/**
 * Has a workspace keep to other hours than a row of the law says, on the word of an admin and with a reason; an override of
 * the same row that is in force is revoked by it. The row's holidays and caps stay. Both are kept for good, with who and
 * why. Only admins may. Throws `settings_invalid` and the refusals of `authorize`.
 */
export async function overrideLaw(deps: Deps, input: OverrideLawInput): Promise<LawOverrideRow> {
  const { workspaceId, actor, ruleKey, hours } = input;
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  const checked = checkOverride(input);
  if (!checked.ok) throw new Refusal('settings_invalid', { problems: checked.problems });
  const now = deps.clock.now();
  const by = actorText(actor);
  const row = await deps.db.transaction(async (tx) => {
    const before = await revokeInForce(tx, { workspaceId, ruleKey, revokedAt: now, revokedBy: by });
    const override = { workspaceId, ruleKey, hours, reason: checked.reason, actor: by, createdAt: now };
    const kept = await insertOverride(tx, override);
    if (!kept) throw new Refusal('settings_invalid', { problems: [SOMEBODY_WAS_FASTER] });
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: by,
      kind: 'law_overridden',
      details: {
        overrideId: kept.id,
        ruleKey,
        before: before?.hours ?? checked.row.hours,
        hours,
        reason: checked.reason,
      },
      createdAt: now,
    });
    return kept;
  });
  await judgeAnew(deps, workspaceId);
  return row;
}

const SOMEBODY_WAS_FASTER = {
  field: 'reason',
  sentence:
    'Somebody has overridden this row at the same moment; look at /campaign law before you try again.',
};
