import type { CampaignRow } from '#db/campaigns.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkSettings, type ExecutionSettings, nameProblem } from '#domain/settings.ts';
import { checkTemplate } from '#domain/template.ts';

/** What people set on a campaign; a field that is left out stays as it is. */
export type CampaignFields = {
  name?: string;
  description?: string | null;
  smsMessageTemplate?: string | null;
  fallbackValues?: Record<string, string>;
  settings?: Partial<Record<keyof ExecutionSettings, unknown>>;
  fromNumber?: string | null;
};

/**
 * The columns that these fields become. Throws `settings_invalid` with every problem together, or `template_invalid`;
 * names in a template are checked where the contacts are known, its syntax here.
 */
export function checkCampaignFields(fields: CampaignFields): Partial<CampaignRow> {
  const badName = fields.name === undefined ? null : nameProblem(fields.name);
  const checked = checkSettings(fields.settings ?? {});
  const problems = [...(badName ? [badName] : []), ...(checked.ok ? [] : checked.problems)];
  if (problems.length > 0 || !checked.ok) throw new Refusal('settings_invalid', { problems });
  const template = fields.smsMessageTemplate;
  const check = template ? checkTemplate(template) : null;
  if (check && !check.ok) throw new Refusal('template_invalid', { problem: check.problem.message });
  return {
    ...(fields.name === undefined ? {} : { name: fields.name.trim() }),
    ...(fields.description === undefined ? {} : { description: fields.description }),
    ...(template === undefined ? {} : { smsMessageTemplate: template }),
    ...(fields.fallbackValues === undefined ? {} : { fallbackValues: fields.fallbackValues }),
    ...(fields.fromNumber === undefined ? {} : { fromNumber: fields.fromNumber }),
    ...checked.settings,
  };
}
