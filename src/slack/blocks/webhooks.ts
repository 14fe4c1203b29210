import type { ListedWebhook } from '#operations/list-webhooks.ts';
import { type WebhookState, webhookState, webhookStateWords } from '#operations/webhook-state.ts';
import { actionId } from '#slack/action-ids.ts';
import { actorName, clip, counted, localTime, quote } from '#slack/mrkdwn.ts';
import { actions, type Block, button, fallback, type Message, section } from './kit.ts';

const STATE_NAMES: Record<WebhookState, string> = { active: 'On', failing: 'On, but failing', off: 'Off' };

/** Slack takes only so much text in a message: of more than these each is told shortly. */
const IN_FULL = 8;
const PLACE_LENGTH = 80;

const NONE =
  '*Webhooks*\nThere is none. A webhook tells another system what happens here, signed and until it is taken. A program makes one with POST /api/v1/webhooks.';

/** The addresses that are told what happens, how each does, and the buttons that try it and switch it off or on. */
export function webhookList(webhooks: readonly ListedWebhook[]): Message {
  const lead =
    webhooks.length === 0
      ? NONE
      : `*Webhooks*\n${counted(webhooks.length, 'address is', 'addresses are')} told what happens here, signed and until they take it. Their log is at GET /api/v1/webhooks/{id}/deliveries.`;
  const isShort = webhooks.length > IN_FULL;
  const lines = webhooks.map((one) => lineOf(one, isShort));
  const blocks: Block[] = [
    section(lead),
    ...webhooks.flatMap((one, place) => [section(lines[place] ?? ''), actions(buttonsOf(one))]),
    actions([button({ label: 'New webhook…', actionId: actionId('webhook.new'), style: 'primary' })]),
  ];
  return {
    text: fallback(lead.replaceAll('*', ''), ...lines.map((line) => line.replaceAll('*', ''))),
    blocks,
  };
}

/** The address as far as its path: what comes behind a question mark may be a secret. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return clip(`${host}${pathname}`, PLACE_LENGTH);
}

function lineOf({ webhook, campaignName, waiting }: ListedWebhook, isShort: boolean): string {
  const { id, url, description, events, lastDeliveredAt, createdBy, createdAt } = webhook;
  const scope = campaignName === null ? 'the whole workspace' : `campaign ${quote(campaignName)}`;
  const last = lastDeliveredAt ? `last taken ${localTime(lastDeliveredAt)}` : 'nothing taken yet';
  const name = `*${quote(placeOf(url))}* (webhook ${id}): *${STATE_NAMES[webhookState(webhook)]}*`;
  if (isShort) return `${name}\n${webhookStateWords(webhook, waiting)}`;
  return [
    name,
    ...(description ? [quote(description)] : []),
    webhookStateWords(webhook, waiting),
    `Told of ${events.join(', ')} in ${scope}; ${last}; made by ${actorName(createdBy)}, ${localTime(createdAt)}`,
  ].join('\n');
}

function buttonsOf({ webhook: { id, url, isActive } }: ListedWebhook) {
  const value = String(id);
  const place = placeOf(url);
  if (!isActive)
    return [
      button({
        label: 'Switch on',
        actionId: actionId('webhook.on', id),
        value,
        style: 'primary',
        spoken: `Switch on the webhook to ${place}`,
      }),
    ];
  return [
    button({
      label: 'Send a test',
      actionId: actionId('webhook.try', id),
      value,
      spoken: `Send ${place} a test`,
    }),
    button({
      label: 'Switch off',
      actionId: actionId('webhook.off', id),
      value,
      spoken: `Switch off the webhook to ${place}`,
      confirm: {
        title: 'Switch it off?',
        text: `${place} hears nothing of what happens while it is off, and is not told of it later. What waits for it by now is kept for 30 days.`,
        confirm: 'Switch off',
      },
    }),
  ];
}
