import { listWords } from '#domain/phrases.ts';
import { Refusal } from '#domain/refusal.ts';
import { isWebhookEvent, WEBHOOK_EVENT_NAMES, type WebhookEvent } from '#domain/webhook-events.ts';
import type { Deps } from './deps.ts';

const LONGEST_DESCRIPTION = 500;

export type WebhookFields = { url?: string; events?: string[]; description?: string | null };
type Problem = { field: string; sentence: string };

/**
 * What is given for a webhook, as it is kept. The host name of its address is looked up, and an address in a private
 * network is refused. Throws `settings_invalid` with every problem.
 */
export async function checkWebhookFields(
  deps: Pick<Deps, 'webhooks'>,
  { url, events, description }: WebhookFields,
): Promise<{ url?: string; events?: WebhookEvent[]; description?: string | null }> {
  const problems: Problem[] = [];
  const kept = {
    ...(url !== undefined && { url: await checkUrl(deps, url, problems) }),
    ...(events !== undefined && { events: checkEvents(events, problems) }),
    ...(description !== undefined && { description: checkDescription(description, problems) }),
  };
  if (problems.length > 0) throw new Refusal('settings_invalid', { problems });
  return kept;
}

async function checkUrl({ webhooks }: Pick<Deps, 'webhooks'>, url: string, problems: Problem[]) {
  const checked = await webhooks.check(url);
  if (checked.ok) return checked.url;
  problems.push({ field: 'url', sentence: checked.problem });
  return url;
}

function checkEvents(given: string[], problems: Problem[]): WebhookEvent[] {
  const unknown = given.filter((name) => !isWebhookEvent(name));
  if (unknown.length > 0)
    problems.push({
      field: 'events',
      sentence: `There is no event “${unknown[0]?.slice(0, 40)}”. There are ${listWords([...WEBHOOK_EVENT_NAMES], 'and')}.`,
    });
  else if (given.length === 0)
    problems.push({ field: 'events', sentence: 'Name at least one event that it is to be told of.' });
  return WEBHOOK_EVENT_NAMES.filter((name) => given.includes(name));
}

function checkDescription(text: string | null, problems: Problem[]): string | null {
  const description = text?.trim() || null;
  if (description && description.length > LONGEST_DESCRIPTION)
    problems.push({
      field: 'description',
      sentence: `The description has ${description.length} characters; up to ${LONGEST_DESCRIPTION} are kept.`,
    });
  return description;
}
