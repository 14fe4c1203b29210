/** Who a text is sent from: one of our numbers, or a pool of them kept by the provider. */
export type Sender = { kind: 'number'; phoneNumber: string } | { kind: 'pool'; poolId: string };

/** The sender as one text for a row. A number begins with `+`, a pool id never does. */
export function senderText(sender: Sender): string {
  return sender.kind === 'number' ? sender.phoneNumber : sender.poolId;
}

/** The sender that a row names. */
export function senderOf(text: string): Sender {
  return text.startsWith('+') ? { kind: 'number', phoneNumber: text } : { kind: 'pool', poolId: text };
}
