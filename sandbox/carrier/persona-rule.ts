/** What the carrier and the contact do with a text. `tries` counts the texts that got as far as the network, this one included. */
export type PersonaRule = {
  id: string;
  /** The last two digits; null for numbers whose behaviour the seed decides. */
  ending: string | null;
  label: string;
  description: string;
  /** The create is refused with this code. */
  refusal?: number;
  /** Blocked from the beginning, as somebody who texted STOP long ago. */
  isOptedOut?: true;
  /** Sent, and never heard of again. */
  hasNoReceipt?: true;
  deliveryError?: { code: number; tries: 'first' | 'all' };
  reply?: { body: string; patience: number };
  /** What they do when they are called, in words. */
  onThePhone?: string;
};
