/** What a webhook can be told of, with the words for it in lists and documents; the database's triggers write them down. */
export const WEBHOOK_EVENTS = {
  campaign_status_changed: 'A campaign went from one status to another.',
  campaign_completed: 'A run came to its end, also one of a recurring campaign that runs again.',
  contact_updated: 'A contact came to an end: completed, failed, no_answer, busy, voicemail or skipped.',
  reply_received: 'Somebody sent a text, with how it was understood.',
  opt_out: 'Somebody asked to be left alone and is on the do-not-call list from now on.',
} as const;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;

/** What a delivery tells: an event, or that somebody tried the webhook. */
export type DeliveryType = WebhookEvent | 'test';

/** What a webhook can be told, in the order in which people are asked. */
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as [WebhookEvent, ...WebhookEvent[]];

/** Whether a word that somebody sent names an event; what every object inherits is none. */
export function isWebhookEvent(name: string): name is WebhookEvent {
  return Object.hasOwn(WEBHOOK_EVENTS, name);
}
