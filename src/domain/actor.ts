/** Who asks: a person in Slack, an API token, or the product itself. Kept with every change. */
export type Actor =
  | { kind: 'slack_user'; userId: string }
  | { kind: 'api_token'; tokenId: number }
  | { kind: 'system' };

/** The actor as one text for a row: `slack:U123`, `token:7` or `system`. */
export function actorText(actor: Actor): string {
  if (actor.kind === 'slack_user') return `slack:${actor.userId}`;
  return actor.kind === 'api_token' ? `token:${actor.tokenId}` : 'system';
}

/**
 * The actor as a sentence names them. A person is left as `{by}`, which the chat edge turns into a mention after it has
 * escaped everything else, so that no name typed by somebody can ping anybody.
 */
export function nameOf(actor: Actor): string {
  if (actor.kind === 'slack_user') return '{by}';
  return actor.kind === 'api_token' ? `API token ${actor.tokenId}` : 'Ringmaster';
}
