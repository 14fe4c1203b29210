import { CAMPAIGN_TEMPLATES, type CampaignTemplate } from '#domain/campaign-templates.ts';
import { Refusal } from '#domain/refusal.ts';

type Problem = { field: string; sentence: string };

/** Settings that stand deeper than the object they are sent in. */
const DEEPER: Record<string, string> = {
  breaker_attempts: 'breaker.attempts',
  breaker_percent: 'breaker.percent',
};

/** Where a setting that was not sent, but is needed by one that was, is to be written. */
const HOME: Record<string, string> = {
  leave_voicemail: 'advanced_settings',
  voicemail_message: 'advanced_settings',
};

/** The rules name a setting; whoever sent it looks for it where they wrote it. Does the work, and says where in a refusal. */
export async function whereSent<Result>(body: object, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const problems = error instanceof Refusal ? problemsOf(error) : null;
    if (!problems) throw error;
    throw new Refusal('settings_invalid', { problems: placed(body, problems) });
  }
}

/** Problems, each named by where its field stands in a body. */
export function placed(body: object, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, field: placeOf(body, problem.field) }));
}

function problemsOf({ code, details: given, message }: Refusal): Problem[] | null {
  const details: object = given;
  if (code === 'settings_invalid') return (details as { problems: Problem[] }).problems;
  const { template } = details as { template?: CampaignTemplate };
  if (code !== 'template_invalid' || !template) return null;
  return [{ field: CAMPAIGN_TEMPLATES[template].field, sentence: message }];
}

function placeOf(body: object, field: string): string {
  const inner = DEEPER[field] ?? field;
  const [first = ''] = inner.split('.');
  const holder = field in body ? [] : holderOf(body, first);
  if (!holder) return HOME[field] ? `${HOME[field]}.${field}` : field;
  return [...holder, holder.length > 0 ? inner : field].join('.');
}

/** The way to the settings that name a field, however deep they stand; null where none do. */
function holderOf(value: object, field: string): string[] | null {
  for (const [name, inner] of Object.entries(value)) {
    if (!/_(settings|config)$/.test(name) || !isRecord(inner)) continue;
    const way = field in inner ? [] : holderOf(inner, field);
    if (way) return [name, ...way];
  }
  return null;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
