import type { WebhookRow } from '#db/webhooks.ts';

export type WebhookState = 'active' | 'failing' | 'off';

/** How a webhook does: it takes what it is told, it does not at the moment, or it is told nothing. */
export function webhookState({ isActive, failingSince }: WebhookRow): WebhookState {
  if (!isActive) return 'off';
  return failingSince === null ? 'active' : 'failing';
}

/** The same as sentences: what happened, what stands, what to do next. */
export function webhookStateWords(webhook: WebhookRow, waiting: number): string {
  return WORDS[webhookState(webhook)](webhook, waitingWords(waiting));
}

const OFF_BECAUSE = {
  by_hand: 'Somebody switched it off.',
  gone: 'It answered that it is gone for good, so it was switched off.',
  failing: 'It took nothing for three days, so it was switched off.',
};

const WORDS: Record<WebhookState, (webhook: WebhookRow, waiting: string) => string> = {
  active: ({ lastDeliveredAt }, waiting) =>
    lastDeliveredAt === null
      ? `It has not been told anything yet.${waiting} Send it a test to see whether it listens.`
      : `It took what it was told last.${waiting}`,
  failing: ({ failures }, waiting) =>
    `It did not take the last ${failures === 1 ? 'message' : `${failures} messages`}, and they are tried again by themselves.${waiting} ` +
    'Look at its deliveries for what it answers; after three days without success it is switched off.',
  off: ({ offReason }, waiting) =>
    `${OFF_BECAUSE[offReason ?? 'by_hand']} What happens now is not told to it.${waiting} Switch it on again when its other end is well.`,
};

function waitingWords(waiting: number): string {
  if (waiting === 0) return '';
  return waiting === 1
    ? ' 1 message waits for it.'
    : ` ${waiting.toLocaleString('en-US')} messages wait for it.`;
}
